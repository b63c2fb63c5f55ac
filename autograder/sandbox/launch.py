"""Starts the zygote. Imports neither torch nor anything that does: whoever is in a hurry starts it
first, and imports torch while it does the same."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.sandbox import folders

PREFIX = "ohlol-"
"""Of the folders of runs, in the system's folder for temporary files."""

_BOOTSTRAP = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from autograder.sandbox import zygote; sys.path.pop(); import json; "
    "zygote.main(int(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4]))"
)


@dataclass(frozen=True, slots=True)
class ZygoteProcess:
    """A zygote that is running, or still getting warm."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    folder: Path
    complaints: IO[bytes]

    def last_words(self) -> str:
        self.complaints.seek(0)
        said = self.complaints.read().decode(errors="replace").strip().splitlines()
        return said[-1] if said else "it ended without a word"

    def close(self) -> None:
        """Hangs up, at which it ends with everything it started."""
        self.control.close()
        # It may still be getting warm, and then does not look. Its students die with it.
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.complaints.close()
        folders.remove(self.folder)


def start_zygote(packages: Sequence[str]) -> ZygoteProcess:
    """Starts a fresh interpreter that knows nothing of the grader's environment.

    Args:
        packages: what students may import, besides the standard library.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    complaints = tempfile.TemporaryFile()
    # Not -I, which would ignore PYTHONHASHSEED: the environment is ours, and holds nothing else.
    command = [
        sys.executable, "-s", "-P", "-B", "-c", _BOOTSTRAP, str(Path(__file__).parents[2]),
        str(theirs.fileno()), str(folder), json.dumps(list(packages)),
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        pass_fds=[theirs.fileno()],
        env=clean_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        start_new_session=True,
    )
    theirs.close()
    return ZygoteProcess(process, control, folder, complaints)


def early_zygote(packages: Sequence[str]) -> ZygoteProcess | None:
    """A zygote that gets warm while its caller is busy; none where there is no sandbox."""
    return start_zygote(packages) if sys.platform.startswith("linux") else None


def clean_environment() -> dict[str, str]:
    """Nothing of the grader's environment, one thread, and the same order of sets every time."""
    return {
        "PATH": os.defpath,
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
    }


def locked_folder() -> Path:
    """A folder that is removed with this process, or by the next run if this one is killed."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(folders.lock(folder).close)  # kept open until then
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _sweep() -> None:
    """Removes folders of runs that were killed: the ones whose lock nobody holds."""
    import fcntl  # plain processes are launched on systems that lack it

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            with open(folder / "lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # in use, still starting, or not ours
        folders.remove(folder)
