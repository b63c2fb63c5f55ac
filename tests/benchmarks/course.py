"""The same work by nbgrader, in a course whose grade cells run the same checks.

As an instructor would set it up: a source notebook with the solution and one grade cell for each
task, `nbgrader generate_assignment`, the students' notebooks in ``submitted/``, `nbgrader
autograde`. The checks are the assignment's own, run by plain Hypothesis on the notebook's
functions.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classroom import (
    ASSIGNMENT,
    Notebook,
    answered,
    answers,
    released_notebook,
    solution_cells,
    without_demonstrations,
)
from meter import Usage, run

_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_assignments = [dict(name={assignment!r})]
c.ExecutePreprocessor.timeout = 600
c.Exporter.enabled = True
"""

_SET_UP = """
import sys
sys.path.insert(0, {helpers!r})
import direct
direct.plain_settings()
checks = direct.load_checks(direct.Path({checks!r}))
student = direct.student_of(globals())
"""


class Course:
    """A course folder with one assignment.

    Args:
        root: an empty folder.
        checks: the assignment's.
        points: of each class of checks.
        env: of the commands; `nbgrader` must be on its PATH.
    """

    def __init__(
        self, root: Path, checks: Path, points: Mapping[str, float], env: Mapping[str, str]
    ) -> None:
        self.root = root
        self.checks = checks
        self.points = points
        self.env = env
        config = _CONFIG.format(root=str(root), assignment=ASSIGNMENT)
        (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
        path = root / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        _write(path, self._source())
        self._nbgrader("generate_assignment", ASSIGNMENT)
        released = root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        self._released: Notebook = json.loads(released.read_text(encoding="utf-8"))

    def submit(self, number: int) -> str:
        """Hands in the notebook of a student of the class; returns the student's id."""
        student = f"student{number:02}"
        path = self.root / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        _write(path, answered(self._released, answers(number)))
        return student

    def autograde(self, students: str = "*") -> Usage:
        """Runs `nbgrader autograde` on the students whose ids fit the pattern."""
        return self._nbgrader("autograde", ASSIGNMENT, "--student", students, "--force")

    def scores(self) -> dict[str, float]:
        """What stands in the gradebook."""
        with sqlite3.connect(self.root / "gradebook.db") as gradebook:
            rows = gradebook.execute(
                "SELECT submitted_assignment.student_id, SUM(grade.auto_score) FROM grade"
                " JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id"
                " JOIN submitted_assignment"
                "   ON submitted_notebook.assignment_id = submitted_assignment.id"
                " GROUP BY submitted_assignment.student_id"
            )
            return dict(rows.fetchall())

    def _nbgrader(self, *arguments: str) -> Usage:
        return run([sys.executable, "-m", "nbgrader", *arguments], cwd=self.root, env=self.env)

    def _source(self) -> Notebook:
        marked = {
            task: f"### BEGIN SOLUTION\n{text.strip()}\n### END SOLUTION"
            for task, text in solution_cells().items()
        }
        notebook = answered(without_demonstrations(released_notebook()), marked)
        helpers = str(Path(__file__).parent)
        set_up = _SET_UP.format(helpers=helpers, checks=str(self.checks)).strip()
        grade_cells = [
            _cell(f"test_{name}", f"direct.score(checks.{name}, student)", points)
            for name, points in self.points.items()
        ]
        cells = [*notebook["cells"], _cell("set_up", set_up, None), *grade_cells]
        for cell in cells:  # checksums are of the cells as released
            cell["metadata"].get("nbgrader", {}).pop("checksum", None)
        return {**notebook, "cells": cells}


def _cell(grade_id: str, source: str, points: float | None) -> dict[str, Any]:
    metadata = {
        "schema_version": 3, "grade_id": grade_id, "grade": points is not None, "locked": True,
        "solution": False, "task": False, "cell_type": "code",
    }  # fmt: skip
    if points is not None:
        metadata["points"] = points
    return {
        "cell_type": "code",
        "id": grade_id.replace("_", "-"),
        "metadata": {"nbgrader": metadata},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def _write(path: Path, notebook: Notebook) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
