"""Proves an assignment: everything that an instructor relies on, tried out.

The solution earns everything and the starter nothing; every correct style earns everything; every
known mistake fails the checks it names, costs no other task and is recognised by name; and no small
change to the solution goes unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.assignment import Assignment, AssignmentNotFound, BadAssignment, find_assignment
from autograder.grading import Grader
from autograder.mistakes import Catalogue, Mistake
from autograder.mutation import EQUIVALENT, Mutant, arguments, mutants
from autograder.release import compare, has_current_examples, release, release_root
from autograder.report import Report
from autograder.sandbox.limits import Limits
from autograder.submission import Cell, Submission, find_submissions, read_submission

# A mutant's endless loop need not be waited for as long as a student's slow code.
_LIMITS = Limits(check_seconds=4.0, call_seconds=1.0)


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


Progress = Callable[[str, int, int], None]
"""Told what is being tried, how many steps of it are done, and how many there are."""


def verify(
    assignment: Assignment,
    *,
    seed: int,
    allow_weaker: bool = False,
    mutate: bool = True,
    progress: Progress = lambda claim, done, total: None,
) -> Iterator[Proof]:
    """Proves one claim after the other.

    Args:
        assignment: as its instructor wrote it, with the solution.
        seed: of the examples.
        mutate: change the solution in many ways, which takes the longest.
        progress: told what is being tried.

    Raises:
        SandboxRefused: when the sandbox is incomplete.
    """
    if assignment.solution is None:
        raise BadAssignment("Only an assignment with its solution can be verified.")
    claim = "The checks hold together and accept the solution"
    progress(claim, 0, 1)
    try:
        grader = Grader(assignment, seed=seed, limits=_LIMITS, allow_weaker=allow_weaker)
    except BadAssignment as error:
        yield Proof(claim, False, str(error))
        return
    yield Proof(claim, True)
    with grader:
        proofs = _Proofs(grader, assignment, assignment.solution, progress)
        yield proofs.solution()
        yield from proofs.starter()
        if (release_root(assignment) / assignment.name).is_dir():
            yield proofs.up_to_date()
        yield proofs.hints()
        if any(assignment.folder.glob("styles/*.py")):
            yield proofs.styles()
        if proofs.catalogue.mistakes:
            yield proofs.mistakes()
        if mutate:
            yield from proofs.mutants()


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
        raise AssignmentNotFound(
            "There is no assignment under ./solutions. Name one, or make one with `ohlol new NAME`."
        )
    return found


class _Proofs:
    def __init__(
        self, grader: Grader, assignment: Assignment, solution: Path, progress: Progress
    ) -> None:
        self._grader = grader
        self._assignment = assignment
        self._solution = solution
        self._progress = progress
        self.catalogue = Catalogue.of(assignment.folder)

    def solution(self) -> Proof:
        maximum = f"{self._grader.max_score:g}"
        claim = f"The solution earns {maximum} of {maximum}"
        self._progress(claim, 0, 1)
        report = self._graded(self._solution)
        return Proof(claim, report.score == report.max_score, _lost(report))

    def starter(self) -> Iterator[Proof]:
        claim = "The starter can be cut"
        self._progress(claim, 0, 1)
        with TemporaryDirectory() as folder:
            try:
                release(self._assignment, Path(folder))
            except BadAssignment as error:
                yield Proof(claim, False, str(error))
                return
            yield Proof(claim, True)
            name = self._assignment.name
            for suffix, kind in ((".py", "script"), (".ipynb", "notebook")):
                claim = f"The starter earns nothing, as a {kind}"
                self._progress(claim, 0, 1)
                report = self._graded(Path(folder, name, name + suffix))
                yield Proof(claim, report.score == 0, _earned(report))

    def up_to_date(self) -> Proof:
        claim = "What is released is up to date"
        self._progress(claim, 0, 1)
        root = release_root(self._assignment)
        differences = compare(self._assignment, root)
        if not has_current_examples(self._assignment, root):
            differences.append("stale: the examples for practice were drawn for other checks")
        advice = "\n".join([*differences, "Run `ohlol release` to cut it anew."])
        return Proof(claim, not differences, advice if differences else "")

    def hints(self) -> Proof:
        poor = [task.name for task in self._grader.tasks if not 2 <= len(task.hints) <= 4]
        detail = f"Not so: {', '.join(poor)}" if poor else ""
        return Proof("Every task has two to four hints", not poor, detail)

    def styles(self) -> Proof:
        paths = sorted(self._assignment.folder.glob("styles/*.py"))
        claim = f"Each of {len(paths)} correct styles earns everything"
        wrong = []
        for done, path in enumerate(paths):
            self._progress(claim, done, len(paths))
            style = self._over_solution(path.stem, path.read_text(encoding="utf-8"))
            report = self._grader.grade(style)
            if report.score != report.max_score:
                wrong.append(f"{path.stem}: {_lost(report)}")
        return Proof(claim, not wrong, "\n".join(wrong))

    def mistakes(self) -> Proof:
        known = self.catalogue.mistakes
        claim = (
            f"Each of {len(known)} known mistakes fails the checks it names, costs no other task "
            "and is recognised"
        )
        wrong = []
        for done, mistake in enumerate(known):
            self._progress(claim, done, len(known))
            fault = self._fault(mistake)
            if fault:
                wrong.append(f"{mistake.task}/{mistake.id}: {fault}")
        return Proof(claim, not wrong, "\n".join(wrong))

    def _fault(self, mistake: Mistake) -> str:
        """What does not hold of a known mistake; nothing when all does."""
        provided = {task.name: set(task.provides) for task in self._grader.tasks}
        if mistake.task not in provided:
            return f"there is no task {mistake.task}"
        submission = self._over_solution(mistake.id, mistake.source)
        verdicts = self._grader.judged(submission, mistake.task)
        for name in mistake.fails:
            if name not in verdicts:
                return f"the task has no check {name}"
            if verdicts[name].outcome == "passed":
                return f"it passes {name}"
        # What defines nothing that another task provides cannot cost it, since tasks never call
        # one another; where names meet, it is tried out.
        for task, names in provided.items():
            meets = task != mistake.task and names & mistake.defines
            if meets and not self._grader.survives(submission, task):
                return f"it costs {task} as well"
        named = {verdict.problem.mistake for verdict in verdicts.values() if verdict.problem}
        if mistake.id not in named:
            other = next((name for name in named if name), None)
            return f"it is taken for {other}" if other else "it is not recognised"
        return ""

    def mutants(self) -> Iterator[Proof]:
        changed = list(mutants(self._assignment))
        argued = arguments(self._assignment.folder)
        claim = f"None of {len(changed)} small changes to the solution goes unnoticed"
        surviving = []
        for done, mutant in enumerate(changed):
            self._progress(claim, done, len(changed))
            if self._survives(mutant):
                surviving.append(mutant)
        if argued:
            claim += f", but for {len(argued)} argued equivalent in {EQUIVALENT}"
        holes = [m for m in surviving if not any(a.covers(m) for a in argued)]
        yield Proof(claim, not holes, "\n".join(map(_shown, holes)))
        if argued:
            stale = [
                f"{a.task}: `{a.before}` → `{a.after}` "
                + ("is noticed" if any(map(a.covers, changed)) else "is no change to this solution")
                for a in argued
                if not any(map(a.covers, surviving))
            ]
            claim = f"Every change in {EQUIVALENT} is one, and goes unnoticed"
            yield Proof(claim, not stale, "\n".join(stale))

    def _survives(self, mutant: Mutant) -> bool:
        return self._grader.survives(self._over_solution("mutant", mutant.source), mutant.task)

    def _graded(self, path: Path) -> Report:
        return self._grader.grade(self._read(path))

    def _over_solution(self, name: str, source: str) -> Submission:
        """The solution with another text below it, as students write over stubs."""
        solution = self._read(self._solution)
        cells = (*solution.cells, Cell(source, name, 1))
        return Submission(name, name, cells, (), solution.digest)

    def _read(self, path: Path) -> Submission:
        source = find_submissions([path], self._assignment.name)[0]
        return read_submission(source, self._assignment.name, self._grader.names)


def _shown(mutant: Mutant) -> str:
    return f"{mutant.task}: `{mutant.before}` became `{mutant.after}`, and every check passes"


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
