"""Closes a freshly forked process before it reads a byte of a student's.

Every layer is applied by the process to itself, so that it works without root and inside
containers; each is then tried out, and what is reported is what was seen to hold.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import resource
import signal
import socket
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox import landlock, seccomp

IN_FORCE = "in force"
LAYERS = ("limits", "no_new_privs", "landlock", "seccomp", "own_uid")


@dataclass(frozen=True, slots=True)
class Confinement:
    """How far a student's process may go.

    Args:
        folder: the one folder where it may write.
        memory_bytes: address space beyond what it was born with.
        cpu_seconds: processor time.
        file_bytes: size of one file, its printed output included.
        open_files: descriptors.
        threads: may start threads; processes never.
        uid: a user of its own, where one can be taken.
        no_uid: why none can.
        closed: folders that this user must not be able to read.
        without: layers left out, for measuring what each is worth.
    """

    folder: Path
    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    open_files: int = 64
    threads: bool = False
    uid: int | None = None
    no_uid: str = "not root"
    closed: tuple[Path, ...] = ()
    without: frozenset[str] = field(default_factory=frozenset)


def confine(wanted: Confinement, readable: Sequence[landlock.Opened]) -> dict[str, str]:
    """Applies the layers to the calling process, for good.

    Args:
        readable: the files and folders that may be read.

    Returns:
        Each layer with ``in force`` (and what to know about it) or ``missing: `` and the reason.
    """
    layers: dict[str, str] = {}

    def apply(layer: str, step: Callable[[], str]) -> None:
        if layer in wanted.without:
            layers[layer] = "missing: switched off"
            return
        try:
            layers[layer] = step()
        except (OSError, ValueError) as error:
            layers[layer] = f"missing: {error}"

    os.chdir(wanted.folder)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    memory_bytes = pages * resource.getpagesize() + wanted.memory_bytes
    apply("own_uid", lambda: _take_uid(wanted))
    apply("no_new_privs", _give_up_privileges)
    # Whoever kills the zygote takes its students along, even those that never listen.
    _libc().prctl(1, signal.SIGKILL, 0, 0, 0)
    _libc().prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no core, no attaching
    apply("landlock", lambda: _lock_files(wanted, readable))
    apply("limits", lambda: _limit(wanted, memory_bytes))
    # Where nothing says in which folder files may be made, none can be made.
    writing = layers["landlock"].startswith(IN_FORCE) or "landlock" in wanted.without
    apply("seccomp", lambda: _filter_calls(wanted, writing=writing))
    return {layer: layers[layer] for layer in LAYERS}


def own_uid_for(paths: Iterable[Path], folder: Path) -> str:
    """Why a process of another user could not run Python from these paths, and work in this folder;
    empty if it could."""
    if os.geteuid() != 0:
        return "not root"
    if not _lets_through(folder.parent):
        return "temporary files live in a folder that is closed to other users"
    for path in filter(Path.exists, paths):
        real = path.resolve() if path.is_symlink() else path
        reached = all(map(_lets_through, {path.parent, real.parent}))
        if not reached or not path.stat().st_mode & 0o004:
            return "Python lives in a folder that is closed to other users"
    return ""


@functools.cache
def _lets_through(folder: Path) -> bool:
    """Whether every user can reach what is in a folder."""
    real = folder.resolve()
    return all(place.stat().st_mode & 0o001 for place in (real, *real.parents))


def _limit(wanted: Confinement, memory_bytes: int) -> str:
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: wanted.cpu_seconds,
        resource.RLIMIT_FSIZE: wanted.file_bytes,
        resource.RLIMIT_NOFILE: wanted.open_files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, value in limits.items():
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(which, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write that is too long fails instead
    return IN_FORCE


def _take_uid(wanted: Confinement) -> str:
    if wanted.uid is None:
        raise OSError(wanted.no_uid)
    os.chown(wanted.folder, wanted.uid, wanted.uid)
    os.setgroups([])
    os.setresgid(wanted.uid, wanted.uid, wanted.uid)
    os.setresuid(wanted.uid, wanted.uid, wanted.uid)
    # Whoever may pass through a folder can read what is in it, knowing the names.
    open_ones = [path for path in wanted.closed if os.access(path, os.X_OK)]
    if open_ones:
        return f"{IN_FORCE}, but the grader's folders are open to it"
    return IN_FORCE


def _give_up_privileges() -> str:
    libc = _libc()
    if libc.prctl(38, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    # Capabilities go too, for a root that could not become somebody else.
    header = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))
    number = {"x86_64": 126, "aarch64": 91}.get(platform.machine())
    if number is not None and libc.syscall(number, header, ctypes.create_string_buffer(24)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return IN_FORCE


def _lock_files(wanted: Confinement, readable: Sequence[landlock.Opened]) -> str:
    version = landlock.restrict(readable, wanted.folder)
    try:
        os.listdir("/")
    except PermissionError:
        return f"{IN_FORCE} (version {version})"
    raise OSError("the root folder can still be listed")


def _filter_calls(wanted: Confinement, *, writing: bool) -> str:
    seccomp.install(seccomp.build(threads=wanted.threads, writing=writing))
    try:
        socket.socket().close()
    except PermissionError:
        return IN_FORCE if writing else f"{IN_FORCE}, and no file can be written"
    raise OSError("a socket could still be opened")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
