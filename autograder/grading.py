"""Grades submissions of one assignment: checks, sandbox and judge put together into reports."""

from __future__ import annotations

import dataclasses
import functools
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import torch

from autograder import examples
from autograder.assignment import Assignment
from autograder.checks import TaskSpec
from autograder.environment import environment
from autograder.errors import SandboxRefused
from autograder.judging import Judge
from autograder.mistakes import Catalogue
from autograder.reference import Reference, parameter_names, starter_imports
from autograder.report import CheckResult, Report, SandboxSummary, Status, TaskResult
from autograder.sandbox.host import Sandbox, StudentGone, open_sandbox
from autograder.sandbox.launch import ZygoteProcess
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import StudentSession
from autograder.student import Student
from autograder.submission import Cell, Submission
from autograder.suite import Check, Suite
from autograder.verdicts import Verdict, gone_verdict

_SLOW_MODULES = {"matplotlib": "matplotlib.pyplot", "numpy": "numpy"}


class Grader:
    """Grades submissions of one assignment, one after the other.

    Args:
        assignment: with its solution, from which the checks' calls are learned; without one
            (a released assignment), calls are learned as far as the first of each example.
        seed: of the examples; the same seed gives the same examples and the same reports.
        limits: what a submission may use.
        practice: public checks only, on a student's own machine.
        allow_weaker: grade although a layer of the sandbox is missing.
        closed: folders that students must not be able to read.
        tasks: judge these only; all of them by default.
        without_layers: layers of the sandbox left out on purpose.
        zygote: the sandbox's zygote, where it was started already.
        lang: of what is told about known mistakes, where they have it; English otherwise.

    Raises:
        BadAssignment: when the checks reject the assignment's own solution, or their points do
            not add up.
        SandboxRefused: when the sandbox is incomplete.
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        seed: int,
        limits: Limits | None = None,
        practice: bool = False,
        allow_weaker: bool = False,
        closed: Sequence[Path] = (),
        tasks: Sequence[str] = (),
        without_layers: frozenset[str] = frozenset(),
        zygote: ZygoteProcess | None = None,
        lang: str = "en",
    ) -> None:
        torch.set_num_threads(1)
        self.assignment = assignment
        self.seed = seed
        self.limits = limits or Limits()
        self._practice = practice
        self._lang = lang
        self._warmed: set[str] = set()
        # The zygote starts while the checks are collected and drawn here.
        self._open_sandbox = functools.partial(
            open_sandbox, self.limits, closed=[assignment.folder, *closed],
            allow_weaker=allow_weaker, practice=practice, without=without_layers,
        )  # fmt: skip
        self._sandbox: Sandbox = self._open_sandbox(zygote=zygote)
        try:
            self._prelude = starter_imports(assignment)
            self._suite = Suite(
                assignment,
                Student(parameter_names(assignment)),
                seed=seed,
                public_only=practice,
                tasks=tasks,
            )
            self._suite.draw(Reference(assignment), self._shipped_examples())
            self._send_program()
            if not practice:
                self._try_sandbox()
        except BaseException:
            self._sandbox.close()
            raise

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._sandbox.close()

    def renew_sandbox(self) -> None:
        """Starts another sandbox instead of one that is gone.

        Raises:
            SandboxRefused: when it is incomplete.
        """
        self._sandbox.close()
        self._sandbox = self._open_sandbox()
        self._send_program()
        self._sandbox.preload(sorted(self._warmed))

    def _send_program(self) -> None:
        self._sandbox.use_program({check.id: check.calls for check in self.checks})

    @property
    def checks(self) -> list[Check]:
        """In the order in which they are run."""
        return self._suite.checks

    @property
    def tasks(self) -> list[TaskSpec]:
        """In the order of the checks."""
        return self._suite.tasks

    @property
    def names(self) -> frozenset[str]:
        """Everything that students are asked to define."""
        return frozenset(name for task in self.tasks for name in task.provides)

    @property
    def max_score(self) -> float:
        return sum(check.points.points for check in self.checks)

    def learned(self) -> dict[str, examples.Shipped]:
        """What was learned of each check: its examples, calls, and digests of right answers."""
        return self._suite.learned()

    @functools.cached_property
    def _catalogue(self) -> Catalogue:
        """Read when the first check fails: most who practise want none of it most of the time."""
        return Catalogue.of(self.assignment.checks[0].parent)

    def warm(self, submission: Submission) -> None:
        """Loads the slow modules that a submission speaks of, once for it and all that follow.

        Not in practice: one student's process does not pay for what it may not even use.
        """
        wanted = [
            module
            for word, module in _SLOW_MODULES.items()
            if module not in self._warmed
            and any(re.search(rf"\b{word}\b", cell.source) for cell in submission.cells)
        ]
        if wanted and not self._practice:
            self._warmed.update(wanted)
            self._sandbox.preload(wanted)

    def grade(self, submission: Submission) -> Report:
        """Judges one submission.

        Raises:
            SandboxRefused: when the sandbox is incomplete. Anything else that goes wrong on the
                grader's side becomes a report of `internal_error`.
        """
        started, wall = time.perf_counter(), time.time()
        session = self._session(submission)
        judge = Judge(self._suite, session, self.limits, practice=self._practice)
        try:
            try:
                session.load()
            except StudentGone as gone:
                verdict = gone_verdict(gone, None, "While your cells were run: ")
                judge.verdicts.update({check.id: verdict for check in self.checks})
                loaded = time.perf_counter()
            else:
                loaded = time.perf_counter()
                judge.judge(self.checks)
                judge.diagnose(lambda: self._catalogue, self._lang)
        finally:
            session.close()
        timing: dict[str, float | str] = {
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wall)),
            "load_seconds": round(loaded - started, 4),
            "check_seconds": round(time.perf_counter() - loaded, 4),
        }
        notes = (*submission.notes, *session.notes, *_failure_notes(session))
        return self._report(submission, judge.verdicts, notes, timing, session.layers)

    def judged(self, submission: Submission, task: str) -> dict[str, Verdict]:
        """How the checks of one task end, by name: diagnosed, and not made small.

        Raises:
            SandboxRefused: when the sandbox is incomplete.
        """
        session = self._session(submission)
        checks = [check for check in self.checks if check.task.name == task]
        judge = Judge(self._suite, session, self.limits, shrinks=False)
        try:
            session.load()
            judge.judge(checks)
            judge.diagnose(lambda: self._catalogue, self._lang)
            return {check.name: judge.verdicts[check.id] for check in checks}
        except StudentGone as gone:
            return {check.name: gone_verdict(gone, None) for check in checks}
        finally:
            session.close()

    def survives(self, submission: Submission, task: str) -> bool:
        """Whether a submission passes every check of one task; nothing is explained.

        Raises:
            SandboxRefused: when the sandbox is incomplete.
        """
        session = self._session(submission)
        checks = [check for check in self.checks if check.task.name == task]
        try:
            session.load()
            return Judge(self._suite, session, self.limits, shrinks=False).survives(checks)
        except StudentGone:
            return False
        finally:
            session.close()

    def unreadable(self, name: str, reason: str) -> Report:
        """The report of a submission in which there is nothing to grade."""
        return self._without_checks(name, "unreadable", reason)

    def internal_error(self, name: str, reason: str) -> Report:
        """The report of a submission that the grader itself failed on."""
        return self._without_checks(name, "internal_error", reason)

    def _session(self, submission: Submission) -> StudentSession:
        self.warm(submission)
        return StudentSession(
            self._sandbox,
            [(cell.label, cell.first_line, cell.source) for cell in submission.cells],
            module=self.assignment.name,
            prelude=self._prelude,
            limits=self.limits,
            seed=self.seed,
        )

    def _try_sandbox(self) -> None:
        """Runs code that cannot fail: if it does, no student is to blame for what follows."""
        probe = Submission(
            "probe", "", (Cell("import torch\nvalue = torch.ones(1)", "", 1),), (), ""
        )
        session = self._session(probe)
        try:
            session.load()
            complaint = session.failures[0].message if session.failures else None
        except StudentGone as gone:
            complaint = gone.message
        finally:
            session.close()
        if complaint is not None:
            raise SandboxRefused(f"Nothing can run in the sandbox on this system: {complaint}.")

    def _shipped_examples(self) -> dict[str, examples.Shipped]:
        checks = self.assignment.checks[0]
        path = checks.with_name(examples.FILE_NAME)
        if not self._practice or self.seed != examples.PRACTICE_SEED or not path.exists():
            return {}
        return examples.load(path, checks)

    def _report(
        self,
        submission: Submission,
        verdicts: Mapping[str, Verdict],
        notes: Sequence[str],
        timing: Mapping[str, float | str],
        layers: Mapping[str, str],
    ) -> Report:
        failed = [
            verdict.problem.message
            for check in self.checks
            if (verdict := verdicts[check.id]).outcome == "internal_error" and verdict.problem
        ]
        return Report(
            assignment=self.assignment.name,
            submission=submission.name,
            seed=self.seed,
            status="internal_error" if failed else "graded",
            tasks=self._results(lambda check: verdicts[check.id]),
            reason=failed[0] if failed else None,
            notes=tuple(notes),
            sandbox=SandboxSummary(self._sandbox.profile, layers, _lost(layers)),
            environment=environment(),
            timing=timing,
        )

    def _without_checks(self, name: str, status: Status, reason: str) -> Report:
        return Report(
            assignment=self.assignment.name,
            submission=name,
            seed=self.seed,
            status=status,
            tasks=self._results(lambda check: Verdict("skipped")),
            reason=reason,
            environment=environment(),
        )

    def _results(self, verdict_of: Callable[[Check], Verdict]) -> tuple[TaskResult, ...]:
        results = []
        for task in self.tasks:
            checks = []
            for check in self.checks:
                if check.task.name == task.name:
                    verdict = verdict_of(check)
                    problem = verdict.problem
                    if problem is not None and check.visibility == "hidden":
                        problem = dataclasses.replace(problem, grids=())
                    checks.append(
                        CheckResult(
                            name=check.name,
                            title=check.title,
                            max_score=check.points.points,
                            outcome=verdict.outcome,
                            score=check.points.points if verdict.outcome == "passed" else 0.0,
                            visibility=check.visibility,
                            problem=problem,
                        )
                    )
            results.append(TaskResult(task.name, tuple(checks), task.title))
        return tuple(results)


def _failure_notes(session: StudentSession) -> Iterator[str]:
    for failure in session.failures:
        place, _, text = failure.where.partition(": ")
        what = "is not valid Python" if failure.kind == "syntax" else "failed"
        yield f"{place or 'a statement'} {what} ({failure.message})" + (
            f": {text}" if text else "."
        )


def _lost(layers: Mapping[str, str]) -> tuple[str, ...]:
    costs = {
        "limits": "Memory, processor time and output of students are not limited.",
        "no_new_privs": "Student code could gain privileges through programs that grant them.",
        "landlock": "Student code can read every file that its user can read.",
        "seccomp": "Student code can start processes and use the network.",
    }
    return tuple(
        cost for layer, cost in costs.items() if layers.get(layer, "missing").startswith("missing")
    )
