"""`feedback.html`: what a student reads about one submission, in one file that needs no other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.pictures import loss_curve
from autograder.report import (
    Cells,
    CheckResult,
    Grid,
    Kind,
    Problem,
    Report,
    TaskResult,
    Training,
)
from autograder.writers.html import BROKEN, MARKS, render_template
from autograder.writers.words import (
    KIND_WORDS,
    OUTCOME_WORDS,
    SHRUNK,
    failing_checks,
    is_unwritten,
    unwritten,
    what_is_wrong,
)

_NOTES = 30
_LEVELS = 3  # shades of each sign

# What the two sides are, where they are not simply the student's and the right one.
_SIDES: dict[Kind, tuple[str, str]] = {
    "mutated_argument": ("After the call", "Before the call"),
    "nondeterministic": ("The second time", "The first time"),
}


def render(report: Report) -> str:
    """The page of one submission.

    It shows no expected value of a hidden check, and nothing of what such a check asks for.
    """
    open_tasks = [task for task in report.tasks if task.outcome != "passed"]
    unwritten_tasks = [task for task in open_tasks if _is_only_unwritten(task)]
    tasks = [
        _Task(
            result=task,
            anchor=f"task-{number}",
            mark=_mark(task),
            style=_style(task),
            words=what_is_wrong(task, 99),
            title="" if task.title == task.name or _is_hidden(task) else task.title,
            failures=() if task in unwritten_tasks else tuple(_failures(task)),
        )
        for number, task in enumerate(report.tasks, 1)
    ]
    started = [task for task in tasks if task.failures]
    hinted = [
        task for task in started if not _has_syntax(task.result) and not _is_hidden(task.result)
    ]
    return render_template(
        "feedback.html",
        report=report,
        tasks=tasks,
        passed=len(report.tasks) - len(open_tasks),
        unwritten=unwritten_tasks,
        failing=started if report.status == "graded" else [],
        hint=hinted[0].result.name if hinted else None,
        notes=report.notes[:_NOTES],
        more_notes=max(len(report.notes) - _NOTES, 0),
    )


@dataclass(frozen=True, slots=True)
class _Task:
    result: TaskResult
    anchor: str
    mark: str
    style: str
    words: str
    title: str
    failures: tuple[_Failure, ...]


@dataclass(frozen=True, slots=True)
class _Failure:
    """A check that did not pass, as it is shown: whole, folded in, or by its name alone."""

    check: CheckResult
    words: str
    is_hidden: bool = False
    is_told: bool = False  # by one before it
    is_folded: bool = False
    note: str = ""
    sides: tuple[_Side, ...] = ()
    training: Training | None = None
    curve: Markup | None = None

    @property
    def is_marked(self) -> bool:
        """Whether there are marks to explain."""
        return any(side.is_marked for side in self.sides)


@dataclass(frozen=True, slots=True)
class _Side:
    """The student's value or the right one: drawn where there is a grid, or else told."""

    label: str
    text: str
    form: str = ""
    part: str = ""
    tables: tuple[_Table, ...] = ()
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """Two axes of a grid, or its only one."""

    caption: str
    down: str
    across: str
    columns: tuple[_Index, ...]
    rows: tuple[tuple[_Index | None, tuple[_Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Index:
    value: int
    follows_gap: bool


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    style: str
    is_wrong: bool


def _mark(task: TaskResult) -> str:
    return MARKS["missing"] if is_unwritten(task) else MARKS.get(task.outcome, BROKEN)


def _style(task: TaskResult) -> str:
    if task.outcome == "passed":
        return "passed"
    if task.outcome == "skipped" or is_unwritten(task):
        return "absent"
    return "partial" if task.score else "failed"


def _is_only_unwritten(task: TaskResult) -> bool:
    """Whether there is no more to say than that."""
    return is_unwritten(task) and not any(
        check.problem is not None and check.problem.advice for check in task.checks
    )


def _is_hidden(task: TaskResult) -> bool:
    return all(check.visibility == "hidden" for check in task.checks)


def _has_syntax(task: TaskResult) -> bool:
    return any(check.problem and check.problem.kind == "syntax" for check in task.checks)


def _failures(task: TaskResult) -> Iterator[_Failure]:
    shown: list[Problem] = []
    for check in failing_checks(task, verbose=False):
        problem = check.problem
        words = OUTCOME_WORDS[check.outcome][0]
        if problem is not None and check.outcome != "internal_error":
            words = KIND_WORDS[problem.kind][0]
        if unwritten(check) and not is_unwritten(task):
            words = "not written yet"
        if check.visibility == "hidden":
            yield _Failure(check, words, is_hidden=True)
            continue
        if problem is None:
            yield _Failure(check, words)
            continue
        is_same = any(_says_the_same(problem, other) for other in shown)
        is_related = any(problem.mistake and problem.mistake == other.mistake for other in shown)
        training = None if is_same else problem.training
        yield _Failure(
            check,
            words,
            is_told=is_same,
            is_folded=is_related,
            note="the smallest call that fails"
            if problem.kind in SHRUNK and problem.training is None
            else "the call",
            sides=() if is_same else tuple(_sides(problem)),
            training=training,
            curve=Markup(loss_curve(training)) if training is not None else None,
        )
        shown.append(problem)


def _says_the_same(one: Problem, other: Problem) -> bool:
    return one == other or (
        (one.kind, one.message, one.where) == (other.kind, other.message, other.where)
        and one.actual is None
    )


def _sides(problem: Problem) -> Iterator[_Side]:
    labels = _SIDES.get(problem.kind, ("Yours", "Expected"))
    grids = {grid.side: grid for grid in problem.grids}
    highest = max((_highest(grid.values) for grid in problem.grids), default=0.0)
    for label, side, text in (
        (labels[0], "actual", problem.actual),
        (labels[1], "expected", problem.expected),
    ):
        grid = next((grid for name, grid in grids.items() if name == side), None)
        if grid is not None:
            yield _Side(
                label, "", _form(grid), _part(grid), tuple(_tables(grid, highest)), bool(grid.wrong)
            )
        elif text is not None:
            yield _Side(label, text)


def _form(grid: Grid) -> str:
    shape = f"({', '.join(map(str, grid.shape))}{',' if len(grid.shape) == 1 else ''})"
    if grid.dtype in ("list", "tuple"):
        return f"{grid.dtype} of {grid.shape[0]:,}"
    names = f"({', '.join(grid.axes)}) = " if grid.axes else ""
    return f"{grid.dtype}, {names}{shape}"


def _part(grid: Grid) -> str:
    if grid.is_whole:
        return ""
    kept, whole = math.prod(map(len, grid.kept)), math.prod(grid.shape)
    return f"{kept:,} of {whole:,} elements; dotted lines stand where others are left out."


def _tables(grid: Grid, highest: float) -> Iterator[_Table]:
    """The grid's last two axes as a table, one for each place on the axes before them."""
    names = grid.axes or tuple(f"axis {axis}" for axis in range(len(grid.shape)))
    if not grid.axes and len(grid.shape) == 1:
        names = ("",)  # there is no other that it could be
    wrong = frozenset(grid.wrong)
    *outer, last = grid.kept
    down = outer.pop() if outer else None
    columns = _indices(last)
    for place in itertools.product(*outer):
        values = grid.values
        for index, indices in zip(place, outer, strict=True):
            values = _at(values, indices.index(index))
        rows: list[tuple[_Index | None, tuple[_Cell, ...]]] = []
        for row in [None] if down is None else _indices(down):
            cells = values if row is None or down is None else _at(values, down.index(row.value))
            here = place if row is None else (*place, row.value)
            rows.append(
                (
                    row,
                    tuple(
                        _cell(_at(cells, number), highest, (*here, column.value) in wrong)
                        for number, column in enumerate(columns)
                    ),
                )
            )
        yield _Table(
            caption=", ".join(f"{name} = {index}" for name, index in zip(names, place)),
            down="" if down is None else names[-2],
            across=names[-1],
            columns=columns,
            rows=tuple(rows),
        )


def _indices(kept: Sequence[int]) -> tuple[_Index, ...]:
    before = [-1, *kept]
    return tuple(
        _Index(index, index != last + 1) for last, index in zip(before, kept, strict=False)
    )


def _at(cells: Cells, place: int) -> Cells:
    assert isinstance(cells, tuple)
    return cells[place]


def _cell(value: Cells, highest: float, is_wrong: bool) -> _Cell:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    if isinstance(value, (str, tuple)):
        return _Cell(text, "odd", is_wrong)
    level = math.ceil(_LEVELS * (abs(value) / highest)) if highest else 0
    sign = "n" if value < 0 else "p"
    return _Cell(text, f"{sign}{level}" if level else "", is_wrong)


def _highest(cells: Cells) -> float:
    if isinstance(cells, tuple):
        return max(map(_highest, cells), default=0.0)
    return 0.0 if isinstance(cells, str) else abs(float(cells))
