"""What others may build on: the names, that each is explained, and that importing costs nothing."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import autograder


def test_the_public_names_are_these() -> None:
    assert autograder.__all__ == [
        "Assignment",
        "Grader",
        "Limits",
        "Mismatch",
        "Report",
        "__version__",
        "close",
        "find_assignment",
        "find_submissions",
        "points",
        "raises",
        "read_submission",
        "repeatable",
        "same_form",
        "same_gradients",
        "task",
        "unchanged_arguments",
    ]


@pytest.mark.parametrize("name", [name for name in autograder.__all__ if name != "__version__"])
def test_each_is_there_and_explained(name: str) -> None:
    thing = getattr(autograder, name)
    assert thing.__name__ == name
    text = inspect.getdoc(thing) or ""
    assert len(text) > 20
    assert not text.startswith(f"{name}(")  # what dataclasses write when nobody else does


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        autograder.nothing  # noqa: B018


@pytest.mark.parametrize(
    "module",
    ["autograder", "autograder.cli", "autograder.report", "autograder.submission",
     "autograder.pytest_plugin"],
)  # fmt: skip
def test_importing_loads_nothing_heavy(module: str) -> None:
    allowed = {"autograder.pytest_plugin": {"pytest"}}.get(module, set())
    heavy = {"torch", "pytest", "hypothesis", "numpy", "nbformat", "jupytext", "nbgrader", "rich"}
    code = f"import sys, {module}; print(*sorted({heavy - allowed} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.split() == []


def test_the_version_is_the_distributions() -> None:
    from importlib import metadata

    assert metadata.version("ohlol") == autograder.__version__
