"""ohlol: grades PyTorch exercises with properties, judged from outside the student's process.

What stands in ``__all__`` is public. Names are looked up when they are first used, so that the
sandbox's side can import its own modules without loading the grader.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.assignment import Assignment as Assignment
    from autograder.assignment import find_assignment as find_assignment
    from autograder.checks import Mismatch as Mismatch
    from autograder.checks import close as close
    from autograder.checks import points as points
    from autograder.checks import raises as raises
    from autograder.checks import repeatable as repeatable
    from autograder.checks import same_form as same_form
    from autograder.checks import same_gradients as same_gradients
    from autograder.checks import task as task
    from autograder.checks import unchanged_arguments as unchanged_arguments
    from autograder.grading import Grader as Grader
    from autograder.report import Report as Report
    from autograder.sandbox.limits import Limits as Limits
    from autograder.submission import find_submissions as find_submissions
    from autograder.submission import read_submission as read_submission

__version__ = "0.1.0"

_HOMES = {
    "Assignment": "assignment",
    "Grader": "grading",
    "Limits": "sandbox.limits",
    "Mismatch": "checks",
    "Report": "report",
    "close": "checks",
    "find_assignment": "assignment",
    "find_submissions": "submission",
    "points": "checks",
    "raises": "checks",
    "read_submission": "submission",
    "repeatable": "checks",
    "same_form": "checks",
    "same_gradients": "checks",
    "task": "checks",
    "unchanged_arguments": "checks",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    return getattr(importlib.import_module(f"autograder.{_HOMES[name]}"), name)
