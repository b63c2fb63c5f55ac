"""Judges one submission: replays the examples on its answers, and makes failures small.

All the answers of a check come in one frame. Only a failure goes back to Hypothesis, and only a
frame that did not come is asked for again call by call.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from autograder.checks import Mismatch
from autograder.errors import SandboxRefused
from autograder.evidence import observe, observe_beside, observe_raised, tell_apart
from autograder.mistakes import Catalogue, Observed, same_answer
from autograder.sandbox.host import StudentGone
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import StudentSession
from autograder.sandbox.wire import FROM_STUDENT, Answer, Call, Frame, Raised
from autograder.student import Live, Replaying, StudentRaised
from autograder.suite import Check, Suite
from autograder.training import explained
from autograder.verdicts import Failure, Verdict, gone_verdict, missing_verdict

_SHRINK_SECONDS = 5.0
_KEPT_BYTES = 4 * 2**20  # of a check's answers, for comparing them with known mistakes


class Judge:
    """Judges one submission.

    Args:
        suite: the checks, with their examples.
        session: the submission's code, loaded.
        limits: what it may use.
        practice: show what a check says although it cannot earn anything.
        shrinks: make failures small.
    """

    def __init__(
        self,
        suite: Suite,
        session: StudentSession,
        limits: Limits,
        *,
        practice: bool = False,
        shrinks: bool = True,
    ) -> None:
        self._suite = suite
        self._session = session
        self._limits = limits
        self._practice = practice
        self._shrinks = shrinks
        self._answered: dict[str, Frame | list[Answer | Raised]] = {}
        self._hung: set[str] = set()  # functions that did not come back: not worth a frame again
        self._passing_calls: list[Call] = []  # of the check that was replayed last
        self._arrived: dict[str, Frame | StudentGone] = {}  # answers that have to be looked at
        self.verdicts: dict[str, Verdict] = {}
        """By the checks' ids, as far as they were judged."""

    def judge(self, checks: Sequence[Check]) -> None:
        """Judges these checks, in their order."""
        for check, verdict in self._suite.run(checks, self._judged, self._known):
            self.verdicts[check.id] = verdict

    def survives(self, checks: Sequence[Check]) -> bool:
        """Whether all of these checks pass; no further one is run once one does not."""
        for check, verdict in self._suite.run(checks, self._judged, self._known):
            self.verdicts[check.id] = verdict
            if verdict.outcome != "passed":
                return False
        return True

    def diagnose(self, catalogue: Callable[[], Catalogue], lang: str) -> None:
        """Names known mistakes that answer as the submission did, wherever a task was checked.

        Args:
            catalogue: called only when something failed.
        """
        for check in self._suite.checks:
            verdict = self.verdicts.get(check.id)
            if verdict is None or verdict.problem is None or not self._is_comparable(check):
                continue
            seen = [
                Observed(other.id, other.seed, other.calls, self._answers_to(other))
                for other in self._suite.checks
                if other.task.name == check.task.name and self._is_comparable(other)
            ]
            failed = next(one for one in seen if one.check == check.id)
            mistake = catalogue().explaining(check.task.name, failed, seen)
            if mistake is not None:
                advice = mistake.advice.get(lang) or mistake.advice["en"]
                self.verdicts[check.id] = verdict.advised(advice, mistake.id)

    def _is_comparable(self, check: Check) -> bool:
        return check.points.compared and check.id in self._answered

    def _answers_to(self, check: Check) -> list[Answer | Raised]:
        answered = self._answered[check.id]
        if isinstance(answered, Frame):
            answered = self._answered[check.id] = answered.decoded().answers(len(check.calls))
        return answered

    def _known(self, check: Check) -> Verdict | None:
        """The verdict on answers that are known to pass; most are, and cost no more than this."""
        if self._is_moot(check) or self._missing(check) or self._hangs(check):
            return None
        try:
            frame = self._session.answers(check.id, check.seed)
        except StudentGone as gone:
            self._arrived[check.id] = gone
            return None
        if frame.digest() not in check.passing:
            self._arrived[check.id] = frame
            return None
        self._answered[check.id] = frame
        return Verdict("passed")

    def _missing(self, check: Check) -> str | None:
        """The first name that the check needs and the submission does not define as it should."""
        session = self._session
        functions = {call.function for call in check.calls}
        for name in check.needs:
            if name not in session.names or (name in functions and name in session.others):
                return name
        return None

    def _hangs(self, check: Check) -> bool:
        return bool(self._hung & {call.function for call in check.calls})

    def _judged(self, check: Check, fixtures: dict[str, Any]) -> Verdict:
        if not self._is_moot(check):
            return self._judged_on_its_own(check, fixtures)
        if not (self._practice and check.points.shown_anyway):
            return Verdict("skipped")
        verdict = self._judged_on_its_own(check, fixtures)
        return Verdict("skipped") if verdict.outcome == "passed" else verdict

    def _is_moot(self, check: Check) -> bool:
        """Whether the check that it comes after did not pass."""
        after = check.points.after
        if after is None:
            return False
        before = next(
            c for c in self._suite.checks if c.task.name == check.task.name and c.name == after
        )
        return self.verdicts[before.id].outcome != "passed"

    def _judged_on_its_own(self, check: Check, fixtures: dict[str, Any]) -> Verdict:
        session = self._session
        name = self._missing(check)
        if name is not None:
            wanted = [name for task in self._suite.tasks for name in task.provides]
            return missing_verdict(
                name, session.names, session.failures, wanted, session.notes,
                session.others.get(name),
            )  # fmt: skip
        if self._hangs(check):
            gone = StudentGone("timeout", "it did not finish in time in another check")
            return self._one_by_one(check, fixtures, gone)
        try:
            frame = self._arrived.pop(check.id, None) or session.answers(check.id, check.seed)
            if isinstance(frame, StudentGone):
                raise frame
            answers = session.read(frame, len(check.calls))
        except StudentGone as gone:
            return self._one_by_one(check, fixtures, gone)
        if len(frame.body) <= _KEPT_BYTES:
            self._answered[check.id] = answers
        live = _LiveCalls(session, check.seed, time.monotonic() + _SHRINK_SECONDS)
        try:
            failures = self._replay(check, fixtures, answers, live)
        except StudentGone as gone:  # over a call that nobody foresaw
            return gone_verdict(gone, self._suite.student._last_call)
        if failures:
            return self._explained(check, fixtures, failures, live, self._shrinks)
        if not live.made:  # otherwise it also depended on answers outside the frame
            check.passing.add(frame.digest())
        return Verdict("passed")

    def _replay(
        self,
        check: Check,
        fixtures: dict[str, Any],
        answers: Sequence[Answer | Raised],
        live: _LiveCalls,
    ) -> list[Failure]:
        """Runs the check's body on every example whose answers are at hand."""
        failures: list[Failure] = []
        self._passing_calls = []
        student = self._suite.student
        position = 0
        for example in check.examples:
            replies = answers[position : position + len(example.calls)]
            position += len(example.calls)
            if position > len(answers):
                break  # no more came
            student._backend = Replaying(example.calls, replies, live.answer)
            try:
                with _assertions_are_mismatches():
                    check.body(**fixtures, **example.arguments)
            except (Mismatch, StudentRaised) as error:
                lesson = error.lesson if isinstance(error, Mismatch) else None
                call = lesson.call if lesson is not None else student._last_call
                failures.append(Failure(error, call))
            else:
                self._passing_calls.extend(example.calls[:1])
        return failures

    def _explained(
        self,
        check: Check,
        fixtures: dict[str, Any],
        failures: list[Failure],
        live: _LiveCalls,
        shrinks: bool,
    ) -> Verdict:
        failures = [failure for failure in failures if not failure.unwritten] or failures
        smallest = min(failures, key=Failure.size)
        if smallest.unwritten:
            return smallest.verdict()
        evidence = self._evidence(failures)
        if shrinks:
            evidence = evidence or self._randomness(check, smallest.call)
        if shrinks and check.is_drawn:
            smallest = self._made_smaller(check, fixtures, smallest, live)
        verdict = smallest.verdict().advised(evidence) if evidence else smallest.verdict()
        lesson = smallest.error.lesson if isinstance(smallest.error, Mismatch) else None
        if lesson is not None and shrinks:
            return explained(verdict, lesson, live.answer)
        return verdict

    def _evidence(self, failures: Sequence[Failure]) -> str | None:
        """What can be said without knowing the mistake."""
        failing = [failure.call for failure in failures if failure.call is not None]
        wrong = [
            (failure.error, failure.call)
            for failure in failures
            if isinstance(failure.error, Mismatch) and failure.call is not None
        ]
        if len(wrong) == len(failures):
            evidence = observe([error for error, _ in wrong]) or observe_beside(wrong)
            if evidence is not None:
                return evidence
        raised = [f.error.raised.message for f in failures if isinstance(f.error, StudentRaised)]
        calls = [f.call for f in failures if isinstance(f.error, StudentRaised) and f.call]
        return observe_raised(raised, calls) or tell_apart(self._passing_calls, failing)

    def _randomness(self, check: Check, call: Call | None) -> str | None:
        if call is None or call.function in self._hung:
            return None
        with contextlib.suppress(StudentGone):
            one, other = (self._session.answer(call, check.seed + step) for step in (0, 1))
            if not same_answer(one, other, call):
                return (
                    "Asked twice with the same arguments, your code answers differently: "
                    "something in it is random, or was never filled."
                )
        return None

    def _made_smaller(
        self, check: Check, fixtures: dict[str, Any], smallest: Failure, live: _LiveCalls
    ) -> Failure:
        """The smallest failure that Hypothesis finds, if it finds one that is no larger."""
        found: Failure | None = None
        refused: SandboxRefused | None = None
        body, student = check.body, self._suite.student

        def watched(*args: object, **kwargs: object) -> None:
            nonlocal found, refused
            try:
                with _assertions_are_mismatches():
                    body(**fixtures, **check.drawn(kwargs, fixtures))
                return
            except (Mismatch, StudentRaised) as error:
                failure = Failure(error, student._last_call)
            except SandboxRefused as error:  # Hypothesis would take it for a failing example
                refused = error
                raise _OutOfTime from None
            if found is None or failure.size() < found.size():
                found = failure
            # Hypothesis keeps what it sees raised, and this frame with it: not the answers, which
            # may be large.
            del failure
            raise _Failed

        student._backend = Live(live.answer)
        # Whatever ends it: the failures found so far say enough.
        with contextlib.suppress(Exception, StudentGone):
            check.with_body(watched, fixtures)
        if refused is not None:
            raise refused
        return min(filter(None, (found, smallest)), key=Failure.size)

    def _one_by_one(self, check: Check, fixtures: dict[str, Any], gone: StudentGone) -> Verdict:
        """The frame's deadline passed or the process ended: which call was it?"""
        answers: list[Answer | Raised] = []
        kept = 0
        deadline = time.monotonic() + self._limits.check_seconds
        # Every call may answer by itself, yet not all in one go: it depends on what ran before.
        end = gone_verdict(gone, None)
        for call in check.calls:
            if time.monotonic() > deadline:
                break
            kept += _bytes_of(answers[-1:])
            if kept > FROM_STUDENT.body:
                break  # one by one they pass, and not together
            try:
                answers.append(self._session.answer(call, check.seed))
            except StudentGone as again:
                if again.kind == "timeout":
                    self._hung.add(call.function)
                end = gone_verdict(again, call)
                break
        # What did come may be wrong, which says more than that the rest did not.
        live = _LiveCalls(self._session, check.seed, deadline)
        try:
            failures = self._replay(check, fixtures, answers, live)
        except StudentGone as again:
            return gone_verdict(again, self._suite.student._last_call)
        # Of large answers no more are asked for: Hypothesis would hold on to them.
        shrinks = self._shrinks and kept <= _KEPT_BYTES
        return self._explained(check, fixtures, failures, live, shrinks) if failures else end


@contextlib.contextmanager
def _assertions_are_mismatches() -> Iterator[None]:
    """A plain `assert` in a check speaks of the student's answer, as `close` does."""
    try:
        yield
    except AssertionError as error:
        told = str(error).partition("\n")[0]
        raise Mismatch("value", told or "What this check asserts does not hold.") from None


def _bytes_of(value: object) -> int:
    """Of the tensors in answers."""
    if isinstance(value, Tensor):
        return value.numel() * value.element_size()
    if isinstance(value, Answer):
        return _bytes_of(value.value) + _bytes_of(value.extra)
    if isinstance(value, dict):
        return sum(map(_bytes_of, value.values()))
    return sum(map(_bytes_of, value)) if isinstance(value, (list, tuple)) else 0


class _Failed(Exception):
    """The check's body failed; how is known already."""


class _OutOfTime(StudentGone):
    def __init__(self) -> None:
        super().__init__("timeout", "making the failure smaller took too long")


@dataclass(slots=True)
class _LiveCalls:
    """Calls made one by one, until a deadline."""

    session: StudentSession
    seed: int
    deadline: float
    made: int = 0

    def answer(self, call: Call) -> Answer | Raised:
        self.made += 1
        if time.monotonic() > self.deadline:
            raise _OutOfTime
        return self.session.answer(call, self.seed)
