"""What a submission's bytes are, in brief: whether it changed since it was graded.

Only told, never trusted: it decides whether work is done again, and nothing else.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.sources import Source

_MOST_FILES = 2_000
_MOST_BYTES = 64 * 2**20
"""Of a submission that is read whole; beyond, sizes and times of change must do."""


def fingerprint(source: Source) -> str:
    """Equal as long as nothing in the submission changed, in hex."""
    known = (source.name, source.member, source.notes, source.parts)
    digest = hashlib.sha256(repr(known).encode("utf-8", "surrogatepass"))
    for path, member in _places(source):
        for part in _in_zip(path, member) if member else _in_place(path):
            digest.update(part)
    return digest.hexdigest()


def stamp(source: Source) -> object:
    """Names, sizes and times of change: equal as long as nobody wrote to the submission, and quick
    to find out."""
    stamps = []
    for path, _ in _places(source):
        for name, file in _files(path):
            try:
                status = file.lstat()
            except OSError as error:
                stamps.append((name, error.errno, 0))
            else:
                stamps.append((name, status.st_size, status.st_mtime_ns))
    return source.notes, source.parts, stamps


def assignment_files(folder: Path) -> list[Path]:
    """What an assignment's folder holds, but for what Python and editors leave there; by name."""
    inside = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in inside
        if not any(
            (part.startswith(".") and part != ".ohlol") or part == "__pycache__"
            for part in path.parts
        )
    )


def folder_digest(folder: Path) -> str:
    """Of every file of an assignment."""
    digest = hashlib.sha256()
    for inside in assignment_files(folder):
        digest.update(f"{inside.as_posix()}\0".encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256((folder / inside).read_bytes()).digest())
    return digest.hexdigest()


def _places(source: Source) -> list[tuple[Path, str]]:
    """The files and folders that are the submission, and what of a zip."""
    if not source.parts:
        return [(source.path, source.member)]
    if source.path.is_dir():
        return [(source.path / part.path, "") for part in source.parts]
    return [(source.path, part.path) for part in source.parts]


def _in_place(path: Path) -> Iterator[bytes]:
    left = _MOST_BYTES
    for number, (name, file) in enumerate(_files(path)):
        try:
            status = file.lstat()
        except OSError as error:
            yield f"{name}\0{error.errno}".encode("utf-8", "surrogatepass")
            continue
        yield f"{name}\0{status.st_mode}\0{status.st_size}\0".encode("utf-8", "surrogatepass")
        if stat.S_ISLNK(status.st_mode):
            yield os.fsencode(os.readlink(file))
        elif stat.S_ISREG(status.st_mode):
            left -= status.st_size
            if left < 0 or number >= _MOST_FILES:
                yield str(status.st_mtime_ns).encode()
                continue
            try:
                yield hashlib.sha256(file.read_bytes()).digest()
            except OSError as error:
                yield str(error.errno).encode()


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """A file itself, or all that a folder holds; in the same order every time."""
    if path.is_symlink() or not path.is_dir():
        yield "", path
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted([*files, *(one for one in folders if Path(folder, one).is_symlink())]):
            file = Path(folder, name)
            yield str(file.relative_to(path)), file


def _in_zip(path: Path, member: str) -> Iterator[bytes]:
    try:
        status = path.stat()
        listed = _directory(path, status.st_mtime_ns, status.st_size)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError):
        yield from _in_place(path)
        return
    folder = member.rstrip("/")
    start = bisect.bisect_left(listed, (folder,))
    for entry in listed[start:]:
        if not entry[0].startswith(folder):
            break
        yield repr(entry).encode("utf-8", "surrogatepass")


@functools.lru_cache(4)
def _directory(path: Path, changed: int, size: int) -> Sequence[tuple[str, int, int]]:
    """Name, checksum and size of all that a zip lists: a class may be in one."""
    with zipfile.ZipFile(path) as archive:
        return sorted((one.filename, one.CRC, one.file_size) for one in archive.infolist())
