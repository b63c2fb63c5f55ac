"""What the end-to-end tests share: small assignments, submissions, and the real command."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.assignment import Assignment, find_assignment
from autograder.report import CheckResult, Report
from autograder.sandbox.launch import ZygoteProcess
from autograder.submission import Cell, Submission

ROOT = Path(__file__).resolve().parents[1]
HELLO_RNN = ROOT / "solutions" / "hello_rnn"
SMOOTHING = ROOT / "tests" / "assignments" / "solutions" / "smoothing"
OHLOL = Path(sysconfig.get_path("scripts")) / "ohlol"

# Long enough for the slowest command on a busy machine; only a hang ever reaches it.
PATIENCE = 120

SOLUTION_HEAD = "# %%\nimport torch\nfrom torch import Tensor, nn\n\n"
CHECKS_HEAD = """\
from __future__ import annotations

import pytest
import torch
from autograder import (
    Mismatch, close, points, raises, repeatable, same_gradients, task, unchanged_arguments,
)
from autograder.strategies import numbers, sizes, tensors, texts
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

"""


def write_assignment(
    parent: Path, name: str, solution: str, checks: str, hidden: str | None = None
) -> Assignment:
    """Writes ``<parent>/solutions/<name>/``; the usual imports come by themselves."""
    folder = parent / "solutions" / name
    folder.mkdir(parents=True)
    (folder / f"{name}.py").write_text(SOLUTION_HEAD + solution, encoding="utf-8")
    (folder / "checks.py").write_text(CHECKS_HEAD + checks, encoding="utf-8")
    if hidden is not None:
        (folder / "hidden.py").write_text(CHECKS_HEAD + hidden, encoding="utf-8")
    return find_assignment(folder)


def script(source: str, name: str = "someone") -> Submission:
    """A submission that is one script."""
    return Submission(name, f"{name}.py", (Cell(source, "", 1),), (), "")


def notebook(*sources: str, name: str = "someone") -> Submission:
    """A submission that is a notebook with these code cells."""
    cells = tuple(Cell(source, f"cell {i}", 1) for i, source in enumerate(sources, 1))
    return Submission(name, f"{name}.ipynb", cells, (), "")


def checks_of(report: Report) -> dict[str, CheckResult]:
    """``task.check`` → how it ended."""
    return {f"{task.name}.{check.name}": check for task in report.tasks for check in task.checks}


def tasks_that_lost(report: Report) -> set[str]:
    return {task.name for task in report.tasks if task.score < task.max_score}


def ohlol(
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    command: Sequence[str | Path] = (OHLOL,),
) -> subprocess.CompletedProcess[str]:
    """Runs the installed command as a process of its own."""
    return subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def cold_zygote() -> ZygoteProcess:
    """For a grader that refuses its assignment: nobody needs to wait until a real one is warm."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    return ZygoteProcess(process, ours, Path(tempfile.mkdtemp()), tempfile.TemporaryFile())
