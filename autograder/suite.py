"""An assignment's checks: collected once by pytest, run for each submission as pytest items.

Examples are drawn once by Hypothesis, against the instructor's solution, and kept: everybody in a
class faces the same ones. Fixtures, parametrisation and classes work as anywhere in pytest.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
import itertools
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest
from _pytest.config import _prepareconfig
from _pytest.pathlib import module_name_from_path
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import HypothesisDeprecationWarning, UnsatisfiedAssumption

from autograder.assignment import Assignment, BadAssignment
from autograder.checks import Mismatch, PointsSpec, TaskSpec
from autograder.errors import SandboxRefused
from autograder.examples import Shipped
from autograder.reference import LearnedEnough, Reference
from autograder.report import Problem, Visibility
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Model, Raised
from autograder.student import Student, StudentRaised
from autograder.verdicts import Verdict

EXAMPLES = 100
"""Drawn for a check that does not say otherwise with `hypothesis.settings`."""

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
    points: PointsSpec
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
        self._take_calls([call for example in examples for call in example.calls])

    def learn_shipped(self, shipped: Shipped) -> None:
        """Takes what was learned of it before."""
        calls = iter(shipped.calls)
        self.examples = [
            Example(arguments, tuple(itertools.islice(calls, count)))
            for arguments, count in zip(shipped.arguments, shipped.counts, strict=True)
        ]
        self.passing |= shipped.passing
        self._take_calls(shipped.calls)

    def _take_calls(self, calls: Sequence[Call]) -> None:
        self.calls = list(calls)
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

    def with_body(self, body: Callable[..., None], fixtures: Mapping[str, Any]) -> None:
        """Has Hypothesis draw arguments, with its own seed, for another body than the test's."""
        inner = self.test.hypothesis.inner_test
        self.test.hypothesis.inner_test = functools.wraps(inner)(body)
        hypothesis.seed(self.seed)(self.test)
        try:
            self.item.obj(**fixtures)
        finally:
            self.test.hypothesis.inner_test = inner

    @property
    def is_drawn(self) -> bool:
        """Whether Hypothesis draws its arguments."""
        return hasattr(self.test, "hypothesis")

    @property
    def max_examples(self) -> int:
        """How many Hypothesis draws at most."""
        return int(self.test._hypothesis_internal_use_settings.max_examples)

    def draws_like(self, other: Check) -> bool:
        """Whether Hypothesis would draw from the same strategies for both, but for the number."""
        if self is other:
            return True
        if self.item.cls is not other.item.cls:
            return False
        mine, theirs = (check.test.hypothesis._given_kwargs for check in (self, other))
        if mine.keys() != theirs.keys() or any(mine[name] is not theirs[name] for name in mine):
            return False
        if any(getattr(check.test, "hypothesis_explicit_examples", ()) for check in (self, other)):
            return False
        used = (check.test._hypothesis_internal_use_settings for check in (self, other))
        first, second = (repr(settings(one, max_examples=1)) for one in used)
        return first == second

    def draw(self) -> list[dict[str, Any]]:
        """The arguments that Hypothesis draws."""
        collected: list[dict[str, Any]] = []
        fixtures = dict.fromkeys(self.item._fixtureinfo.argnames)

        def collect(*args: object, **kwargs: object) -> None:
            collected.append(self.drawn(kwargs, fixtures))

        self.with_body(collect, fixtures)
        return collected

    def drawn(self, arguments: Mapping[str, Any], fixtures: Mapping[str, Any]) -> dict[str, Any]:
        """Of the arguments that Hypothesis calls a test with, those that it drew."""
        return {
            name: value
            for name, value in arguments.items()
            if name not in fixtures and value is not self.item.instance
        }


Execute = Callable[[Check, dict[str, Any]], Verdict]
"""Calls a check's body in some way, with pytest's fixtures, and says how it ended."""


class Suite:
    """The checks of an assignment, and the pytest session that runs them.

    Args:
        assignment: whose checks.
        student: what the checks' ``student`` fixture is.
        seed: of the examples.
        public_only: leave hidden checks out.
        tasks: of these tasks only; of all of them by default.

    Raises:
        BadAssignment: when the checks cannot be collected, or do not hold together.
    """

    def __init__(
        self,
        assignment: Assignment,
        student: Student,
        *,
        seed: int,
        public_only: bool = False,
        tasks: Sequence[str] = (),
    ) -> None:
        self.student = student
        self.seed = seed
        self._execute: Execute | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._complaints: list[str] = []
        self._reference = Reference()
        self._refusal: BadAssignment | None = None
        self._refused: SandboxRefused | None = None  # which pytest would take for a failing check
        self._drawn: dict[str, list[dict[str, Any]]] = {}  # by the id of the check drawn for
        paths = [path for path in assignment.checks if not public_only or _public(path)]
        items = self._collected(paths, assignment.folder)
        chosen = [item for item in items if not tasks or _task_of(item).name in tasks]
        self.checks = [self._check(item) for item in chosen]
        self._by_item = {check.item: check for check in self.checks}
        _validate(self.checks)

    @property
    def tasks(self) -> list[TaskSpec]:
        """In the order of the checks."""
        return list({check.task.name: check.task for check in self.checks}.values())

    def run(
        self,
        checks: Sequence[Check],
        execute: Execute,
        known: Callable[[Check], Verdict | None] | None = None,
    ) -> Iterator[tuple[Check, Verdict]]:
        """Runs the checks' pytest items one after the other.

        Args:
            execute: how a body is called.
            known: asked first; with a verdict at hand, an item and its fixtures need not be run.
        """
        for check, following in itertools.zip_longest(checks, checks[1:]):
            if known is not None:
                following = None  # perhaps it will not be run, and so keeps no fixture alive
                if (verdict := known(check)) is not None:
                    yield check, verdict
                    continue
            self._execute = execute
            self._verdicts.clear()
            self._refused = None
            check.item._initrequest()
            reports = runtestprotocol(
                check.item, log=False, nextitem=following.item if following else None
            )
            if self._refused is not None:
                raise self._refused
            verdict = self._verdicts.get(check.id)
            if verdict is None:
                failed = [report.longreprtext for report in reports if report.failed]
                text = failed[0][-2000:] if failed else "it did not run"
                problem = Problem("protocol", f"The check itself failed: {text}")
                verdict = Verdict("internal_error", problem)
            yield check, verdict

    def draw(self, reference: Reference, shipped: Mapping[str, Shipped]) -> None:
        """Learns each check's examples, and the calls that it makes with them.

        Args:
            reference: answers the calls.
            shipped: examples that need not be drawn.

        Raises:
            BadAssignment: when a check rejects the reference.
        """
        self._reference = reference
        for check in self.checks:
            if check.id in shipped:
                check.learn_shipped(shipped[check.id])
        to_draw = [check for check in self.checks if check.id not in shipped]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HypothesisDeprecationWarning)  # assume() is refused
            for check, verdict in self.run(to_draw, self._record):
                if self._refusal is not None:
                    raise self._refusal
                if verdict.outcome != "passed":
                    reason = verdict.problem.message if verdict.problem else verdict.outcome
                    raise BadAssignment(
                        f"The check {check.id} ({check.title}) rejects the assignment's own "
                        f"solution: {reason}"
                    )

    def learned(self) -> dict[str, Shipped]:
        """What was learned of each check, to be shipped."""
        return {
            check.id: Shipped(
                [example.arguments for example in check.examples],
                check.calls,
                [len(example.calls) for example in check.examples],
                frozenset(check.passing),
            )
            for check in self.checks
        }

    def _record(self, check: Check, fixtures: dict[str, Any]) -> Verdict:
        examples: list[Example] = []
        reference = self._reference
        answers: list[Answer | Raised] = []
        body = check.body

        def recorder(*args: object, **kwargs: object) -> None:
            drawn = check.drawn(kwargs, fixtures)
            recording = reference.recording()
            self.student._backend = recording
            if any(type(value).__name__ == "DataObject" for value in drawn.values()):
                raise BadAssignment(
                    "It draws with st.data() while it runs. Its examples are drawn once "
                    "and replayed: draw everything in @given."
                )
            try:
                with contextlib.suppress(LearnedEnough):
                    body(**fixtures, **drawn)
            except UnsatisfiedAssumption:
                raise BadAssignment(
                    "It uses assume() in its body. Its examples are drawn once and "
                    "replayed: filter in the strategy instead."
                ) from None
            examples.append(Example(drawn, tuple(recording.calls)))
            answers.extend(recording.answers)

        try:
            if check.is_drawn:
                for arguments in self._drawn_for(check):
                    recorder(**fixtures, **arguments)
            else:
                recorder(**fixtures)
        except (Mismatch, StudentRaised, AssertionError) as error:
            return Verdict("failed", Problem("value", str(error)))
        except BadAssignment as error:
            self._refusal = BadAssignment(f"{check.id}: {error}")
            return Verdict("failed", Problem("value", str(error)))
        check.learn(examples)
        if reference.complete:
            encoder = Encoder()
            message = [encoder.answer(answer) for answer in answers]
            check.passing.add(Frame.of(encoder.frame(0, message)).digest())
        return Verdict("passed")

    def _drawn_for(self, check: Check) -> Sequence[Mapping[str, Any]]:
        """Checks of a task that draw from the same strategies are given the same examples: drawing
        costs more than most checks, and a call that two of them make is made once."""
        alike = [other for other in self.checks if other.is_drawn and check.draws_like(other)]
        source = max(alike, key=lambda other: other.max_examples)
        if source.id not in self._drawn:
            self._drawn[source.id] = source.draw()
        return self._drawn[source.id][: check.max_examples]

    def _collected(self, paths: Sequence[Path], folder: Path) -> list[pytest.Function]:
        profile = settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        # It keeps tables there, and otherwise makes a folder where the user happens to be.
        set_hypothesis_home_dir(Path(tempfile.gettempdir(), "ohlol-hypothesis"))
        settings.register_profile("ohlol", profile)
        settings.load_profile("ohlol")
        arguments = [
            *map(str, paths), *(word for name in _LEFT_OUT for word in ("-p", f"no:{name}")),
            "-c", os.devnull, "--noconftest", "--rootdir", str(folder),
            "--import-mode=importlib", "--capture=no", "-W", "ignore",
        ]  # fmt: skip
        with _no_plugins():
            config = _prepareconfig(arguments, [_plugin(self)])
        config._do_configure()
        for path in paths:  # another assignment's may be there, under the same name
            sys.modules.pop(module_name_from_path(path, folder), None)
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        try:
            session.perform_collect()
        except pytest.UsageError as error:
            raise BadAssignment(f"The checks could not be collected: {error}") from error
        if session.testsfailed:
            raise BadAssignment("\n".join(self._complaints))
        return [item for item in session.items if isinstance(item, pytest.Function)]

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
            points=points,
            visibility="public" if _public(item.path) else "hidden",
            seed=0,
        )
        digest = hashlib.sha256(f"{self.seed}:{check.id}".encode()).digest()
        check.seed = int.from_bytes(digest[:6], "big")
        return check


def _plugin(suite: Suite) -> object:
    """The kit's part in a pytest session: fixtures, and how an item's function is called."""

    @pytest.fixture(scope="session")
    def student() -> Student:
        return suite.student

    @pytest.fixture(scope="session")
    def run_seed() -> int:
        """For checks that draw by themselves: the same number in every check of a run."""
        return suite.seed

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
        check = suite._by_item[pyfuncitem]
        assert suite._execute is not None
        names = pyfuncitem._fixtureinfo.argnames
        fixtures = {name: pyfuncitem.funcargs[name] for name in names}
        try:
            suite._verdicts[check.id] = suite._execute(check, fixtures)
        except SandboxRefused as refused:
            suite._refused = refused
        return True

    def pytest_collectreport(report: pytest.CollectReport) -> None:
        if report.failed:
            suite._complaints.append(report.longreprtext)

    plugin = ModuleType("ohlol_suite")  # pytest looks for fixtures in modules and classes
    vars(plugin).update(
        student=student,
        run_seed=run_seed,
        pytest_pyfunc_call=pytest_pyfunc_call,
        pytest_collectreport=pytest_collectreport,
    )
    return plugin


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
    """Points add up class by class; classes of one name, such as a hidden one, are one task."""
    if not checks:
        raise BadAssignment("The assignment has no checks.")
    for spec in {id(check.task): check.task for check in checks}.values():
        own = [check for check in checks if check.task is spec]
        total = sum(check.points.points for check in own)
        if abs(total - spec.points) > 1e-9:
            raise BadAssignment(
                f"The task {spec.name} is worth {spec.points:g} points, but its checks add up to "
                f"{total:g}."
            )
    for name in {check.task.name for check in checks}:
        seen: set[str] = set()
        for check in (check for check in checks if check.task.name == name):
            after = check.points.after
            if after is not None and after not in seen:
                raise BadAssignment(
                    f"{check.id} comes after {after}, which is no earlier check of {name}."
                )
            seen.add(check.name)


class _no_plugins:  # noqa: N801 - used as a statement
    """Other pytest plugins of the environment have no say in grades."""

    def __enter__(self) -> None:
        self._patch = pytest.MonkeyPatch()
        self._patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        self._patch.delenv("PYTEST_ADDOPTS", raising=False)
        self._patch.delenv("PYTEST_PLUGINS", raising=False)

    def __exit__(self, *exception: object) -> None:
        self._patch.undo()
