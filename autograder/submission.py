"""Submissions as they really come: notebooks, scripts, folders, zips -> code cells as text.

`find_submissions` names what a class handed in; `read_submission` reads one, and raises
`UnreadableSubmission` for whatever cannot be graded, so that nothing a student hands in costs
anyone else. Nothing is ever executed, nor written to disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.archive import (
    DEFAULT_LIMITS,
    Entry,
    Reader,
    ReadingLimits,
    RefusedSubmission,
    UnreadableSubmission,
    refuse_special,
    shown,
    special_kind,
)
from autograder.cells import Cell, Contents, other_format, read_cells
from autograder.filenames import (
    DECORATED,
    EXACT,
    SPELT_OTHERWISE,
    closeness,
    exact_names,
    kind_of,
    listed,
)
from autograder.sources import (
    RESERVED_NAMES,
    BadInput,
    FoundClass,
    Source,
    find_class,
    find_submissions,
    is_zip,
    is_zip_file,
)

__all__ = [
    "RESERVED_NAMES",
    "BadInput",
    "Cell",
    "FoundClass",
    "ReadingLimits",
    "Source",
    "Submission",
    "UnreadableSubmission",
    "find_class",
    "find_submissions",
    "read_submission",
]


@dataclass(frozen=True, slots=True)
class Submission:
    """What is graded of one submission."""

    name: str
    origin: str  # the file that was graded, "hello_rnn.ipynb" or "hw.zip/alice/hello_rnn.py"
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]  # what was repaired, chosen or noticed
    digest: str  # sha256 of that file's bytes, in hex


def read_submission(
    source: Source,
    assignment: str,
    names: Collection[str],
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> Submission:
    """The code of one submission; `names` are the functions and classes that were asked for.

    A file that stands by itself is taken whatever its name. In a folder or zip the one with the
    assignment's name is; else one whose name contains it, or the one that defines most of `names`.
    Notes say what else was there. In a file defining `names` only as stubs nothing is answered: it
    yields to another of the same rank.

    Raises `UnreadableSubmission`, and nothing else, if there is nothing to grade.
    """
    try:
        with Reader(limits) as reader:
            chosen, notes = _Search(source, assignment, names, reader).best()
    except UnreadableSubmission as error:
        # A submission without a report of notes has to say all the same which attempt this was.
        about = source.notes if source.layout else ()
        raise type(error)(" ".join([str(error), *about, _expected(assignment)])) from None
    return Submission(
        name=source.name,
        origin=shown(chosen.origin),
        cells=chosen.contents.cells,
        notes=tuple(dict.fromkeys((*source.notes, *reader.notes, *notes, *chosen.contents.notes))),
        digest=chosen.digest,
    )


def _expected(assignment: str) -> str:
    notebook, script = exact_names(assignment)
    return f"Expected: {notebook} or {script}, or a zip or folder holding one of them."


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A notebook or script that was read."""

    path: str
    origin: str
    modified: tuple[int, ...]
    digest: str
    contents: Contents
    closeness: int
    defined: int  # how many of the names asked for it defines
    answered: int  # and how many of those are more than a stub

    def named_order(self) -> tuple[object, ...]:
        """Of those with the right name: the least buried; with answers; a notebook; the fullest."""
        return (
            self.closeness,
            self.path.count("/"),
            not self.answered,
            self.kind,
            *self._fullest(),
        )

    def content_order(self) -> tuple[object, ...]:
        """Of the others: with answers; the closest name; the fullest."""
        return (not self.answered, self.closeness, *self._fullest())

    def _fullest(self) -> tuple[object, ...]:
        newest = tuple(-part for part in self.modified)
        return -self.defined, -self.answered, newest, self.kind, self.path

    @property
    def kind(self) -> str:
        return kind_of(self.path)


class _Search:
    """Looks through one submission for the file to grade."""

    def __init__(
        self, source: Source, assignment: str, names: Collection[str], reader: Reader
    ) -> None:
        self._source = source
        self._assignment = assignment
        self._names = frozenset(names)
        self._reader = reader
        self._failures: list[UnreadableSubmission] = []
        self._prefix = ""  # of origins
        self._exported = {part.name: part.path for part in source.parts}

    def best(self) -> tuple[_Candidate, list[str]]:
        """What is graded, and the notes that say why that."""
        path, member = self._source.path, self._source.member
        if self._source.parts:
            return self._among_parts(path)
        if member:
            entries, alone = self._reader.class_member(path, member)
            folder = member.rpartition("/")[0] if alone else member
            self._prefix = "/".join(filter(None, (path.name, folder))) + "/"
            return self._alone(entries[0]) if alone and entries else self._among(entries, depth=0)
        try:
            mode = os.lstat(path).st_mode
        except (OSError, ValueError) as error:
            raise UnreadableSubmission(f"{shown(path.name)} is not there any more.") from error
        if kind := special_kind(mode):
            raise refuse_special(path.name, kind)
        if stat.S_ISDIR(mode):
            return self._among(self._reader.folder(path), depth=0)
        if is_zip_file(path):
            self._note_zip(path.name)
            self._prefix = path.name + "/"
            return self._among(self._reader.zip_file(path), depth=1)
        return self._alone(self._reader.file(path))

    def _among_parts(self, path: Path) -> tuple[_Candidate, list[str]]:
        entries: list[Entry] = []
        try:
            is_folder = stat.S_ISDIR(os.lstat(path).st_mode)
            for part in self._source.parts:
                found, is_file = self._reader.part(path, part.path, part.name)
                entries += found
        except (OSError, ValueError) as error:
            raise UnreadableSubmission(f"{shown(path.name)} is not there any more.") from error
        self._prefix = "" if is_folder else path.name + "/"
        if len(self._source.parts) == 1 and is_file and entries:
            return self._alone(entries[0])
        return self._among(entries, depth=0)

    def _alone(self, entry: Entry) -> tuple[_Candidate, list[str]]:
        data = entry.read()
        if is_zip(entry.path, data):
            self._note_zip(entry.path)
            return self._among(self._reader.zip_bytes(data, entry.path), depth=1)
        is_code = kind_of(entry.path) in ("notebook", "script")
        if not is_code and not (data.lstrip()[:1] == b"{" and b'"cell_type"' in data):
            what = other_format(data) if data else "empty"
            if not what or what == "a zip archive":  # as documents are inside
                what = "neither a notebook nor a script nor a zip"
            elif "archive" in what:
                what += "; of archives, only zips are opened"
            raise UnreadableSubmission(f"{shown(entry.path)} is {what}.")
        return self._candidate(entry, data), []

    def _note_zip(self, name: str) -> None:
        if kind_of(name) != "zip":
            self._reader.notes.append(f"{shown(name)} is a zip by its contents.")

    def _among(self, entries: list[Entry], depth: int) -> tuple[_Candidate, list[str]]:
        entries = self._with_nested(entries, depth)
        files = [entry for entry in entries if kind_of(entry.path) in ("notebook", "script")]
        near = [entry for entry in files if self._closeness(entry) <= SPELT_OTHERWISE]
        earlier = len(self._failures)
        named = sorted(self._readable(near), key=_Candidate.named_order)
        if named:
            return named[0], self._named_notes(named, files)
        broken = self._failures[earlier:]
        others = [entry for entry in files if self._closeness(entry) > SPELT_OTHERWISE]
        rest = self._readable(others, may_be_large=True)
        ranked = sorted((one for one in rest if one.defined), key=_Candidate.content_order)
        ranked += sorted(
            (one for one in rest if not one.defined and one.closeness == DECORATED),
            key=_Candidate.content_order,
        )
        if ranked:
            return ranked[0], self._content_notes(ranked)
        if broken:
            raise broken[0]
        raise self._nothing(entries, [one.path for one in rest])

    def _with_nested(self, entries: list[Entry], depth: int) -> list[Entry]:
        """With what the zips inside hold, unless a file of the right name needs none of it."""
        found, zips = list(entries), entries
        while not any(self._closeness(entry) == EXACT for entry in found):
            zips = [entry for entry in zips if kind_of(entry.path) == "zip"]
            if not zips:
                break
            depth += 1
            if depth > self._reader.limits.depth:
                raise RefusedSubmission(
                    f"{shown(zips[0].path)} is a zip in a zip, "
                    f"more than {self._reader.limits.depth} deep."
                )
            inner: list[Entry] = []
            for entry in zips:
                try:
                    data = entry.read()
                except UnreadableSubmission as error:  # too large, perhaps: data beside the work
                    self._failures.append(error)
                    continue
                try:
                    inner += self._reader.zip_bytes(data, entry.path)
                except RefusedSubmission:
                    raise
                except UnreadableSubmission as error:
                    self._failures.append(error)
            found += inner
            zips = inner
        return found

    def _closeness(self, entry: Entry) -> int:
        return closeness(entry.path, self._assignment)

    def _readable(self, entries: list[Entry], *, may_be_large: bool = False) -> list[_Candidate]:
        found = []
        for entry in entries:
            try:
                found.append(self._candidate(entry, entry.read()))
            except UnreadableSubmission as error:
                if isinstance(error, RefusedSubmission) and not may_be_large:
                    raise
                self._failures.append(error)
        return found

    def _candidate(self, entry: Entry, data: bytes) -> _Candidate:
        contents = read_cells(data, entry.path, self._reader.limits)
        defined, answered = _definitions(contents, self._names)
        return _Candidate(
            path=entry.path,
            origin=self._prefix + self._in_export(entry.path),
            modified=entry.modified,
            digest=hashlib.sha256(data).hexdigest(),
            contents=contents,
            closeness=self._closeness(entry),
            defined=defined,
            answered=answered,
        )

    def _in_export(self, path: str) -> str:
        """The path of an entry as the export has it, rather than as the student called the file."""
        first, slash, rest = path.partition("/")
        return self._exported.get(first, first) + slash + rest

    def _named_notes(self, named: list[_Candidate], files: list[Entry]) -> list[str]:
        chosen = named[0]
        others = [
            entry.path
            for entry in files
            if entry.path != chosen.path and self._closeness(entry) <= DECORATED
        ]
        notes = self._failure_notes()
        if chosen.closeness != EXACT:
            notes.append(f"{shown(chosen.path)} was taken for {self._expected_names()}.")
        if others:
            emptier = [one.path for one in named[1:] if chosen.answered and not one.answered]
            why = f" ({listed(emptier, 3)} holds no answers)" if emptier else ""
            notes.append(
                f"{shown(chosen.path)} was graded{why}; also found, and not graded: "
                f"{listed(others, 10)}."
            )
        return notes

    def _content_notes(self, ranked: list[_Candidate]) -> list[str]:
        chosen = ranked[0]
        why = (
            "for its name"
            if chosen.closeness == DECORATED
            else f"which defines {chosen.defined} of the {len(self._names)} names asked for"
        )
        notes = self._failure_notes()
        notes.append(
            f"There is no {self._expected_names()}; {shown(chosen.path)} was graded, {why}."
        )
        if others := [one.path for one in ranked[1:]]:
            notes.append(f"Also found, and not graded: {listed(others, 10)}.")
        return notes

    def _failure_notes(self) -> list[str]:
        notes = [f"{failure} Another file was graded." for failure in self._failures[:3]]
        if len(self._failures) > 3:
            notes.append(f"{len(self._failures) - 3} more files could not be read.")
        return notes

    def _nothing(self, entries: list[Entry], readable: list[str]) -> UnreadableSubmission:
        where = self._source.member or self._source.path.name
        where = shown(self._source.name if self._source.parts else where)
        paths = readable or [entry.path for entry in entries]
        found = f" Found: {listed(paths, 10)}." if paths else ""
        if readable:
            why = f"Nothing in {where} defines what {self._assignment} asks for.{found}"
        elif self._failures:
            return UnreadableSubmission(f"{self._failures[0]}{found}")
        elif paths:
            why = f"There is no notebook or script in {where}.{found}"
        else:
            why = f"There is nothing in {where}."
        return UnreadableSubmission(" ".join([why, *map(str, self._failures[:1])]))

    def _expected_names(self) -> str:
        return " or ".join(exact_names(self._assignment))


_DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+([^\W\d]\w*)", re.M)


def _definitions(contents: Contents, names: Collection[str]) -> tuple[int, int]:
    """How many of the names the cells define at the start of a line, and how many are no stubs."""
    defined, answered = set(), set()
    for cell in contents.cells:
        heads = list(_DEFINITION.finditer(cell.source))
        ends = [*(head.start() for head in heads[1:]), len(cell.source)]
        for head, end in zip(heads, ends, strict=False):
            if head[1] in names:
                defined.add(head[1])
                if "NotImplementedError" not in cell.source[head.end() : end]:
                    answered.add(head[1])
    return len(defined), len(answered)
