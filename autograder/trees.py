"""A folder on disk, or one in a zip, as far as its names: what layouts look at."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from autograder.archive import Member, Reader, ReadingLimits, is_system_name, modified_at

_INDEX_BYTES = 50_000_000  # of a system's own text about a class


@dataclass(frozen=True, slots=True)
class FolderTree:
    """A folder on disk; links are not followed."""

    path: Path
    name: str
    entries: Mapping[str, bool]
    limits: ReadingLimits

    def inside(self, folder: str) -> Mapping[str, bool]:
        return _names_in(self.path / folder, self.limits.class_entries)

    def text(self, path: str) -> str:
        with Reader(replace(self.limits, file_bytes=_INDEX_BYTES)) as reader:
            return reader.file(self.path / path).read().decode("utf-8-sig", "replace")

    def modified(self, path: str) -> tuple[int, ...]:
        whole = self.path / path
        inner = [whole / name for name, is_folder in self.inside(path).items() if not is_folder]
        return max(map(modified_at, inner or [whole]))


@dataclass(frozen=True, slots=True)
class ZipTree:
    """A folder in a zip, or all of it."""

    path: Path
    name: str
    entries: Mapping[str, bool]
    limits: ReadingLimits
    members: Sequence[Member]  # of the whole zip, sorted
    prefix: str  # of the folder: "" or "folder/"

    def inside(self, folder: str) -> Mapping[str, bool]:
        found: dict[str, bool] = {}
        below = f"{self.prefix}{folder}/"
        for member in self._below(folder):
            first, slash, _ = member.path.removeprefix(below).partition("/")
            if not is_system_name(first):
                found[first] = bool(slash) or member.is_folder or found.get(first, False)
        return found

    def text(self, path: str) -> str:
        with Reader(replace(self.limits, file_bytes=_INDEX_BYTES)) as reader:
            entries, alone = reader.class_member(self.path, self.prefix + path)
            return entries[0].read().decode("utf-8-sig", "replace") if alone else ""

    def modified(self, path: str) -> tuple[int, ...]:
        whole = self.prefix + path
        at = bisect_left(self.members, whole, key=_path_of)
        alone = [member for member in self.members[at : at + 1] if member.path == whole]
        inner = [member for member in self._below(path) if not member.is_folder] or alone
        return max((tuple(member.info.date_time) for member in inner), default=())

    def _below(self, folder: str) -> list[Member]:
        first = bisect_left(self.members, f"{self.prefix}{folder}/", key=_path_of)
        end = bisect_left(self.members, f"{self.prefix}{folder}0", lo=first, key=_path_of)
        return [member for member in self.members[first:end] if not member.escapes]


_path_of = attrgetter("path")


def tree_of(path: Path, name: str, limits: ReadingLimits) -> FolderTree:
    """A folder whose names have not been read yet."""
    return FolderTree(path, name, _names_in(path, limits.class_entries), limits)


def _names_in(path: Path, most: int) -> dict[str, bool]:
    """What a folder directly holds, without system files; nothing if it cannot be opened."""
    found: dict[str, bool] = {}
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if len(found) >= most:
                    break
                if not is_system_name(entry.name):
                    found[entry.name] = entry.is_dir(follow_symlinks=False)
    except OSError:  # reading it says why
        pass
    return found
