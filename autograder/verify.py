"""Proves an assignment: its solution earns everything, its starter nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.assignment import Assignment, BadAssignment, find_assignment
from autograder.grading import Grader
from autograder.release import compare, has_current_examples, release, release_root
from autograder.report import Report
from autograder.submission import find_submissions, read_submission


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was proved, or not.

    Args:
        claim: what should hold.
        holds: whether it does.
        detail: what was found, when it does not.
    """

    claim: str
    holds: bool
    detail: str = ""


def verify(
    assignment: Assignment,
    *,
    seed: int,
    allow_weaker: bool = False,
    progress: Callable[[str], None] = lambda claim: None,
) -> Iterator[Proof]:
    """Proves what an instructor relies on, one claim after the other.

    Args:
        assignment: as its instructor wrote it, with the solution.
        seed: of the examples.
        progress: told each claim before it is tried.

    Raises:
        SandboxRefused: when the sandbox is incomplete.
    """
    if assignment.solution is None:
        raise BadAssignment("Only an assignment with its solution can be verified.")
    progress("The checks hold together and accept the solution")
    try:
        grader = Grader(assignment, seed=seed, allow_weaker=allow_weaker)
    except BadAssignment as error:
        yield Proof("The checks hold together and accept the solution", False, str(error))
        return
    with grader, TemporaryDirectory() as folder:
        yield Proof("The checks hold together and accept the solution", True)

        claim = f"The solution earns {grader.max_score:g} of {grader.max_score:g}"
        progress(claim)
        report = _graded(grader, assignment.solution)
        yield Proof(claim, report.score == report.max_score, _lost(report))

        claim = "The starter can be cut"
        progress(claim)
        try:
            release(assignment, Path(folder))
        except BadAssignment as error:
            yield Proof(claim, False, str(error))
            return
        yield Proof(claim, True)

        for suffix, kind in ((".py", "script"), (".ipynb", "notebook")):
            claim = f"The starter earns nothing, as a {kind}"
            progress(claim)
            report = _graded(grader, Path(folder, assignment.name, assignment.name + suffix))
            yield Proof(claim, report.score == 0, _earned(report))

        if (release_root(assignment) / assignment.name).is_dir():
            claim = "What is released is up to date"
            progress(claim)
            differences = compare(assignment, release_root(assignment))
            if not has_current_examples(assignment, release_root(assignment)):
                differences.append("stale: the examples for practice were drawn for other checks")
            advice = "\n".join([*differences, "Run `ohlol release` to cut it anew."])
            yield Proof(claim, not differences, advice if differences else "")

        claim = "Every task has two to four hints"
        progress(claim)
        poor = [task.name for task in grader.tasks if not 2 <= len(task.hints) <= 4]
        yield Proof(claim, not poor, f"Not so: {', '.join(poor)}" if poor else "")


def verifiable(name: str | None) -> list[Assignment]:
    """The assignment of that name, or all those whose sources are here.

    Raises:
        AssignmentError: when there is none.
    """
    if name is not None:
        return [find_assignment(name)]
    found = [
        find_assignment(path.parent)
        for path in sorted(Path("solutions").glob("*/checks.py"))
        if (path.parent / f"{path.parent.name}.py").exists()
    ]
    if not found:
        raise BadAssignment(
            "There is no assignment under ./solutions. Name one, or make one with `ohlol new NAME`."
        )
    return found


def _graded(grader: Grader, path: Path) -> Report:
    source = find_submissions([path], grader.assignment.name)[0]
    return grader.grade(read_submission(source, grader.assignment.name, grader.names))


def _lost(report: Report) -> str:
    if report.reason:
        return report.reason
    return "\n".join(
        f"{task.name}, {check.name}: {check.problem.message if check.problem else check.outcome}"
        for task in report.tasks
        for check in task.checks
        if check.outcome != "passed"
    )


def _earned(report: Report) -> str:
    return "\n".join(
        f"{task.name}, {check.name} passes without an answer"
        for task in report.tasks
        for check in task.checks
        if check.score
    )
