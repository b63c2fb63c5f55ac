"""Judges submissions of one assignment: the checks, the examples they run on, and the reports.

Hypothesis draws each check's examples once, against the instructor's solution, and they are
replayed for every submission; only a failure goes back to Hypothesis, to be made smaller. pytest
collects the checks once and runs its items for each submission, so that fixtures, parametrisation
and classes work as anywhere.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import hashlib
import inspect
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import hypothesis
import pytest
import torch
from _pytest.config import _prepareconfig
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings

import autograder
from autograder import examples
from autograder.assignment import Assignment, BadAssignment
from autograder.checks import Mismatch, PointsSpec, TaskSpec
from autograder.display import call_text, size_of, value_text
from autograder.reference import LearnedEnough, Reference, starter_imports
from autograder.report import (
    CheckResult,
    Outcome,
    Problem,
    Report,
    SandboxSummary,
    TaskResult,
    Visibility,
)
from autograder.sandbox.host import Sandbox, StudentGone, open_sandbox
from autograder.sandbox.launch import ZygoteProcess
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import LoadFailure, StudentSession
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Model, Raised
from autograder.student import Live, Replaying, Student, StudentRaised
from autograder.submission import Submission

EXAMPLES = 100
"""Drawn for a check that does not say otherwise with `hypothesis.settings`."""

_SHRINK_SECONDS = 5.0

# Parts of pytest that would write files or terminals, or cost time for every check.
_LEFT_OUT = (
    "cacheprovider", "terminal", "logging", "junitxml", "debugging", "faulthandler", "warnings",
    "unraisableexception", "threadexception", "stepwise", "pastebin", "ohlol",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One set of drawn arguments, and how many calls the check makes with it."""

    arguments: Mapping[str, object]
    calls: tuple[Call, ...]


@dataclass(slots=True)
class Check:
    """A pytest item with what the kit knows of it."""

    item: pytest.Function
    name: str
    title: str
    task: TaskSpec
    points: float
    after: str | None
    shown_anyway: bool
    visibility: Visibility
    seed: int
    examples: list[Example] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)  # of all examples, one after the other
    needs: list[str] = field(default_factory=list)  # functions and classes that the calls name
    # Digests of answers for which the check's body is known to pass: it depends on nothing else.
    passing: set[bytes] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The same in an assignment's source and as released."""
        return f"{self.item.path.name}::{self.item.nodeid.partition('::')[2]}"

    def learn(self, examples: Sequence[Example]) -> None:
        """Takes the examples that it will be judged on."""
        self.examples = list(examples)
        self.calls = [call for example in examples for call in example.calls]
        self.needs = list(dict.fromkeys(name for call in self.calls for name in _named_in(call)))

    @property
    def test(self) -> Any:
        """The test as a function that Hypothesis notes its settings on."""
        return getattr(self.item.obj, "__func__", self.item.obj)

    @property
    def body(self) -> Callable[..., object]:
        """The test without Hypothesis around it, bound as pytest would."""
        test = self.test
        inner = test.hypothesis.inner_test if hasattr(test, "hypothesis") else test
        return inner.__get__(self.item.instance) if self.item.cls else inner  # type: ignore[no-any-return]

    def drawn(self, arguments: Mapping[str, Any], fixtures: Mapping[str, Any]) -> dict[str, Any]:
        """Of the arguments that Hypothesis calls a test with, those that it drew."""
        return {
            name: value
            for name, value in arguments.items()
            if name not in fixtures and value is not self.item.instance
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ended for a submission."""

    outcome: Outcome
    problem: Problem | None = None


_Execute = Callable[[Check, dict[str, Any]], Verdict]


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
    ) -> None:
        torch.set_num_threads(1)
        self.assignment = assignment
        self.seed = seed
        self.limits = limits or Limits()
        self._practice = practice
        self._student = Student()
        self._session: StudentSession | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._warmed: set[str] = set()
        self._hung: set[str] = set()  # functions that did not come back: not worth a frame again
        # The zygote starts while the checks are collected and drawn here.
        self._sandbox: Sandbox = open_sandbox(
            self.limits, closed=[assignment.folder, *closed], allow_weaker=allow_weaker,
            practice=practice, without=without_layers, zygote=zygote,
        )  # fmt: skip
        try:
            self._prelude = starter_imports(assignment)
            self._collect(tasks)
            self._draw()
            self._sandbox.use_program({check.id: check.calls for check in self.checks})
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

    @property
    def tasks(self) -> list[TaskSpec]:
        """In the order of the checks."""
        return list({check.task.name: check.task for check in self.checks}.values())

    @property
    def names(self) -> frozenset[str]:
        """Everything that students are asked to define."""
        return frozenset(name for task in self.tasks for name in task.provides)

    @property
    def max_score(self) -> float:
        return sum(check.points for check in self.checks)

    def drawn(self) -> dict[str, list[Mapping[str, object]]]:
        """For each check, the arguments of each of its examples."""
        return {check.id: [e.arguments for e in check.examples] for check in self.checks}

    def warm(self, modules: Sequence[str]) -> None:
        """Loads modules once, before students are started that will want them.

        Not in practice: one student's process does not pay for what it may not even use.
        """
        wanted = [module for module in modules if module not in self._warmed]
        if wanted and not self._practice:
            self._warmed.update(wanted)
            self._sandbox.preload(wanted)

    def grade(self, submission: Submission) -> Report:
        """Judges one submission.

        Raises:
            SandboxRefused: when the sandbox is incomplete. Anything else that goes wrong on the
                grader's side becomes a report of `internal_error`.
        """
        started = time.perf_counter()
        wall = time.time()
        session = StudentSession(
            self._sandbox,
            [(cell.label, cell.first_line, cell.source) for cell in submission.cells],
            module=self.assignment.name,
            prelude=self._prelude,
            limits=self.limits,
            seed=self.seed,
        )
        self._session = session
        self._verdicts = {}
        self._hung = set()
        try:
            try:
                session.load()
            except StudentGone as gone:
                verdict = _gone(gone, None, "While your cells were run: ")
                self._verdicts = {check.id: verdict for check in self.checks}
            loaded = time.perf_counter()
            for check, after in zip(self.checks, [*self.checks[1:], None], strict=True):
                if check.id not in self._verdicts:
                    self._run(check, after)
            return self._report(
                submission,
                (*submission.notes, *session.notes, *_failure_notes(session)),
                {
                    "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wall)),
                    "load_seconds": round(loaded - started, 4),
                    "check_seconds": round(time.perf_counter() - loaded, 4),
                },
                session.layers,
            )
        finally:
            session.close()
            self._session = None

    def unreadable(self, name: str, reason: str) -> Report:
        """The report of a submission in which there is nothing to grade."""
        return self._without_checks(name, "unreadable", reason)

    def internal_error(self, name: str, reason: str) -> Report:
        """The report of a submission that the grader itself failed on."""
        return self._without_checks(name, "internal_error", reason)

    # Collecting and drawing

    def _collect(self, tasks: Sequence[str]) -> None:
        profile = settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        settings.register_profile("ohlol", profile)
        settings.load_profile("ohlol")
        paths = [path for path in self.assignment.checks if not self._practice or _public(path)]
        arguments = [
            *map(str, paths), *(word for name in _LEFT_OUT for word in ("-p", f"no:{name}")),
            "-c", os.devnull, "--noconftest", "--rootdir", str(self.assignment.folder),
            "--import-mode=importlib", "--capture=no", "-W", "ignore",
        ]  # fmt: skip
        with _no_plugins():
            config = _prepareconfig(arguments, [_Plugin(self)])
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        try:
            session.perform_collect()
        except pytest.UsageError as error:
            raise BadAssignment(f"The checks could not be collected: {error}") from error
        if session.testsfailed:
            raise BadAssignment("\n".join(self._collect_errors))
        self.checks = [
            self._check(item)
            for item in session.items
            if isinstance(item, pytest.Function) and (not tasks or _task_of(item).name in tasks)
        ]
        _validate(self.checks)

    _collect_errors: list[str]

    def _check(self, item: pytest.Function) -> Check:
        points = getattr(item.obj, "__ohlol_points__", None)
        task = _task_of(item)
        if not isinstance(points, PointsSpec):
            raise BadAssignment(f"{item.nodeid} has no @points(…).")
        title = inspect.getdoc(item.obj) or item.name
        check = Check(
            item=item,
            name=item.name,
            title=title.splitlines()[0],
            task=task,
            points=points.points,
            after=points.after,
            shown_anyway=points.shown_anyway,
            visibility="public" if _public(item.path) else "hidden",
            seed=0,
        )
        digest = hashlib.sha256(f"{self.seed}:{check.id}".encode()).digest()
        check.seed = int.from_bytes(digest[:6], "big")
        return check

    def _draw(self) -> None:
        """Learns each check's examples, and the calls that it makes with them."""
        reference = Reference(self.assignment)
        self._shipped = self._shipped_examples()
        self._execute: _Execute = functools.partial(self._record, reference)
        for check, after in zip(self.checks, [*self.checks[1:], None], strict=True):
            self._run(check, after)
        self._execute = self._judge
        rejected = [
            (check, verdict)
            for check in self.checks
            if (verdict := self._verdicts[check.id]).outcome != "passed"
        ]
        if rejected:
            check, verdict = rejected[0]
            reason = verdict.problem.message if verdict.problem else verdict.outcome
            raise BadAssignment(
                f"The check {check.id} ({check.title}) rejects the assignment's own solution: "
                f"{reason}"
            )

    def _shipped_examples(self) -> Mapping[str, Sequence[Mapping[str, object]]]:
        checks = self.assignment.checks[0]
        path = checks.with_name(examples.FILE_NAME)
        if not self._practice or self.seed != examples.PRACTICE_SEED or not path.exists():
            return {}
        return examples.load(path, checks)

    def _record(self, reference: Reference, check: Check, fixtures: dict[str, Any]) -> Verdict:
        drawn_examples: list[Example] = []
        answers: list[Answer | Raised] = []
        body = check.body

        def recorder(*args: object, **kwargs: object) -> None:
            drawn = check.drawn(kwargs, fixtures)
            recording = reference.recording()
            self._student._backend = recording
            with contextlib.suppress(LearnedEnough):
                body(**fixtures, **drawn)
            drawn_examples.append(Example(drawn, tuple(recording.calls)))
            answers.extend(recording.answers)

        test = check.test
        try:
            if check.id in self._shipped:
                for arguments in self._shipped[check.id]:
                    recorder(**arguments)
            elif hasattr(test, "hypothesis"):
                inner = test.hypothesis.inner_test
                test.hypothesis.inner_test = functools.wraps(inner)(recorder)
                hypothesis.seed(check.seed)(test)
                try:
                    check.item.obj(**fixtures)
                finally:
                    test.hypothesis.inner_test = inner
            else:
                recorder(**fixtures)
        except (Mismatch, StudentRaised) as error:
            return Verdict("failed", Problem("value", str(error)))
        check.learn(drawn_examples)
        if reference.complete:
            encoder = Encoder()
            message = [encoder.answer(answer) for answer in answers]
            check.passing.add(Frame.of(encoder.frame(0, message)).digest())
        return Verdict("passed")

    # Judging

    def _run(self, check: Check, after: Check | None) -> None:
        """Runs the pytest item, which comes back through `_Plugin` to `_execute`."""
        item = check.item
        item._initrequest()
        reports = runtestprotocol(item, log=False, nextitem=after.item if after else None)
        failed = [report for report in reports if report.failed]
        if check.id not in self._verdicts:
            text = failed[0].longreprtext if failed else "the check did not run"
            self._verdicts[check.id] = Verdict(
                "internal_error", Problem("protocol", f"The check itself failed: {text[-2000:]}")
            )

    def _judge(self, check: Check, fixtures: dict[str, Any]) -> Verdict:
        session = self._session
        assert session is not None
        if self._is_moot(check):
            if not (self._practice and check.shown_anyway):
                return Verdict("skipped")
            verdict = self._judge_on_its_own(check, fixtures, session)
            return Verdict("skipped") if verdict.outcome == "passed" else verdict
        return self._judge_on_its_own(check, fixtures, session)

    def _judge_on_its_own(
        self, check: Check, fixtures: dict[str, Any], session: StudentSession
    ) -> Verdict:
        for name in check.needs:
            if name not in session.names:
                return _missing(name, session, self.names)
        live = _LiveCalls(session, check.seed, time.monotonic() + _SHRINK_SECONDS)
        if self._hung & {call.function for call in check.calls}:
            gone = StudentGone("timeout", "it did not finish in time in another check")
            return self._one_by_one(check, fixtures, gone)
        try:
            frame = session.answers(check.id, check.seed)
            digest = frame.digest()
            if digest in check.passing:
                return Verdict("passed")
            answers = session.read(frame, len(check.calls))
        except StudentGone as gone:
            return self._one_by_one(check, fixtures, gone)
        failures = self._replay(check, fixtures, answers, live)
        if not failures:
            if not live.made:  # otherwise it also depended on answers outside the frame
                check.passing.add(digest)
            return Verdict("passed")
        return self._smallest(check, fixtures, failures, live)

    def _is_moot(self, check: Check) -> bool:
        """Whether the check that it comes after did not pass."""
        if check.after is None:
            return False
        before = next(c for c in self.checks if c.task is check.task and c.name == check.after)
        return self._verdicts[before.id].outcome != "passed"

    def _replay(
        self,
        check: Check,
        fixtures: dict[str, Any],
        answers: Sequence[Answer | Raised],
        live: _LiveCalls,
    ) -> list[_Failure]:
        failures: list[_Failure] = []
        position = 0
        for example in check.examples:
            count = len(example.calls)
            replies = answers[position : position + count]
            position += count
            self._student._backend = Replaying(example.calls, replies, live.answer)
            try:
                check.body(**fixtures, **example.arguments)
            except (Mismatch, StudentRaised) as error:
                failures.append(_Failure(error, self._student._last_call))
        return failures

    def _smallest(
        self,
        check: Check,
        fixtures: dict[str, Any],
        failures: list[_Failure],
        live: _LiveCalls,
    ) -> Verdict:
        """The smallest failure that Hypothesis finds, or else the smallest of those at hand."""
        best = min(failures, key=_Failure.size)
        if best.unwritten or not hasattr(check.test, "hypothesis"):
            return best.verdict()
        found: list[_Failure] = []
        body = check.body

        def watched(*args: object, **kwargs: object) -> None:
            drawn = check.drawn(kwargs, fixtures)
            try:
                body(**fixtures, **drawn)
            except (Mismatch, StudentRaised) as error:
                found.append(_Failure(error, self._student._last_call))
                raise

        self._student._backend = Live(live.answer)
        test = check.test
        inner = test.hypothesis.inner_test
        test.hypothesis.inner_test = functools.wraps(inner)(watched)
        hypothesis.seed(check.seed)(test)
        try:
            check.item.obj(**fixtures)
        except (Exception, StudentGone):  # the failure found so far says enough, whatever ended it
            pass
        finally:
            test.hypothesis.inner_test = inner
        alike = [failure for failure in found if failure.size() <= best.size()]
        return min([*alike, best], key=_Failure.size).verdict() if alike else best.verdict()

    def _one_by_one(self, check: Check, fixtures: dict[str, Any], gone: StudentGone) -> Verdict:
        """The frame's deadline passed or the process ended: which call was it?"""
        session = self._session
        assert session is not None
        answers: list[Answer | Raised] = []
        deadline = time.monotonic() + self.limits.check_seconds
        for call in check.calls:
            if time.monotonic() > deadline:
                return _gone(gone, None)
            try:
                answers.append(session.answer(call, check.seed))
            except StudentGone as again:
                if again.kind == "timeout":
                    self._hung.add(call.function)
                return _gone(again, call)
        live = _LiveCalls(session, check.seed, deadline)
        failures = self._replay(check, fixtures, answers, live)
        if failures:
            return self._smallest(check, fixtures, failures, live)
        # Every call answers by itself, yet not all in one go: it depends on what ran before.
        return _gone(gone, None)

    # Reporting

    def _report(
        self,
        submission: Submission,
        notes: Sequence[str],
        timing: Mapping[str, float | str],
        layers: Mapping[str, str],
    ) -> Report:
        failed = [
            verdict.problem.message
            for check in self.checks
            if (verdict := self._verdicts[check.id]).outcome == "internal_error" and verdict.problem
        ]
        return Report(
            assignment=self.assignment.name,
            submission=submission.name,
            seed=self.seed,
            status="internal_error" if failed else "graded",
            tasks=self._results(lambda check: self._verdicts[check.id]),
            reason=failed[0] if failed else None,
            notes=tuple(notes),
            sandbox=SandboxSummary(self._sandbox.profile, layers, _lost(layers)),
            environment=_environment(),
            timing=timing,
        )

    def _without_checks(self, name: str, status: str, reason: str) -> Report:
        return Report(
            assignment=self.assignment.name,
            submission=name,
            seed=self.seed,
            status=cast(Any, status),
            tasks=self._results(lambda check: Verdict("skipped")),
            reason=reason,
            environment=_environment(),
        )

    def _results(self, verdict_of: Callable[[Check], Verdict]) -> tuple[TaskResult, ...]:
        results = []
        for task in self.tasks:
            checks = []
            for check in self.checks:
                if check.task is task:
                    verdict = verdict_of(check)
                    checks.append(
                        CheckResult(
                            name=check.name,
                            title=check.title,
                            max_score=check.points,
                            outcome=verdict.outcome,
                            score=check.points if verdict.outcome == "passed" else 0.0,
                            visibility=check.visibility,
                            problem=verdict.problem,
                        )
                    )
            results.append(TaskResult(task.name, tuple(checks), task.title))
        return tuple(results)


class _Plugin:
    """The kit's part in a pytest session: the fixture, and how an item's function is called."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        grader._collect_errors = []

    @pytest.fixture(scope="session")
    def student(self) -> Student:
        return self._grader._student

    @pytest.fixture(scope="session")
    def run_seed(self) -> int:
        """For checks that draw by themselves: the same number in every check of a run."""
        return self._grader.seed

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        grader = self._grader
        check = next(check for check in grader.checks if check.item is pyfuncitem)
        names = pyfuncitem._fixtureinfo.argnames
        fixtures = {name: pyfuncitem.funcargs[name] for name in names}
        grader._verdicts[check.id] = grader._execute(check, fixtures)
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._grader._collect_errors.append(report.longreprtext)


class _OutOfTime(StudentGone):
    def __init__(self) -> None:
        super().__init__("timeout", "making the failure smaller took too long")


@dataclass(slots=True)
class _LiveCalls:
    session: StudentSession
    seed: int
    deadline: float
    made: int = 0

    def answer(self, call: Call) -> Answer | Raised:
        self.made += 1
        if time.monotonic() > self.deadline:
            raise _OutOfTime
        return self.session.answer(call, self.seed)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Mismatch | StudentRaised
    call: Call | None

    def size(self) -> tuple[int, int]:
        return size_of(self.call) if self.call is not None else (0, 0)

    @property
    def unwritten(self) -> bool:
        error = self.error
        return isinstance(error, StudentRaised) and error.raised.types[0] == "NotImplementedError"

    def verdict(self) -> Verdict:
        call = call_text(self.call) if self.call is not None else None
        error = self.error
        if isinstance(error, Mismatch):
            problem = Problem(
                error.kind,
                error.message,
                call=call,
                expected=None if error.expected is None else value_text(error.expected),
                actual=None
                if error.expected is None and error.actual is None
                else value_text(error.actual),
            )
            return Verdict("failed", problem)
        raised = error.raised
        if self.unwritten:
            name = self.call.function.lstrip(".") if self.call is not None else "it"
            message = f"{name} is not written yet: it still raises NotImplementedError."
            return Verdict("error", Problem("raised", message, where=raised.where or None))
        if _out_of_memory(raised):
            message = f"Your code asked for more memory than there is: {_sentence(raised)}"
            return Verdict("memory", Problem("memory", message, call, where=raised.where or None))
        return Verdict(
            "error",
            Problem(
                "raised", f"Your code raised {_sentence(raised)}", call, where=raised.where or None
            ),
        )


def problem_of(error: Mismatch | StudentRaised | StudentGone, call: Call | None) -> Problem:
    """What a failure of a call tells the student."""
    if isinstance(error, StudentGone):
        problem = _gone(error, call).problem
    else:
        problem = _Failure(error, call).verdict().problem
    assert problem is not None
    return problem


def _gone(gone: StudentGone, call: Call | None, start: str = "") -> Verdict:
    kinds: dict[str, tuple[Outcome, Any]] = {
        "timeout": ("timeout", "timeout"),
        "memory": ("memory", "memory"),
        "output_limit": ("crashed", "output_limit"),
        "disk": ("crashed", "output_limit"),
        "protocol": ("crashed", "protocol"),
        "crashed": ("crashed", "crashed"),
    }
    outcome, kind = kinds[gone.kind]
    sentences = {
        "timeout": "your code did not finish in time. Is there a loop that never ends?",
        "output_limit": "your code printed more than it may.",
        "disk": "your code wrote more files than it may.",
        "protocol": "your code's process did not answer as it should.",
    }
    sentence = sentences.get(gone.kind, f"your code ended its own process ({gone.message}).")
    message = start + (sentence if start else sentence[0].upper() + sentence[1:])
    return Verdict(outcome, Problem(kind, message, call_text(call) if call else None))


def _missing(name: str, session: StudentSession, wanted: frozenset[str]) -> Verdict:
    """Why there is nothing of that name."""
    for failure in session.failures:
        if name in failure.binds:
            return _not_loaded(failure)
    message = f"There is no {name} in your work."
    close = difflib.get_close_matches(name, sorted(session.names - wanted), 1, 0.7)
    advice = None
    if close:
        advice = f"You have {close[0]}: is that the one? The name must be exactly {name}."
    return Verdict("missing", Problem("missing", message, advice=advice))


def _not_loaded(failure: LoadFailure) -> Verdict:
    """Worded for every task that the statement costs."""
    where = failure.where or None
    if failure.kind == "syntax":
        message = f"This is not valid Python, so what it defines is missing: {failure.message}"
        return Verdict("error", Problem("syntax", message, where=where))
    message = f"This statement failed, so what it defines is missing: {failure.message}"
    if failure.kind == "timeout":
        return Verdict("timeout", Problem("timeout", message, where=where))
    return Verdict("error", Problem("raised", message, where=where))


def _failure_notes(session: StudentSession) -> Iterator[str]:
    for failure in session.failures:
        what = "not valid Python" if failure.kind == "syntax" else "failed"
        yield f"{failure.where or 'A statement'} {what}: {failure.message}"


def _out_of_memory(raised: Raised) -> bool:
    return "MemoryError" in raised.types or (
        "RuntimeError" in raised.types and "allocate memory" in raised.message
    )


def _sentence(raised: Raised) -> str:
    text = f"{raised.types[0]}: {raised.message}" if raised.message else raised.types[0]
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."


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


@functools.cache
def _environment() -> dict[str, str]:
    return {
        "ohlol": autograder.__version__,
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "hypothesis": metadata.version("hypothesis"),
        "pytest": metadata.version("pytest"),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def _named_in(call: Call) -> Iterator[str]:
    if not call.function.startswith("."):
        yield call.function
    for arg in (*call.args, *call.kwargs.values()):
        if isinstance(arg, Model):
            yield arg.class_name


def _task_of(item: pytest.Function) -> TaskSpec:
    spec = getattr(item.cls, "__ohlol_task__", None)
    if not isinstance(spec, TaskSpec):
        raise BadAssignment(f"{item.nodeid} stands in no class with @task(…).")
    return spec


def _public(path: Path) -> bool:
    return path.name != "hidden.py"


def _validate(checks: Sequence[Check]) -> None:
    if not checks:
        raise BadAssignment("The assignment has no checks.")
    for task in {check.task.name: check.task for check in checks}.values():
        own = [check for check in checks if check.task.name == task.name]
        total = sum(check.points for check in own)
        if abs(total - task.points) > 1e-9:
            raise BadAssignment(
                f"The task {task.name} is worth {task.points:g} points, but its checks add up to "
                f"{total:g}."
            )
        names = [check.name for check in own]
        for index, check in enumerate(own):
            if check.after is not None and check.after not in names[:index]:
                raise BadAssignment(
                    f"{check.id} comes after {check.after}, which is no earlier check of "
                    f"{task.name}."
                )


class _no_plugins:  # noqa: N801 - used as a statement
    """Other pytest plugins of the environment have no say in grades."""

    def __enter__(self) -> None:
        self._patch = pytest.MonkeyPatch()
        self._patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        self._patch.delenv("PYTEST_ADDOPTS", raising=False)
        self._patch.delenv("PYTEST_PLUGINS", raising=False)

    def __exit__(self, *exception: object) -> None:
        self._patch.undo()
