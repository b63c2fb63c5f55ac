"""A submission that answers call by call, for checks run by pytest itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.assignment import AssignmentNotFound, find_assignment
from autograder.checks import Mismatch
from autograder.errors import SandboxRefused, Unusable
from autograder.reference import starter_imports
from autograder.sandbox.host import StudentGone, open_sandbox
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import StudentSession
from autograder.sandbox.wire import Answer, Call, Model, Raised
from autograder.student import Live, Student, StudentRaised
from autograder.submission import UnreadableSubmission, find_submissions, read_submission
from autograder.verdicts import problem_of

_SEED = 0


class _Missing(Exception):
    """The submission has nothing of that name."""


@contextmanager
def live_student(path: Path, checks: Path) -> Iterator[Student]:
    """The student of a submission, in a confined process until the block ends.

    Args:
        path: the submission.
        checks: the folder of the checks, or one inside of it.

    Raises:
        UnreadableSubmission, BadInput, SandboxRefused: as they say.
    """
    try:
        assignment = find_assignment(checks.parent if checks.name == ".ohlol" else checks)
    except AssignmentNotFound:
        assignment = find_assignment(path.stem)
    limits = Limits(submission_seconds=3600.0)
    sandbox = open_sandbox(limits, closed=[assignment.folder])
    try:
        submission = read_submission(
            find_submissions([path], assignment.name)[0], assignment.name, ()
        )
        session = StudentSession(
            sandbox,
            [(cell.label, cell.first_line, cell.source) for cell in submission.cells],
            module=assignment.name,
            prelude=starter_imports(assignment),
            limits=limits,
            seed=_SEED,
        )
        try:
            session.load()
            student = Student()
            student._backend = Live(lambda call: _answer(session, call))
            yield student
        finally:
            session.close()
    finally:
        sandbox.close()


def _answer(session: StudentSession, call: Call) -> Answer | Raised:
    models = [arg.class_name for arg in call.args if isinstance(arg, Model)]
    for name in [call.function, *models]:
        if not name.startswith(".") and name not in session.names:
            reasons = [f"{f.where}: {f.message}" for f in session.failures if name in f.binds]
            raise _Missing("\n".join([f"There is no {name} in the submission.", *reasons]))
    return session.answer(call, _SEED)


def explain(error: BaseException, student: Any) -> str | None:
    """A failure as students read it; None when it is neither theirs nor the submission's."""
    while isinstance(error, BaseExceptionGroup):  # of Hypothesis, for several failures of a check
        error = error.exceptions[0]
    if isinstance(error, (_Missing, Unusable, UnreadableSubmission, SandboxRefused)):
        return str(error)
    if not isinstance(error, (Mismatch, StudentRaised, StudentGone)):
        return None
    problem = problem_of(error, student._last_call if isinstance(student, Student) else None)
    parts = [problem.message]
    if problem.call is not None:
        parts.append(f"smallest failing call:\n{_indented(problem.call)}")
    if problem.actual is not None:
        parts.append(f"yours:\n{_indented(problem.actual)}")
    if problem.expected is not None:
        parts.append(f"expected:\n{_indented(problem.expected)}")
    if problem.where is not None:
        parts.append(f"where: {problem.where}")
    return "\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
