"""`grades.csv`: a class as a table, one row a submission."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from autograder.summary import Summary
from autograder.writers.plain import one_line

if TYPE_CHECKING:
    from autograder.roster import Student

# What a spreadsheet takes for the start of a formula; the wide forms count as well.
_FORMULA = tuple("=+-@＝＋－＠")


def render(summaries: Iterable[Summary], names: Mapping[str, str] | None = None) -> str:
    """Columns `submission,score,max_score,status`, then one a task; empty where there is no score.

    A grade that the grader failed to find is an empty cell, never a zero, and so are its tasks.
    With `names`, of submissions whose students are known, a last column `name` follows.
    """
    summaries = list(summaries)
    tasks = list(dict.fromkeys(task.name for one in summaries for task in one.tasks))
    table = io.StringIO(newline="")
    rows = csv.writer(table, lineterminator="\n")
    named = [] if names is None else ["name"]
    rows.writerow(["submission", "score", "max_score", "status", *map(_text, tasks), *named])
    for one in summaries:
        earned: dict[str, str] = {}
        if one.score is not None:
            earned = {task.name: _number(task.score) for task in one.tasks}
        score = "" if one.score is None else _number(one.score)
        rows.writerow(
            [_text(one.submission), score, _number(one.max_score), one.status]
            + [earned.get(task, "") for task in tasks]
            + ([] if names is None else [_text(names.get(one.submission, ""))])
        )
    return table.getvalue()


def render_missing(missing: Iterable[tuple[Student, str]]) -> str:
    """Columns `name,id,username,email,remark`: who of a roster has handed in nothing."""
    table = io.StringIO(newline="")
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["name", "id", "username", "email", "remark"])
    for student, remark in missing:
        number = student.ids[0] if student.ids else ""
        cells = (student.name, number, student.username, student.email, remark)
        rows.writerow(map(_text, cells))
    return table.getvalue()


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _text(name: str) -> str:
    """A name that a spreadsheet shows and does not run."""
    name = one_line(name)
    return f"'{name}" if name.startswith(_FORMULA) else name
