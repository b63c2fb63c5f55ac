"""What the tests with hostile submissions share: a vault that only its solution can open."""

from __future__ import annotations

import os
import re
import resource
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType

import kit
import psutil

from autograder.assignment import Assignment
from autograder.grading import Grader
from autograder.report import CheckResult, Report
from autograder.sandbox.launch import ZygoteProcess, start_zygote
from autograder.sandbox.limits import Limits
from autograder.submission import Cell, Submission

HOSTILE = Path(__file__).with_name("hostile")
PATIENCE = 20.0  # seconds for the system to do what it surely does; only a failure takes so long
KEY = 0x0B1_5E55  # of System V objects

# Short, so that what never ends ends soon; an honest answer takes a fiftieth of it.
LIMITS = Limits(
    load_seconds=4.0,
    statement_seconds=1.0,
    check_seconds=1.5,
    call_seconds=0.7,
    submission_seconds=30.0,
    memory_bytes=2**29,
    disk_bytes=16 * 2**20,
    disk_files=500,
    output_bytes=2**20,
)

SECRETS = """\
FACTOR = 48271.25
OFFSET = -0.4375
WORD = "vault-secret-5eed0b1e55ed5eed"  # what an attacker looks for in memory
"""
SOLUTION = f"{SECRETS}\n\ndef unlock(door):\n    return door * FACTOR + OFFSET\n"
CHECKS = f"""\
{SECRETS}
few = settings(max_examples=8)


@task("vault", points=2, provides=("unlock",))
class TestVault:
    @points(1)
    @few
    @given(door=tensors("door"))
    def test_keys(self, student, door):
        \"\"\"Every door is opened.\"\"\"
        close(student.unlock(door), door * FACTOR + OFFSET, axes="door")

    @points(1, after="test_keys")
    @few
    @given(door=tensors("door"))
    def test_gradients(self, student, door):
        \"\"\"And can be closed again.\"\"\"
        same_gradients(student.unlock, lambda given: given * FACTOR + OFFSET, door)
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """A file of `hostile`, and what its docstring says must happen.

    Args:
        outcomes: of the check, any of them.
        kind: of the problem.
        shows: text in what the function returned; ``denied`` stands for every attempt.
        note: text in a note of the report.
        control: layers without which the same attempt gets through.
    """

    name: str
    source: str
    outcomes: frozenset[str]
    kind: str
    shows: str
    note: str
    control: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Attack:
        source = path.read_text(encoding="utf-8")
        docstring = source.split('"""')[1]
        told = dict(re.findall(r"^(\w+): (.+)$", docstring, re.MULTILINE))
        return cls(
            name=path.stem,
            source=source,
            outcomes=frozenset(told["outcome"].split()),
            kind=told.get("kind", ""),
            shows=told.get("shows", ""),
            note=told.get("note", ""),
            control=frozenset(filter(None, told.get("control", "").split("+"))),
        )


@cache
def attacks() -> tuple[Attack, ...]:
    paths = sorted(HOSTILE.glob("[!_]*.py"))
    return tuple(Attack.read(path) for path in paths)


def attack(name: str) -> Attack:
    return Attack.read(HOSTILE / f"{name}.py")


class Siege:
    """A grader under attack, and everything that it has to protect.

    Args:
        folder: for the vault, the results and the submissions.
        without: layers of the sandbox left out, and with them a user of its own: where that can be
            taken, it stands in for some of them.
        zygote: one that others use as well.
    """

    def __init__(
        self, folder: Path, *, without: Sequence[str] = (), zygote: ZygoteProcess | None = None
    ) -> None:
        self.mark = f"escaped-{os.getpid()}-{'-'.join(sorted(without)) or 'never'}"
        self.results = folder / "results" / "alice" / "report.json"
        self.submission = folder / "submissions" / "alice.py"
        for path in (self.results, self.submission):
            path.parent.mkdir(parents=True)
            path.write_text("alice's")
        self.assignment = kit.write_assignment(folder, "vault", SOLUTION, CHECKS)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.zygote = zygote or start_zygote(LIMITS.packages)
        self.grader = Grader(
            self.assignment,
            seed=1,
            limits=LIMITS,
            zygote=self.zygote,
            allow_weaker=bool(without),
            without_layers=frozenset({*without, "own_uid"} if without else ()),
        )

    def __enter__(self) -> Siege:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.grader.close()
        self._listener.close()

    def grade(self, source: str) -> Report:
        return self.grader.grade(self._submission(source))

    def grade_honest(self) -> Report:
        return self.grader.grade(kit.script(SOLUTION, "honest"))

    def first_check(self, source: str) -> CheckResult:
        return self.grade(source).tasks[0].checks[0]

    def evidence(self, source: str) -> str:
        """What the function returned, as the report shows it."""
        problem = self.first_check(source).problem
        return (problem.actual or problem.message) if problem else "it opened the vault"

    def processes(self) -> list[psutil.Process]:
        """Besides the zygote: whatever was forked from it, however often and wherever it went."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            if str(self.zygote.folder) in (process.info["cmdline"] or ()):
                found.append(process)
        return [process for process in found if process.pid != self.zygote.process.pid]

    def traces(self) -> list[str]:
        """What was left behind on the machine."""
        psutil.wait_procs(self.processes(), timeout=PATIENCE)
        left = [f"process {process.pid}" for process in self.processes()]
        left += [str(p) for p in self.zygote.folder.iterdir() if p.name != "lock"]
        for folder in ("/tmp", "/dev/shm", "/var/tmp", tempfile.gettempdir()):
            if Path(folder).is_dir():
                left += [str(p) for p in Path(folder).iterdir() if self.mark in p.name]
        left += [f"{kind} of System V" for kind in _system_v_objects()]
        left += [
            f"{path} was touched"
            for path in (self.results, self.submission)
            if not path.is_file() or path.read_text() != "alice's"
        ]
        return left

    def _submission(self, source: str) -> Submission:
        known = {
            "grader": os.getpid(),
            "solution": str(self.assignment.solution),
            "checks": str(self.assignment.checks[0]),
            "results": str(self.results),
            "submission": str(self.submission),
            "port": self._listener.getsockname()[1],
            "key": KEY,
            "mark": self.mark,
        }
        tools = (HOSTILE / "_tools.py").read_text(encoding="utf-8")
        texts = (f"KNOWN = {known!r}", tools, source)
        cells = tuple(Cell(text, f"cell {i}", 1) for i, text in enumerate(texts, 1))
        return Submission("mallory", "mallory.ipynb", cells, (), "")


def peak_memory() -> int:
    """The most that this process ever took, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _system_v_objects() -> Iterator[str]:
    for kind in ("shm", "sem", "msg"):
        path = Path("/proc/sysvipc", kind)
        if path.exists() and any(
            line.split()[0] == str(KEY) for line in path.read_text().splitlines()[1:]
        ):
            yield kind


__all__ = [
    "KEY", "LIMITS", "PATIENCE", "SOLUTION", "Assignment", "Attack", "Siege", "attack", "attacks",
    "peak_memory",
]  # fmt: skip
