"""The class of the benchmark: submissions made from the released notebook."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from styles import STYLES

REPOSITORY = Path(__file__).resolve().parents[2]
ASSIGNMENT = "hello_rnn"
RELEASED = REPOSITORY / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
SOURCE = REPOSITORY / "solutions" / ASSIGNMENT
SOLUTION = SOURCE / f"{ASSIGNMENT}.py"

Notebook = dict[str, Any]

_CHOICE = """

# The benchmark keeps what Hypothesis draws, or the training alone, which it does not draw.


def _choose(training):
    import dataclasses

    for key, checks in [(k, v) for k, v in globals().items() if hasattr(v, "__ohlol_task__")]:
        points = 0.0
        for name, test in list(vars(checks).items()):
            if name.startswith("test_") and hasattr(test, "hypothesis") == training:
                delattr(checks, name)
            elif name.startswith("test_"):
                points += test.__ohlol_points__.points
        checks.__ohlol_task__ = dataclasses.replace(checks.__ohlol_task__, points=points)
        if not points:
            del globals()[key]


_choose(training={training})
"""


Kept = Literal["without training", "training alone", "everything"]


def write_assignment(solutions: Path, kept: Kept = "without training") -> Path:
    """A copy of the assignment with some of its checks; returns its folder."""
    folder = solutions / ASSIGNMENT
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__", "hidden.py"))
    if kept != "everything":
        with open(folder / "checks.py", "a", encoding="utf-8") as checks:
            checks.write(_CHOICE.format(training=kept == "training alone"))
    return folder


def write_class(
    folder: Path, released: Notebook, count: int, *, demonstrations: bool = False
) -> list[Path]:
    """Writes submissions that differ from one another.

    Args:
        folder: for one folder a student, with the notebook in it.
        released: what the students started from.
        count: how many.
        demonstrations: keep the cells that only show what the functions do; they run in a Jupyter
            kernel, and not under `ohlol grade`.
    """
    paths = []
    for number in range(count):
        path = folder / f"student{number:02}" / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = answered(released, answers(number))
        if not demonstrations:
            notebook = without_demonstrations(notebook)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
        paths.append(path)
    return paths


def answers(number: int) -> dict[str, str]:
    """The answer cells of a student; each number mixes the styles of the tasks differently."""
    chosen = {}
    for place, (task, solved) in enumerate(solution_cells().items()):
        styles = (solved, *STYLES[task])
        # A stride of its own for each task, so that no two students are alike.
        chosen[task] = styles[(number * (place + 1) + number // 7 + place) % len(styles)].strip()
    return chosen


def solution_cells() -> dict[str, str]:
    """The instructor's answer cells by task, without the markers."""
    cells = {}
    for piece in re.split(r"^# %%", SOLUTION.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        header, _, text = piece.partition("\n")
        if '"solution": true' in header:
            task = re.search(r'"grade_id": "(\w+)"', header)[1]  # type: ignore[index]
            cells[task] = re.sub(r"^ *### (?:BEGIN|END) SOLUTION\n", "", text, flags=re.MULTILINE)
    return cells


def released_notebook() -> Notebook:
    return json.loads(RELEASED.read_text(encoding="utf-8"))


def answered(notebook: Notebook, filled: dict[str, str]) -> Notebook:
    """A copy whose answer cells hold these texts."""
    return _with_cells(
        notebook,
        (
            {**cell, "source": filled[grade_id(cell)]} if grade_id(cell) in filled else cell
            for cell in notebook["cells"]
        ),
    )


def without_demonstrations(notebook: Notebook) -> Notebook:
    return _with_cells(
        notebook,
        (cell for cell in notebook["cells"] if not grade_id(cell).startswith("demo-")),
    )


def grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _with_cells(notebook: Notebook, cells: Iterable[dict[str, Any]]) -> Notebook:
    return {**notebook, "cells": list(cells)}
