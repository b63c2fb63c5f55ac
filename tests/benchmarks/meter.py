"""Measures a command with everything that it starts: processor time, wall time, memory.

Linux only. Processes that lose their parent come to us (as a subreaper), so that none escapes the
count of processor time.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.05


class CommandFailed(Exception):
    """A command that is measured ended with an error, so its figures would mean nothing."""

    def __init__(self, command: Sequence[str], status: int, said: str) -> None:
        shown = " ".join(command)
        super().__init__(f"{shown[:300]}\nended with status {status}:\n{said[-3000:]}")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command used. Seconds; `cpu` is user and system time of the whole process tree."""

    wall: float
    cpu: float
    output: str


def adopt_orphans() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Usage:
    """Runs a command to its end, and to that of everything it started.

    Raises:
        CommandFailed: when its exit status is not 0.
    """
    before, started = _children_cpu(), time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace",
    )  # fmt: skip
    wall = time.perf_counter() - started
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    if done.returncode:
        raise CommandFailed(command, done.returncode, done.stdout)
    return Usage(wall, _children_cpu() - before, done.stdout)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@dataclass(frozen=True, slots=True)
class Memory:
    """The largest memory that a process tree had at one moment, in bytes.

    Args:
        pss: the proportional set size; a page shared by n processes counts 1/n in each.
        samples: how many moments were looked at.
        unseen: processes that could not be looked into.
    """

    pss: int
    samples: int
    unseen: int


def peak_memory(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Memory:
    """Runs a command and looks at its process tree again and again.

    Raises:
        CommandFailed: when its exit status is not 0.
    """
    peak = samples = unseen = 0
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        ) as process,
    ):
        while process.poll() is None:
            pss = 0
            for pid in _tree(process.pid):
                try:
                    pss += _pss(pid)
                except PermissionError:
                    unseen += 1
                except OSError:
                    continue  # it ended just now
            peak, samples = max(peak, pss), samples + 1
            time.sleep(_SAMPLE_SECONDS)
        if process.returncode:
            said.seek(0)
            raise CommandFailed(command, process.returncode, said.read())
    return Memory(peak, samples, unseen)


def processes_with(library: str) -> int:
    """How many processes map a file of this name: pages that they share count less in ours."""
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            found += library in (folder / "maps").read_text()
    return found


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                found.extend(map(int, (task / "children").read_text().split()))
    return found


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
