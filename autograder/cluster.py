"""Workers on a Dask cluster: each of its processes grades with a warm zygote of its own.

Nothing has to be on the cluster but this package and torch. The assignment travels once, to every
worker; submissions are read here, and travel as text; reports come back, and are written here.
"""

from __future__ import annotations

import atexit
import io
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autograder.assignment import find_assignment
from autograder.batch import Handed, Lost, Terms, Workers, grade_handed, in_executor, read_handed
from autograder.environment import environment
from autograder.errors import SandboxRefused, Unusable, ZygoteGone
from autograder.fingerprint import assignment_files
from autograder.report import Report
from autograder.sandbox.launch import locked_folder
from autograder.submission import Source

if TYPE_CHECKING:
    from autograder.grading import Grader

_SECONDS_TO_ANSWER = 10


def cluster(address: str) -> Callable[[Terms, ExitStack], Workers]:
    """Workers of the cluster whose scheduler is at this address, such as ``tcp://host:8786``.

    Raises:
        Unusable: when Dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise Unusable(
            "A cluster needs Dask, which is not installed: pip install 'ohlol[cluster]'."
        ) from None

    def make(terms: Terms, opened: ExitStack) -> Workers:
        try:
            client: Any = Client(address, timeout=_SECONDS_TO_ANSWER)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise Unusable(f"No Dask scheduler answers at {address}: {error}") from None
        opened.callback(client.close)
        return _Cluster(terms, client)

    return make


@dataclass(frozen=True, slots=True)
class Kit:
    """What a worker needs to grade on certain terms.

    Args:
        assignment: its folder, zipped.
        versions: of whoever sends it: a grade must not depend on where it was found.
    """

    key: str
    name: str
    assignment: bytes
    terms: Terms
    versions: dict[str, str]

    @classmethod
    def of(cls, terms: Terms) -> Kit:
        folder = terms.assignment.folder
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for inside in assignment_files(folder):
                archive.write(folder / inside, inside)
        return cls(terms.key(), folder.name, packed.getvalue(), terms, environment())


class _Cluster:
    """Workers on other machines, through `Client.get_executor`."""

    def __init__(self, terms: Terms, client: Any) -> None:
        from distributed import KilledWorker

        self._client = client
        self._name = terms.assignment.name
        self._lost = (KilledWorker, CancelledError)
        self._kit = client.scatter(Kit.of(terms), broadcast=True)
        self._executor = client.get_executor(pure=False)
        self._names = frozenset(client.submit(_names, self._kit, pure=False).result())

    def run(
        self, sources: Sequence[Source], *, alone: bool
    ) -> Iterator[tuple[Source, Report | Lost]]:
        workers = max(sum(self._client.nthreads().values()), 1)
        yield from in_executor(self._submit, sources, workers, self._lost)

    def renew(self) -> None:
        """Every worker does that by itself."""

    def given_up(self, source: Source, reason: str) -> Report:
        handed = Handed(source.name, None, failed=reason)
        report: Report = self._client.submit(_grade, self._kit, handed, pure=False).result()
        return report

    def _submit(self, source: Source) -> Future[Report]:
        future: Future[Report] = self._executor.submit(
            _grade, self._kit, read_handed(source, self._name, self._names)
        )
        return future


# On the workers

_turn = threading.Lock()  # a process grades one submission at a time, however many threads it has
_ready: dict[str, Grader] = {}


def _names(kit: Kit) -> list[str]:
    with _turn:
        return sorted(_grader_of(kit).names)


def _grade(kit: Kit, handed: Handed) -> Report:
    with _turn:
        grader = _grader_of(kit)
        try:
            return grade_handed(grader, handed)
        except ZygoteGone:
            grader.renew_sandbox()
            return grade_handed(grader, handed)


def _grader_of(kit: Kit) -> Grader:
    """The grader that this process has for these terms, made when it is first asked for."""
    if kit.key not in _ready:
        here = environment()
        if here != kit.versions:
            different = [name for name in here if here[name] != kit.versions.get(name)]
            told = ", ".join(f"{n} {here[n]} instead of {kit.versions.get(n)}" for n in different)
            raise SandboxRefused(f"A worker of the cluster has other versions: {told}.")
        for other in _ready.values():
            other.close()
        _ready.clear()
        parent = locked_folder()
        folder = parent / "solutions" / kit.name
        with zipfile.ZipFile(io.BytesIO(kit.assignment)) as archive:
            archive.extractall(folder)
        terms = replace(kit.terms, assignment=find_assignment(folder), closed=(parent,))
        grader = terms.grader()
        atexit.register(grader.close)
        _ready[kit.key] = grader
    return _ready[kit.key]
