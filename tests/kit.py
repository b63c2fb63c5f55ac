"""What the end-to-end tests share: small assignments, submissions, and the real command."""

from __future__ import annotations

import fcntl
import os
import select
import socket
import subprocess
import sys
import sysconfig
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

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


class Terminal:
    """The command in a terminal of its own, with somebody who reads and types.

    Args:
        columns: how wide it is.
        env: on top of this process's environment, without `NO_COLOR`.
    """

    def __init__(
        self,
        *arguments: str | Path,
        cwd: Path,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._theirs, terminal = os.openpty()
        termios.tcsetwinsize(terminal, (50, columns))
        self._terminal = terminal  # kept open, to see in what state it was left
        self.before = termios.tcgetattr(terminal)
        surroundings = {
            key: value
            for key, value in os.environ.items()
            if key not in ("NO_COLOR", "COLUMNS", "LINES")
        }
        self.process = subprocess.Popen(
            [OHLOL, *arguments],
            cwd=cwd,
            env={**surroundings, "TERM": "xterm-256color", **(env or {})},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.output = ""
        self._read = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._theirs)
        os.close(self._terminal)

    def wait_for(self, text: str) -> str:
        """What was printed since the last time, up to and with this text."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.output[self._read :]:
            assert time.monotonic() < deadline, f"no {text!r} in {self.output[self._read :]!r}"
            assert self._receive(0.2) or self.process.poll() is None, self.output
        start, self._read = self._read, self.output.index(text, self._read) + len(text)
        return self.output[start : self._read]

    def type(self, text: str) -> None:
        os.write(self._theirs, text.encode())

    def end(self) -> int:
        """Waits for the end; returns the exit status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.output
            self._receive(0.2)
        while self._receive(0):
            pass
        return self.process.returncode

    def after(self) -> list[Any]:
        """The terminal's state now, as `before` it was."""
        return termios.tcgetattr(self._terminal)

    def _receive(self, seconds: float) -> bool:
        if not select.select([self._theirs], [], [], seconds)[0]:
            return False
        self.output += os.read(self._theirs, 2**16).decode(errors="replace").replace("\r\n", "\n")
        return True


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Asks again and again, until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"it never came about that {what}"
        time.sleep(0.02)


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
