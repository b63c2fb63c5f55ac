"""A submission that answers call by call, for checks run by pytest itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.assignment import AssignmentNotFound, find_assignment
from autograder.checks import Mismatch
from autograder.grading import problem_of
from autograder.reference import starter_imports
from autograder.sandbox.host import StudentGone, open_sandbox
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import StudentSession
from autograder.student import Live, Student, StudentRaised
from autograder.submission import find_submissions, read_submission

_SEED = 0


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
            student._backend = Live(lambda call: session.answer(call, _SEED))
            yield student
        finally:
            session.close()
    finally:
        sandbox.close()


def explain(error: BaseException, student: Any) -> str | None:
    """A failure as students read it; None when it is not one of theirs."""
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
