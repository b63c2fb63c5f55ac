"""How a check ended for a submission, in the words that the student reads."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.checks import Mismatch
from autograder.display import call_text, size_of, value_text
from autograder.grids import grids
from autograder.report import Kind, Outcome, Problem
from autograder.sandbox.host import GoneKind, StudentGone
from autograder.sandbox.session import LoadFailure
from autograder.sandbox.wire import Call, Raised
from autograder.student import StudentRaised


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ended for a submission."""

    outcome: Outcome
    problem: Problem | None = None

    def advised(self, advice: str, mistake: str | None = None) -> Verdict:
        """The same with what is probably wrong."""
        if self.problem is None:
            return self
        problem = dataclasses.replace(self.problem, advice=advice, mistake=mistake)
        return Verdict(self.outcome, problem)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed comparison or an exception, and the call that it came with."""

    error: Mismatch | StudentRaised
    call: Call | None

    def size(self) -> tuple[bool, int, int]:
        """How much there is to read in the call; more than anything if it leaves a doubt."""
        vague = isinstance(self.error, Mismatch) and self.error.is_vague
        return (vague, *(size_of(self.call) if self.call is not None else (0, 0)))

    @property
    def unwritten(self) -> bool:
        """Whether the starter's own placeholder was reached."""
        error = self.error
        return isinstance(error, StudentRaised) and error.raised.is_unwritten

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
                grids=grids(error.expected, error.actual, error.axes),
            )
            return Verdict("failed", problem)
        raised = error.raised
        if self.unwritten:
            name = self.call.function.lstrip(".") if self.call is not None else "it"
            message = f"{name} is not written yet: it still raises NotImplementedError."
            return Verdict("error", Problem("raised", message, where=raised.where or None))
        where = raised.where or None
        if _out_of_memory(raised):
            return Verdict("memory", Problem("memory", _asked_for(raised), call, where=where))
        message = f"Your code raised {_sentence(raised)}"
        advice = _FORBIDDEN if _was_denied(raised) else None
        return Verdict("error", Problem("raised", message, call, advice=advice, where=where))


def problem_of(error: Mismatch | StudentRaised | StudentGone, call: Call | None) -> Problem:
    """What a failure of a call tells the student."""
    if isinstance(error, StudentGone):
        problem = gone_verdict(error, call).problem
    else:
        problem = Failure(error, call).verdict().problem
    assert problem is not None
    return problem


_GONE: dict[GoneKind, tuple[Outcome, Kind, str]] = {
    "timeout": (
        "timeout", "timeout", "your code did not finish in time. Is there a loop that never ends?"
    ),
    "memory": ("memory", "memory", "your code used more memory than it may."),
    "output_limit": ("crashed", "output_limit", "your code printed more than it may."),
    "disk": ("crashed", "output_limit", "your code wrote more files than it may."),
    "protocol": ("crashed", "protocol", "your code's process did not answer as it should."),
    "crashed": ("crashed", "crashed", "your code ended its own process"),
}  # fmt: skip


def gone_verdict(gone: StudentGone, call: Call | None, start: str = "") -> Verdict:
    """Of a process that ended, or had to be ended, over a call (if it is known over which)."""
    outcome, kind, sentence = _GONE[gone.kind]
    if gone.kind == "crashed":
        sentence += f" ({gone.message})."
    message = start + (sentence if start else sentence[0].upper() + sentence[1:])
    return Verdict(outcome, Problem(kind, message, call_text(call) if call else None))


def missing_verdict(
    name: str,
    defined: Collection[str],
    failures: Sequence[LoadFailure],
    wanted: Collection[str],
    notes: Collection[str] = (),
    found: str | None = None,
) -> Verdict:
    """Why there is nothing of that name that can be called.

    Args:
        defined: the names that there are.
        failures: the statements that did not run.
        wanted: all the names that students are asked for.
        notes: what was noticed while the code was loaded.
        found: the type of what bears the name, where something does.
    """
    for failure in failures:
        if name in failure.binds:
            return _not_loaded(failure)
    if found is not None:
        article = "an" if found[:1].lower() in "aeiou" else "a"
        message = f"{name} is {article} {found}, not a function. Is the name used twice?"
        return Verdict("missing", Problem("missing", message))
    message = f"There is no {name} in your work."
    similar = _similar(name, sorted(set(defined) - set(wanted)))
    advice = None
    if similar:
        advice = f"You have {similar}: is that the one? The name must be exactly {name}."
    else:
        advice = next((note for note in notes if re.search(rf"\b{name}\b", note)), None)
    return Verdict("missing", Problem("missing", message, advice=advice))


def _similar(name: str, others: Sequence[str]) -> str | None:
    """A name that was probably meant: the same but for case and underscores, or nearly the same."""

    def plain(text: str) -> str:
        return text.casefold().replace("_", "")

    alike = [other for other in others if plain(other) == plain(name)]
    return next(iter(alike or difflib.get_close_matches(name, others, 1, 0.7)), None)


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


def _out_of_memory(raised: Raised) -> bool:
    return "MemoryError" in raised.types or (
        "RuntimeError" in raised.types and "allocate memory" in raised.message
    )


_FORBIDDEN = (
    "Starting programs and threads, the network, and files outside of the working folder are not "
    "available while your work is graded. The task needs none of them."
)


def _was_denied(raised: Raised) -> bool:
    return "PermissionError" in raised.types or "can't start new thread" in raised.message


def _asked_for(raised: Raised) -> str:
    asked = re.search(r"allocate (\d+) bytes", raised.message)
    if asked is None:
        return "Your code asked for more memory than it may have."
    gigabytes = int(asked[1]) / 2**30
    return f"Your code asked for {gigabytes:.1f} GB at once, which is more than it may have."


def _sentence(raised: Raised) -> str:
    text = f"{raised.types[0]}: {raised.message}" if raised.message else raised.types[0]
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."
