"""Which files a student's process may read and write (Landlock, since Linux 5.13).

Called through ctypes: three system calls with stable numbers, which no maintained binding on PyPI
covers for files, TCP and signals alike. See the kernel's userspace-api/landlock.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_READ = _READ_FILE | _READ_DIR
_REMOVE_AND_MAKE = (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8)  # remove dir, file; make dir, regular
_ALL_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_FILE_ONLY = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")

REQUIRED_ABI = 3
"""Older ones do not cover truncation."""


class LandlockUnavailable(OSError):
    """The kernel has no Landlock, or one that is too old."""


def abi() -> int:
    """The kernel's version of Landlock; 0 where there is none."""
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


@dataclass(frozen=True, slots=True)
class Opened:
    """A file or folder that exists, by a descriptor that can only name it."""

    descriptor: int
    is_folder: bool


def opened(paths: Iterable[Path]) -> list[Opened]:
    """The paths that exist, for `restrict`: found once, used by every child.

    Their descriptors are out of the way of those that a child gives to its own streams.
    """
    found = []
    for path in paths:
        try:
            low = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        descriptor = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 16)
        os.close(low)
        found.append(Opened(descriptor, stat.S_ISDIR(os.fstat(descriptor).st_mode)))
    return found


def restrict(readable: Iterable[Opened], writable: Path) -> int:
    """Leaves the calling process these files only, for good. Needs NO_NEW_PRIVS.

    Args:
        readable: files and folders that may be read.
        writable: the one folder where files may be made, changed and removed.

    Returns:
        The version of Landlock in force.

    Raises:
        LandlockUnavailable: when the kernel cannot do it; nothing is restricted then.
    """
    version = abi()
    if version < REQUIRED_ABI:
        raise LandlockUnavailable(f"Landlock version {version}, and {REQUIRED_ABI} is needed")
    files = _ALL_FILES.get(version, (1 << 16) - 1)
    attributes = struct.pack(
        "@QQQ", files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0
    )
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _call(_CREATE_RULESET, attributes[:size], size, 0)
    try:
        for one in readable:
            _add(ruleset, one, _READ & files)
        for device in opened(map(Path, _DEVICES)):
            _add(ruleset, device, (_READ_FILE | _WRITE_FILE) & files)
            os.close(device.descriptor)
        folder = os.open(writable, os.O_PATH | os.O_CLOEXEC)
        write = _WRITE_FILE | _TRUNCATE | _REMOVE_AND_MAKE
        _add(ruleset, Opened(folder, True), (_READ | write) & files)
        os.close(folder)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _add(ruleset: int, one: Opened, access: int) -> None:
    if not one.is_folder:
        access &= _FILE_ONLY
    _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", access, one.descriptor), 0)


def _call(number: int, *arguments: int | bytes) -> int:
    result = int(_libc().syscall(number, *arguments))
    if result < 0:
        raise LandlockUnavailable(f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result


@functools.cache  # there are hundreds of rules for each student
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
