"""`grades.csv`: a class as a table, one row a submission."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from autograder.report import Report
from autograder.writers.plain import one_line

# What a spreadsheet takes for the start of a formula; the wide forms count as well.
_FORMULA = tuple("=+-@＝＋－＠")


def render(reports: Iterable[Report]) -> str:
    """Columns `submission,score,max_score,status`, then one a task; empty where there is no score.

    A grade that the grader failed to find is an empty cell, never a zero, and so are its tasks.
    """
    reports = list(reports)
    tasks = list(dict.fromkeys(task.name for report in reports for task in report.tasks))
    table = io.StringIO(newline="")
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["submission", "score", "max_score", "status", *map(_text, tasks)])
    for report in reports:
        earned: dict[str, str] = {}
        if report.score is not None:
            earned = {task.name: _number(task.score) for task in report.tasks}
        score = "" if report.score is None else _number(report.score)
        rows.writerow(
            [_text(report.submission), score, _number(report.max_score), report.status]
            + [earned.get(task, "") for task in tasks]
        )
    return table.getvalue()


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _text(name: str) -> str:
    """A name that a spreadsheet shows and does not run."""
    name = one_line(name)
    return f"'{name}" if name.startswith(_FORMULA) else name
