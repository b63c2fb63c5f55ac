"""A folder or a zip as a flat list of entries, read within limits and never unpacked to disk.

What students hand in is untrusted. Nothing is extracted, so no name in a zip can reach a file
outside it; names that try to, links and devices are refused all the same, because whoever made them
did not mean to hand in homework. Sizes are checked before reading and again while reading, since
headers may lie.
"""

from __future__ import annotations

import functools
import io
import os
import re
import stat
import time
import unicodedata
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import IO, cast

_CHUNK = 1 << 18


class UnreadableSubmission(Exception):
    """There is nothing to grade. The text says what was found, what was expected and what to do."""


class RefusedSubmission(UnreadableSubmission):
    """It holds a link, a path escape or a bomb, or is too large: nothing else in it is tried."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much of one submission is read, far above any honest one."""

    file_bytes: int = 100_000_000  # one notebook, outputs included, or one nested zip
    total_bytes: int = 300_000_000  # all that is read, and all that a zip declares to hold
    entries: int = 5_000  # files and folders, those in nested zips included
    depth: int = 3  # a zip in a zip in a zip
    json_values: int = 10_000_000  # bounds the memory that a crafted notebook can take
    code_characters: int = 2_000_000
    code_cells: int = 5_000
    class_entries: int = 200_000  # of a folder or zip that holds a whole class


DEFAULT_LIMITS = ReadingLimits()


@dataclass(frozen=True, slots=True)
class Entry:
    """One regular file of a submission."""

    path: str  # relative to the submission, "/" between parts, nested zips included
    modified: tuple[int, ...]  # comparable among the entries of one submission
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Member:
    """One name in a zip, normalised."""

    path: str
    is_folder: bool
    escapes: str  # why the name is refused, "" for an ordinary one
    special: str  # what it is if neither file nor folder, else ""
    info: zipfile.ZipInfo


# --- Names ---

_SYSTEM_FILES = frozenset(
    {".ds_store", ".localized", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".directory"}
    | {".gitignore", ".gitattributes", ".gitkeep"}
)
_SYSTEM_FOLDERS = frozenset(
    {"__macosx", ".trashes", ".spotlight-v100", ".fseventsd", ".appledouble", ".temporaryitems"}
    | {"$recycle.bin", "system volume information", ".trash-1000"}
    | {".ipynb_checkpoints", "__pycache__", ".git", ".svn", ".hg", ".idea", ".vscode"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ohlol"}
)
# Only inside a submission: they are full of links and other people's scripts.
_ENVIRONMENTS = frozenset({"venv", ".venv", "node_modules", "site-packages", ".tox", ".nox"})


def is_system_name(name: str) -> bool:
    """Whether an operating system or a tool, not a person, made the file or folder of this name."""
    folded = name.casefold()
    return name.startswith("._") or folded in _SYSTEM_FILES or folded in _SYSTEM_FOLDERS


def _is_skipped(name: str) -> bool:
    return is_system_name(name) or name.casefold() in _ENVIRONMENTS


def shown(name: str) -> str:
    """The name as it may stand in a message: printable, and not too long."""
    printable = "".join("?" if _is_control(character) else character for character in name)
    return printable if len(printable) <= 120 else f"{printable[:80]}…{printable[-30:]}"


def _is_control(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in ("Zl", "Zp")


def amount(size: float) -> str:
    """A number of bytes in words."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


# --- Files ---

_NO_FOLLOW = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NO_FOLLOW |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def special_kind(mode: int) -> str:
    """What a file mode stands for if neither a regular file nor a folder, else the empty string."""
    kinds = {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    kind = stat.S_IFMT(mode)
    return "" if kind in (0, stat.S_IFREG, stat.S_IFDIR) else kinds.get(kind, "a special file")


def refuse_special(name: str, kind: str) -> RefusedSubmission:
    """The refusal of a link, pipe, socket or device."""
    advice = "Links are not followed; the" if "link" in kind else "The"
    return RefusedSubmission(
        f"{shown(name)} is {kind}, not a file. {advice} file itself has to be handed in."
    )


def open_regular(path: Path, name: str) -> io.FileIO:
    """Open a regular file for reading; never a link, and never waiting for a pipe."""
    try:
        mode = os.lstat(path).st_mode
        if kind := special_kind(mode):
            raise refuse_special(name, kind)
        descriptor = os.open(path, _NO_FOLLOW)
        # Whatever stands there now may differ from what lstat saw.
        if kind := special_kind(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise refuse_special(name, kind)
        return io.FileIO(descriptor, "rb")
    except (OSError, ValueError) as error:
        raise _unopened(name, error) from None


def _unopened(name: str, error: Exception) -> UnreadableSubmission:
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableSubmission(f"{shown(name)} cannot be opened: {reason}.")


def _read_up_to(stream: IO[bytes] | io.FileIO, most: int) -> bytes | None:
    """All of the stream, or None if it is longer than `most`."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read(min(_CHUNK, most + 1 - size)):
        parts.append(part)
        size += len(part)
        if size > most:
            return None
    return b"".join(parts)


# --- Zips ---


class _TooManyEntries(Exception):
    pass


class _GuardedFile(io.BufferedReader):
    """A zip's file that will not read a directory of millions of entries.

    zipfile reads the whole directory in one call, and builds an object of each entry before anyone
    can count them.
    """

    def __init__(self, raw: io.RawIOBase, most_entries: int) -> None:
        super().__init__(raw)
        self._most = max(1 << 20, most_entries * 400)

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._most:
            raise _TooManyEntries
        return super().read(size)

    def __del__(self) -> None:
        self.close()  # that of a class is kept open, and nobody's to close


def _open_zip(raw: io.RawIOBase, name: str, most_entries: int) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(cast(IO[bytes], _GuardedFile(raw, most_entries)))
        if len(archive.infolist()) > most_entries:
            raise _TooManyEntries
        return archive
    except _TooManyEntries:
        raw.close()
        raise _too_many(name, most_entries) from None
    except Exception as error:  # a crafted directory raises a dozen unrelated types
        raw.close()
        raise UnreadableSubmission(
            f"{shown(name)} is a damaged or incomplete zip ({_reason(error)}). "
            "Zip it again, and upload it again."
        ) from None


def _too_many(name: str, most: int) -> RefusedSubmission:
    return RefusedSubmission(f"{shown(name)} holds more than {most} files and folders.")


def _reason(error: Exception) -> str:
    return shown(str(error) or type(error).__name__)


_DRIVE = re.compile(r"[A-Za-z]:")


def _member(info: zipfile.ZipInfo) -> Member:
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        # macOS writes UTF-8 without saying so. What is not UTF-8 stays CP437, as the format has it.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    # Some Windows tools write backslashes. Seen as separators they cannot hide a "..".
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    escapes = ""
    if "\0" in name:
        escapes = "has a NUL character in its name"
    elif name.startswith("/"):
        escapes = "has an absolute path"
    elif _DRIVE.match(name):
        escapes = "names a drive"
    elif any(part.strip() == ".." for part in parts):
        escapes = "has a path that leads out of the zip"
    mode = info.external_attr >> 16
    return Member(
        path=name if escapes else "/".join(parts),
        is_folder=name.endswith("/") or stat.S_ISDIR(mode),
        escapes=escapes,
        special=special_kind(mode),
        info=info,
    )


_path_of = attrgetter("path")


def _members(archive: zipfile.ZipFile) -> tuple[Member, ...]:
    return tuple(member for member in map(_member, archive.infolist()) if member.path)


@functools.lru_cache(maxsize=4)
def _class_zip(
    path: Path, most_entries: int, identity: tuple[int, ...]
) -> tuple[zipfile.ZipFile, list[Member]]:
    archive = _open_zip(open_regular(path, path.name), path.name, most_entries)
    return archive, sorted(_members(archive), key=_path_of)


def _opened_class(path: Path, most_entries: int) -> tuple[zipfile.ZipFile, list[Member]]:
    """The zip of a class, kept open: its directory is parsed once, not once for each student.

    The process id keeps a forked child from sharing the file position with its parent.
    """
    try:
        found = os.lstat(path)
    except OSError as error:
        raise _unopened(path.name, error) from None
    identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, os.getpid())
    return _class_zip(path, most_entries, identity)


def class_members(path: Path, limits: ReadingLimits) -> Sequence[Member]:
    """Every name in a zip that may hold a whole class, sorted."""
    return _opened_class(path, limits.class_entries)[1]


# --- One submission ---


def _between(members: list[Member], first: str, end: str) -> list[Member]:
    """The members whose paths sort from `first` on and before `end`."""
    start = bisect_left(members, first, key=_path_of)
    return members[start : bisect_left(members, end, start, key=_path_of)]


class Reader:
    """Reads one submission; all that it lists and reads counts towards one set of limits."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits = limits
        self.notes: list[str] = []
        self._bytes = 0
        self._entries = 0
        self._open = ExitStack()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def file(self, path: Path) -> Entry:
        """A file that stands by itself."""
        return Entry(path.name, modified_at(path), lambda: self._read_file(path, path.name))

    def folder(self, root: Path) -> list[Entry]:
        """Every regular file under a folder."""
        found: list[Entry] = []
        waiting = [("", root)]
        while waiting:
            prefix, folder = waiting.pop()
            for name, mode, modified in self._listed(folder, prefix or folder.name):
                path, file = prefix + name, folder / name
                if kind := special_kind(mode):
                    raise refuse_special(path, kind)
                if stat.S_ISDIR(mode):
                    waiting.append((path + "/", file))
                else:
                    found.append(
                        Entry(path, modified, functools.partial(self._read_file, file, path))
                    )
        return found

    def zip_file(self, path: Path) -> list[Entry]:
        """Every regular file in a zip."""
        file = self._open.enter_context(open_regular(path, path.name))
        archive = self._open.enter_context(_open_zip(file, path.name, self.limits.entries))
        return self._listed_zip(archive, _members(archive), path.name, "")

    def zip_bytes(self, data: bytes, name: str) -> list[Entry]:
        """Every regular file in a zip that was found in the submission under this name."""
        file = cast(io.RawIOBase, self._open.enter_context(io.BytesIO(data)))
        archive = self._open.enter_context(_open_zip(file, name, self.limits.entries))
        return self._listed_zip(archive, _members(archive), name, name + "/")

    def class_member(self, path: Path, top: str) -> tuple[list[Entry], bool]:
        """What one name in the zip of a class holds, and whether that name is a single file."""
        archive, members = _opened_class(path, self.limits.class_entries)
        mine = [*_between(members, top, top + "\0"), *_between(members, top + "/", top + "0")]
        name = f"{path.name}/{top}"
        alone = len(mine) == 1 and mine[0].path == top and not mine[0].is_folder
        root = top.rpartition("/")[0] if alone else top
        return self._listed_zip(archive, mine, name, "", below=f"{root}/" if root else ""), alone

    def part(self, path: Path, inner: str, name: str) -> tuple[list[Entry], bool]:
        """A file or folder inside a folder or zip of a class, as if it were called `name`.

        The contents of a folder without a name stand by themselves. Also says whether it is a file.
        """
        if stat.S_ISDIR(os.lstat(path).st_mode):
            file = path / inner
            alone = not stat.S_ISDIR(os.lstat(file).st_mode)
            entries = [self.file(file)] if alone else self.folder(file)
        else:
            entries, alone = self.class_member(path, inner)
        if alone:
            self._count(1, name)
            return [replace(entry, path=name) for entry in entries], True
        below = f"{name}/" if name else ""
        return [replace(entry, path=below + entry.path) for entry in entries], False

    def _count(self, entries: int, name: str) -> None:
        self._entries += entries
        if self._entries > self.limits.entries:
            raise _too_many(name, self.limits.entries)

    def _listed(self, folder: Path, name: str) -> list[tuple[str, int, tuple[int, ...]]]:
        found = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._count(1, name)
                    if not _is_skipped(entry.name):
                        status = entry.stat(follow_symlinks=False)
                        found.append((entry.name, status.st_mode, _modified(status.st_mtime_ns)))
        except OSError as error:
            raise _unopened(name, error) from None
        return sorted(found)

    def _listed_zip(
        self,
        archive: zipfile.ZipFile,
        members: Iterable[Member],
        name: str,
        prefix: str,
        below: str = "",
    ) -> list[Entry]:
        found: dict[str, Member] = {}
        again = ""
        for member in members:
            self._count(1, name)
            if member.escapes:
                raise RefusedSubmission(
                    f"{shown(member.path)} in {shown(name)} {member.escapes}. "
                    "Zip the file itself, without its path, and hand that in."
                )
            path = member.path.removeprefix(below)
            if any(map(_is_skipped, path.split("/"))):
                continue
            if member.special:
                raise refuse_special(prefix + path, member.special)
            if not member.is_folder:
                again = path if path in found else again
                found[path] = member
        if again:
            self.notes.append(
                f"{shown(again)} is in {shown(name)} more than once; the last one counts."
            )
        self._refuse_bomb(found, name)
        return [
            Entry(
                prefix + path,
                tuple(member.info.date_time),
                functools.partial(self._read_member, archive, member.info, prefix + path),
            )
            for path, member in found.items()
        ]

    def _refuse_bomb(self, found: dict[str, Member], name: str) -> None:
        total = sum(member.info.file_size for member in found.values())
        if total > self.limits.total_bytes:
            largest = max(found, key=lambda path: found[path].info.file_size)
            raise RefusedSubmission(
                f"{shown(name)} would unpack to {amount(total)} "
                f"({shown(largest)} alone to {amount(found[largest].info.file_size)}); "
                f"a submission may hold {amount(self.limits.total_bytes)}."
            )

    def _allowed(self) -> int:
        return min(self.limits.file_bytes, self.limits.total_bytes - self._bytes)

    def _counted(self, data: bytes | None, name: str) -> bytes:
        if data is not None:
            self._bytes += len(data)
            return data
        if self._allowed() < self.limits.file_bytes:
            raise RefusedSubmission(
                f"More than {amount(self.limits.total_bytes)} would have to be read, "
                f"up to {shown(name)}."
            )
        advice = " Clear its outputs and save it again." if ".ipynb" in name.casefold() else ""
        raise RefusedSubmission(
            f"{shown(name)} is larger than {amount(self.limits.file_bytes)}.{advice}"
        )

    def _read_file(self, path: Path, name: str) -> bytes:
        with open_regular(path, name) as file:
            try:
                if os.fstat(file.fileno()).st_size > self._allowed():
                    return self._counted(None, name)
                return self._counted(_read_up_to(file, self._allowed()), name)
            except OSError as error:
                raise _unopened(name, error) from None

    def _read_member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
        if info.flag_bits & 0x1:
            raise UnreadableSubmission(
                f"{shown(name)} is protected by a password. Zip it again without one."
            )
        # The other methods are rare, and zipfile does not bound what their decoders return: a few
        # bytes of bzip2 fill the memory.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableSubmission(
                f"{shown(name)} is compressed by a method (number {info.compress_type}) "
                "that is not supported. Zip it again with the usual one, deflate."
            )
        if info.file_size > self._allowed():
            return self._counted(None, name)
        try:
            with archive.open(info) as stream:
                data = _read_up_to(stream, self._allowed())
        except Exception as error:  # as for the directory: crafted data raises many types
            raise UnreadableSubmission(
                f"{shown(name)} is damaged in the zip ({_reason(error)}). Zip it again."
            ) from None
        return self._counted(data, name)


def modified_at(path: Path) -> tuple[int, ...]:
    """When a file was changed, as an `Entry` says it; nothing if it is not there any more."""
    try:
        return _modified(os.lstat(path).st_mtime_ns)
    except (OSError, ValueError):
        return ()


def _modified(nanoseconds: int) -> tuple[int, ...]:
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    try:
        return (*time.gmtime(seconds)[:6], rest)
    except (OverflowError, ValueError, OSError):
        return ()
