"""Grades a class: many submissions, several workers, one report each.

What is finished is noted at once, so that a run can end at any moment and another one go on. The
grader is made ready once, examples drawn and zygote warm, and then forked: a worker shares all of
that, and costs little memory of its own. What a submission does cannot reach a worker; should one
die all the same, the others' work goes on, and only a submission that takes its worker along twice
is given up.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import multiprocessing
import signal
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from autograder.assignment import Assignment
from autograder.environment import environment
from autograder.errors import SandboxRefused, ZygoteGone
from autograder.fingerprint import fingerprint, folder_digest
from autograder.report import Report
from autograder.results import Finished, Results
from autograder.sandbox.limits import Limits
from autograder.submission import Source, Submission, UnreadableSubmission, read_submission
from autograder.summary import Summary

if TYPE_CHECKING:  # importing torch costs a second, and often there is nothing to do
    from autograder.grading import Grader
    from autograder.sandbox.launch import ZygoteProcess

_QUEUED = 4  # submissions for each worker: one is at work, the others wait beside it
_RENEWALS = 3  # of a zygote that dies again before anything is finished


@dataclass(frozen=True, slots=True)
class Terms:
    """All that decides a grade besides the submission: equal terms, equal grades.

    Args:
        assignment: with its checks and solution.
        seed: of the examples.
        limits: what a submission may use.
        allow_weaker: grade although a layer of the sandbox is missing.
        closed: folders that students must not be able to read; no grade depends on them.
    """

    assignment: Assignment
    seed: int
    limits: Limits = field(default_factory=Limits)
    allow_weaker: bool = False
    closed: tuple[Path, ...] = ()

    def key(self) -> str:
        """What names the terms, in hex."""
        terms = [
            self.assignment.name, folder_digest(self.assignment.folder), self.seed,
            asdict(self.limits), self.allow_weaker, environment(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(terms, sort_keys=True).encode()).hexdigest()

    def grader(self, zygote: ZygoteProcess | None = None) -> Grader:
        """A grader on these terms; see `Grader` for what it raises."""
        from autograder.grading import Grader

        return Grader(
            self.assignment,
            seed=self.seed,
            limits=self.limits,
            allow_weaker=self.allow_weaker,
            closed=self.closed,
            zygote=zygote,
        )


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A submission that has to be graded, and what it will be noted as."""

    source: Source
    as_finished: Finished


def outstanding(results: Results, sources: Iterable[Source], terms: str) -> list[Outstanding]:
    """Which of the sources are not finished, or not in their present form and on these terms."""
    finished = results.finished()
    wanted = (Outstanding(source, Finished(terms, fingerprint(source))) for source in sources)
    return [one for one in wanted if finished.get(one.source.name) != one.as_finished]


def grade_class(
    workers: Workers,
    work: Sequence[Outstanding],
    results: Results,
    *,
    done: Callable[[Summary], None] = lambda summary: None,
) -> None:
    """Grades what is outstanding, and writes each result as soon as it is there.

    Args:
        workers: who grades; see `workers_of`.
        results: where results go; the pages of the class are written at the end, also at an early
            one.
        done: told of each submission, in the order in which they are done.

    Raises:
        SandboxRefused: when the sandbox is incomplete: nothing is graded then.
        OSError: when results cannot be written.
    """
    notes = {one.source.name: one.as_finished for one in work}
    try:
        for report in _graded(workers, [one.source for one in work]):
            finished = notes[report.submission]
            if report.status == "internal_error":  # noted, and tried again by the next run
                finished = Finished(finished.terms, "")
            done(results.write(report, finished))
    finally:
        results.write_class()


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission as it was read, or why it could not be."""

    name: str
    submission: Submission | None
    unreadable: str = ""
    failed: str = ""


def read_handed(source: Source, assignment: str, names: Collection[str]) -> Handed:
    """Reads one submission; whatever goes wrong is noted."""
    try:
        return Handed(source.name, read_submission(source, assignment, names))
    except UnreadableSubmission as error:
        return Handed(source.name, None, unreadable=str(error))
    except Exception as error:  # the grader's own fault, and nobody else's
        return Handed(source.name, None, failed=f"Reading it failed: {error!r}")


def grade_handed(grader: Grader, handed: Handed) -> Report:
    """Grades what was read; whatever goes wrong becomes its report.

    Raises:
        SandboxRefused: when the sandbox is incomplete.
    """
    if handed.failed:
        return grader.internal_error(handed.name, handed.failed)
    if handed.submission is None:
        return grader.unreadable(handed.name, handed.unreadable)
    try:
        return grader.grade(handed.submission)
    except SandboxRefused:
        raise
    except Exception as error:
        return grader.internal_error(handed.name, f"Grading it failed: {error!r}")


def grade_one(grader: Grader, source: Source) -> Report:
    """Reads and grades one submission; whatever goes wrong becomes its report.

    Raises:
        SandboxRefused: when the sandbox is incomplete.
    """
    return grade_handed(grader, read_handed(source, grader.assignment.name, grader.names))


Lost = Literal["worker", "sandbox", "turn"]
"""What a submission that is not graded yet lost: its worker, the sandbox, or merely its turn."""


class Workers(Protocol):
    """Grades many submissions, in some order."""

    def run(
        self, sources: Sequence[Source], *, alone: bool
    ) -> Iterator[tuple[Source, Report | Lost]]:
        """Each source with its report, or with what was lost over it.

        Args:
            alone: by one worker that does nothing else, to see whether it is to blame.
        """
        ...

    def renew(self) -> None:
        """Replaces a sandbox that is gone."""
        ...

    def given_up(self, source: Source, reason: str) -> Report:
        """The report of a submission that could not be graded."""
        ...


def workers_of(grader: Grader, jobs: int) -> Workers:
    """So many processes on this machine; one is this process itself."""
    return _Processes(grader, jobs) if jobs > 1 else _Here(grader)


def _graded(workers: Workers, sources: Sequence[Source]) -> Iterator[Report]:
    waiting = list(sources)
    suspects: list[Source] = []
    renewals = 0
    while waiting or suspects:
        # After a worker died, whatever was under way is tried alone: the one to blame shows itself.
        alone = bool(suspects)
        batch = [suspects.pop(0)] if alone else waiting
        if not alone:
            waiting = []
        sandbox_lost = False
        for source, result in workers.run(batch, alone=alone):
            if isinstance(result, Report):
                renewals = 0
                yield result
            elif result != "worker":
                sandbox_lost |= result == "sandbox"
                waiting.append(source)
            elif alone:
                yield workers.given_up(source, "The grader's worker died over it, twice.")
            else:
                suspects.append(source)
        if sandbox_lost:
            renewals += 1
            if renewals > _RENEWALS:
                raise ZygoteGone("The sandbox's zygote dies again and again.")
            workers.renew()


@dataclass(frozen=True)
class _Local:
    """Workers that use a grader of this process."""

    grader: Grader

    def renew(self) -> None:
        self.grader.renew_sandbox()

    def given_up(self, source: Source, reason: str) -> Report:
        return self.grader.internal_error(source.name, reason)


@dataclass(frozen=True)
class _Here(_Local):
    """This process itself."""

    def run(
        self, sources: Sequence[Source], *, alone: bool
    ) -> Iterator[tuple[Source, Report | Lost]]:
        _warm(self.grader, sources)
        for number, source in enumerate(sources):
            try:
                report = grade_one(self.grader, source)
            except ZygoteGone:
                yield source, "sandbox"
                yield from ((later, "turn") for later in sources[number + 1 :])
                return
            yield source, report


@dataclass(frozen=True)
class _Processes(_Local):
    """Processes forked from this one, which share all that it has made ready."""

    jobs: int

    def run(
        self, sources: Sequence[Source], *, alone: bool
    ) -> Iterator[tuple[Source, Report | Lost]]:
        global _grader
        _warm(self.grader, sources)
        _grader = self.grader
        count = min(1 if alone else self.jobs, len(sources))
        pool = ProcessPoolExecutor(
            count, mp_context=multiprocessing.get_context("fork"), initializer=_belong_to_parent
        )
        try:
            yield from in_executor(
                lambda source: pool.submit(_grade_in_worker, source),
                sources, count, (BrokenProcessPool,),
            )  # fmt: skip
        except BaseException:
            self.grader.close()  # the workers wait for students, which end now
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def in_executor(
    submit: Callable[[Source], Future[Report]],
    sources: Sequence[Source],
    workers: int,
    lost: tuple[type[BaseException], ...],
) -> Iterator[tuple[Source, Report | Lost]]:
    """Grades the sources through an executor, with few of them under way at a time.

    Args:
        submit: hands a source to the executor.
        workers: how many the executor has.
        lost: what a future raises when its worker is gone.
    """
    left = iter(sources)
    futures: dict[Future[Report], Source] = {}
    broken: list[Source] = []

    def submit_some(count: int) -> None:
        for source in islice(left, count):
            try:
                futures[submit(source)] = source
            except lost:
                broken.append(source)
                return

    submit_some(_QUEUED * workers)
    while futures:
        finished, _ = wait(futures, return_when=FIRST_COMPLETED)
        for future in sorted(finished, key=lambda one: futures[one].name):
            source = futures.pop(future)
            error = future.exception()
            if isinstance(error, lost):
                yield source, "worker"
            elif isinstance(error, ZygoteGone):
                yield source, "sandbox"
            else:
                yield source, future.result()
        if not broken:
            submit_some(len(finished))
    yield from ((source, "turn") for source in (*broken, *left))


_grader: Grader | None = None


def _grade_in_worker(source: Source) -> Report:
    assert _grader is not None
    return grade_one(_grader, source)


def _belong_to_parent() -> None:
    """Ctrl-C is for the process that the user sees; that ends the workers, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def _warm(grader: Grader, sources: Sequence[Source]) -> None:
    """Loads slow modules before the workers are made, when the class seems to want them."""
    for source in sources[:3]:
        try:
            submission = read_submission(source, grader.assignment.name, grader.names)
        except Exception:  # its turn comes, and with it what is wrong
            continue
        grader.warm(submission)
