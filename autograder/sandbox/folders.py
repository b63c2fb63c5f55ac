"""A student's folder, looked at and removed by the grader: it may be made to get in the way.

Folders nested a thousand deep exhaust whatever walks them by recursion, have paths that are longer
than the system takes, and need more descriptors than there are to hold every level open.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import IO

MAX_DEPTH = 32
"""Folders may be nested so deep."""


class TooDeep(Exception):
    """Folders are nested deeper than `MAX_DEPTH`."""


def lock(folder: Path) -> IO[str]:
    """Marks a folder as in use, for as long as what is returned stays open."""
    import fcntl  # plain processes run on systems that lack it

    file = open(folder / "lock.new", "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    # Only a lock that is held bears the name at which other runs look.
    os.rename(file.name, folder / "lock")
    return file


def used(folder: Path, most_files: int) -> tuple[int, int]:
    """How many bytes and how many files and folders there are in a folder.

    Args:
        most_files: having found more, it stops looking.

    Raises:
        TooDeep: before it has looked at all of them.
    """
    size = files = 0
    pending = [(str(folder), 1)]
    while pending:
        path, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise TooDeep
        # What is gone by now counts for nothing: the owner is still at work.
        with contextlib.suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                files += 1
                if files > most_files:
                    return size, files
                with contextlib.suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    size += found.st_blocks * 512
                    if stat.S_ISDIR(found.st_mode):
                        pending.append((entry.path, depth + 1))
    return size, files


def remove(folder: Path) -> None:
    """Removes a folder with all that is in it, however deep; what cannot be removed stays.

    What is in a subfolder is moved up to the top first, so that nothing is ever deep.
    """
    with contextlib.suppress(OSError):
        top = _open_folder(str(folder), None)
        try:
            prefix = secrets.token_hex(8)  # no name of the student's own
            pending = _without_files(top)
            count = 0
            while pending:
                name = pending.pop()
                with contextlib.suppress(OSError):
                    inner = _open_folder(name, top)
                    try:
                        for child in _without_files(inner):
                            count += 1
                            os.rename(child, f"{prefix}{count}", src_dir_fd=inner, dst_dir_fd=top)
                            pending.append(f"{prefix}{count}")
                    finally:
                        os.close(inner)
                    os.rmdir(name, dir_fd=top)
        finally:
            os.close(top)
        os.rmdir(folder)


def _without_files(folder: int) -> list[str]:
    """Removes the files of an open folder, and names the folders in it."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                else:
                    os.unlink(entry.name, dir_fd=folder)
    return folders


def _open_folder(name: str, parent: int | None) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        return os.open(name, flags, dir_fd=parent)
    except PermissionError:  # its owner closed it
        os.chmod(name, 0o700, dir_fd=parent)
        return os.open(name, flags, dir_fd=parent)
