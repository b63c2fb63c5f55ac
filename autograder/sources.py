"""Where the submissions of a class are, and what each is called; nothing in them is read.

Every file and folder that a person made becomes a source, whatever it is, so that nobody is lost;
what cannot be graded is found out one by one, when it is read.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.archive import (
    DEFAULT_LIMITS,
    Member,
    ReadingLimits,
    UnreadableSubmission,
    class_members,
    is_system_name,
    open_regular,
    shown,
)
from autograder.errors import Unusable
from autograder.filenames import exact_names, kind_of, listed, simplified, stem_of
from autograder.layouts import Attempts, Export, Handed, Part, Person, recognise
from autograder.trees import FolderTree, ZipTree, tree_of

RESERVED_NAMES = frozenset({"grades.csv", "index.html", "missing.csv"})
"""What a folder of results holds besides one folder for each submission."""


class BadInput(Unusable):
    """A path that was given does not exist, or nothing in the paths could be a submission."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where one submission is."""

    name: str  # unique among those found together, and fit to name a folder
    path: Path
    member: str = ""  # what in the zip at `path` is the submission, "" if all of it
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()  # the files in the folder or zip at `path`, if not all of it
    people: tuple[Person, ...] = ()  # whose it is, as far as an export says
    layout: str = ""  # the system whose export it comes from


@dataclass(frozen=True, slots=True)
class FoundClass:
    """The submissions of a class, and what is to be said about how they were found."""

    sources: list[Source]  # by name
    remarks: tuple[str, ...] = ()
    passed_over: int = 0  # attempts that a later one replaced


# --- Finding ---


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    member: str
    full: str  # name of its file or folder, or of the student
    is_folder: bool
    is_empty: bool = False
    parts: tuple[Part, ...] = ()
    people: tuple[Person, ...] = ()
    notes: tuple[str, ...] = ()
    layout: str = ""
    export: str = ""  # where that is: the sections of a course may share their students
    passed_over: int = 0

    @property
    def stem(self) -> str:
        return self.full if self.is_folder or self.layout else stem_of(self.full)

    @property
    def parent(self) -> str:
        if self.export:
            return self.export
        inner = self.member.rpartition("/")[0]
        return (
            f"{self.path.parent}/{self.path.name}/{inner}" if self.member else f"{self.path.parent}"
        )


class _Finder:
    """What is looked for, and which exports were met on the way."""

    def __init__(
        self, assignment: str, limits: ReadingLimits, layout: str, attempts: Attempts
    ) -> None:
        self.assignment = assignment
        self.limits = limits
        self.layout = layout
        self.attempts: Attempts = attempts
        self.remarks: list[str] = []

    @property
    def is_told(self) -> bool:
        """Whether the layout was given, so that nothing needs to be guessed."""
        return self.layout not in ("auto", "plain")

    def export(self, tree: FolderTree | ZipTree) -> Export | None:
        if self.layout == "plain":
            return None
        return recognise(tree, self.assignment, self.layout, self.attempts)

    def refuse_unlike(self, path: Path) -> None:
        """Refuse a folder or zip that is not in the layout that was asked for."""
        if self.is_told:
            raise BadInput(f"Nothing in {shown(str(path))} is named as {self.layout} names it.")

    def note(self, given: str, export: Export) -> None:
        count = len(export.handed)
        several = "submission" if count == 1 else "submissions"
        self.remarks.append(
            f"{shown(given)}: read as an export of {export.title} ({count} {several})."
        )
        self.remarks += export.remarks
        if export.unclaimed:
            self.remarks.append(
                f"Not as {export.title} names things, so each is a submission of its own: "
                f"{listed(sorted(export.unclaimed), 20)}."
            )

    def note_one(self, tree: FolderTree | ZipTree) -> None:
        """Say so where the file that was asked for lies in the midst of others' submissions."""
        if self.layout != "auto":
            return
        with suppress(Unusable):
            export = self.export(tree)
            if export and len(export.handed) > 1:
                self.remarks.append(
                    f"{shown(tree.name)} is one submission, since it directly holds "
                    f"{' or '.join(exact_names(self.assignment))}. It looks like an export of "
                    f"{export.title}: take that file away, or say --layout."
                )


def find_class(
    paths: Sequence[Path],
    assignment: str,
    limits: ReadingLimits = DEFAULT_LIMITS,
    *,
    layout: str = "auto",
    attempts: Attempts = "latest-by-name",
) -> FoundClass:
    """Every submission in the given files, folders and zips, sorted by name.

    A folder or zip that directly holds `<assignment>.ipynb` or `.py` is one submission (a zip also
    if its only folder does). In an export of a learning management system each student is one.
    Otherwise each file and folder is one, readable or not, apart from what operating systems leave
    behind. Names do not depend on the order of the paths.

    Args:
        layout: `auto` recognises an export by its names; `plain` never does; else the name of a
            system, one of `layouts.LAYOUTS`.
        attempts: which of a student's attempts counts.

    Raises:
        BadInput: a path does not exist or cannot be opened, there is nothing in them, or nothing in
            a folder or zip looks like the layout that was asked for.
    """
    if not paths:
        raise BadInput("No submissions were given: name a folder, a zip or files.")
    finder = _Finder(assignment, limits, layout, attempts)
    found: dict[tuple[object, ...], _Found] = {}
    for given in paths:
        for one in _found_at(Path(given), finder):
            found.setdefault((one.path, one.member, one.parts), one)
    if all(one.is_empty for one in found.values()):
        raise BadInput(f"There is nothing in {', '.join(shown(str(path)) for path in paths)}.")
    remarks = tuple(dict.fromkeys(finder.remarks))
    passed_over = sum(one.passed_over for one in found.values())
    return FoundClass(_named(found.values()), remarks, passed_over)


def find_submissions(
    paths: Sequence[Path], assignment: str, limits: ReadingLimits = DEFAULT_LIMITS
) -> list[Source]:
    """The submissions that `find_class` finds by itself, sorted by name."""
    return find_class(paths, assignment, limits).sources


def _found_at(given: Path, finder: _Finder) -> list[_Found]:
    try:
        path = given.resolve(strict=True)
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise BadInput(f"{shown(str(given))} does not exist.") from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{shown(str(given))} cannot be opened: {shown(reason)}.") from None
    name = given.name if given.name not in ("", "..") else path.name
    if stat.S_ISDIR(mode):
        return _found_in_folder(path, name, finder)
    if stat.S_ISREG(mode) and is_zip_file(path):
        return _found_in_zip(path, name, finder)
    return [_Found(path, "", name, False)]


def _found_in_folder(path: Path, name: str, finder: _Finder) -> list[_Found]:
    entries: dict[str, bool] = {}
    try:
        with os.scandir(path) as scanned:
            for entry in scanned:
                is_folder = entry.is_dir(follow_symlinks=False)
                if (
                    entry.name in exact_names(finder.assignment)
                    and not is_folder
                    and not finder.is_told
                ):
                    finder.note_one(tree_of(path, name, finder.limits))
                    return [_Found(path, "", name, True)]
                if not is_system_name(entry.name):
                    entries[entry.name] = is_folder
                if len(entries) > finder.limits.class_entries:
                    raise BadInput(
                        f"{shown(str(path))} holds more than "
                        f"{finder.limits.class_entries:,} submissions."
                    )
    except OSError as error:
        raise BadInput(f"{shown(str(path))} cannot be opened: {error.strerror}.") from None
    exported = _exported_in_folder(path, name, entries, finder)
    if exported is not None:
        return exported
    found = [_Found(path / inner, "", inner, is_folder) for inner, is_folder in entries.items()]
    return found or [_Found(path, "", name, True, is_empty=True)]


def _exported_in_folder(
    path: Path, name: str, entries: Mapping[str, bool], finder: _Finder
) -> list[_Found] | None:
    """The submissions of the export that a folder is, or the only folder in it."""
    tree = FolderTree(path, name, entries, finder.limits)
    export = finder.export(tree)
    if export is None and list(entries.values()) == [True]:
        (inner,) = entries
        tree = tree_of(path / inner, inner, finder.limits)
        export = finder.export(tree)
    if export is None:
        finder.refuse_unlike(path)
        return None
    finder.note(name, export)
    found = []
    for one in export.handed:
        root, parts = tree.path, one.parts
        if len(parts) == 1 and not parts[0].name:
            root, parts = tree.path / parts[0].path, ()
        place = tree.path.parent if tree.name == "submitted" else tree.path
        found.append(_handed_in(one, export, root, "", parts, str(place)))
    found += [
        _Found(tree.path / strange, "", strange.rpartition("/")[2], is_folder)
        for strange, is_folder in _unclaimed(export, tree)
    ]
    return found


def _handed_in(
    handed: Handed, export: Export, path: Path, member: str, parts: tuple[Part, ...], place: str
) -> _Found:
    return _Found(
        path, member, handed.student, is_folder=not parts, parts=parts, people=handed.people,
        notes=handed.notes, layout=export.title, export=place, passed_over=handed.passed_over,
    )  # fmt: skip


def _found_in_zip(path: Path, name: str, finder: _Finder) -> list[_Found]:
    whole = _Found(path, "", name, False)
    assignment = finder.assignment
    try:
        members = class_members(path, finder.limits)
    except UnreadableSubmission:
        return [whole]  # reading it will say why
    sound = [
        member
        for member in members
        if not member.escapes and not any(map(is_system_name, member.path.split("/")))
    ]
    if not sound:
        return [replace(whole, is_empty=not any(member.escapes for member in members))]
    if _is_one(sound, "", assignment) and not finder.is_told:
        finder.note_one(_tree_of_zip(path, name, members, "", finder)[0])
        return [whole]
    if (exported := _exported_in_zip(path, name, members, "", finder)) is not None:
        return exported
    prefix = ""
    tops = {member.path.split("/", 1)[0] for member in sound}
    if len(tops) == 1:
        wrapper = tops.pop() + "/"
        inside = [member for member in sound if member.path.startswith(wrapper)]
        if _is_one(inside, wrapper, assignment) and not finder.is_told:
            finder.note_one(_tree_of_zip(path, name, members, wrapper, finder)[0])
            return [whole]
        if (exported := _exported_in_zip(path, name, members, wrapper, finder)) is not None:
            return exported
        # A zipped folder of a class, unless at most one thing in it could be graded.
        if len(_gradable(inside, wrapper)) > 1:
            prefix = wrapper
    finder.refuse_unlike(path)
    return _entries_of_zip(path, members, prefix)


def _entries_of_zip(path: Path, members: Iterable[Member], prefix: str) -> list[_Found]:
    """What is directly in a folder of a zip, and what belongs nowhere in it."""
    found: dict[str, _Found] = {}
    for member in members:
        if not (member.escapes or member.path.startswith(prefix)):
            continue
        if not member.escapes and any(map(is_system_name, member.path.split("/"))):
            continue
        rest = member.path.removeprefix(prefix)
        first = rest.split("/", 1)[0]
        if member.escapes and (
            not member.path.startswith(prefix)
            or first.strip() in ("", ".", "..")
            or re.match("[A-Za-z]:", first)
        ):
            # Nobody's: it stands for itself, and is refused when it is read.
            one = _Found(path, member.path, rest.rstrip("/").rpartition("/")[2], False)
        elif rest:
            is_folder = member.is_folder or rest != first
            one = _Found(path, prefix + first, first, is_folder)
            if is_folder:
                found.pop(one.member, None)
        else:
            continue
        found.setdefault(one.member, one)
    return list(found.values())


def _exported_in_zip(
    path: Path, name: str, members: Sequence[Member], prefix: str, finder: _Finder
) -> list[_Found] | None:
    """The submissions of the export that a folder of a zip is, or None if it is none."""
    tree, found = _tree_of_zip(path, name, members, prefix, finder)
    export = finder.export(tree)
    if export is None:
        return None
    finder.note(name, export)
    for one in export.handed:
        member, parts = "", tuple(Part(prefix + part.path, part.name) for part in one.parts)
        if len(parts) == 1 and not parts[0].name:
            member, parts = parts[0].path, ()
        found.append(_handed_in(one, export, path, member, parts, str(path)))
    found += [
        _Found(path, prefix + strange, strange.rpartition("/")[2], is_folder)
        for strange, is_folder in _unclaimed(export, tree)
    ]
    return found


def _tree_of_zip(
    path: Path, name: str, members: Sequence[Member], prefix: str, finder: _Finder
) -> tuple[ZipTree, list[_Found]]:
    """A folder of a zip, or all of it, and what in the zip belongs nowhere."""
    entries = _entries_of_zip(path, members, prefix)
    named = {one.full: one for one in entries if one.member == prefix + one.full}
    folders = {full: one.is_folder for full, one in named.items()}
    inner = prefix.rstrip("/") or stem_of(name)
    tree = ZipTree(path, inner, folders, finder.limits, members, prefix)
    return tree, [one for one in entries if named.get(one.full) is not one]


def _unclaimed(export: Export, tree: FolderTree | ZipTree) -> Iterator[tuple[str, bool]]:
    """What is nobody's by the rules of an export, and whether it is a folder."""
    for path in export.unclaimed:
        folder, _, last = path.rpartition("/")
        yield path, (tree.inside(folder) if folder else tree.entries)[last]


def _is_one(members: Iterable[Member], prefix: str, assignment: str) -> bool:
    """Whether this folder of a zip is a single submission."""
    files = [m.path.removeprefix(prefix) for m in members if not m.is_folder]
    if any(exact in files for exact in exact_names(assignment)):
        return True
    gradable = [file for file in files if kind_of(file)]
    # "hello_rnn (1).ipynb" is a browser's name for the same file, and nobody's name.
    return (
        len(gradable) == 1
        and "/" not in gradable[0]
        and bool(
            re.fullmatch(rf"{simplified(assignment)}(?:_\d+)?", simplified(stem_of(gradable[0])))
        )
    )


def _gradable(members: Iterable[Member], prefix: str) -> set[str]:
    """The things directly in a folder of a zip that hold a notebook, a script or a zip."""
    return {
        member.path.removeprefix(prefix).split("/", 1)[0]
        for member in members
        if not member.is_folder and kind_of(member.path)
    }


def is_zip_file(path: Path) -> bool:
    """Whether the file is a zip, and not one of the document formats that are zips inside."""
    try:
        with open_regular(path, path.name) as file:
            return is_zip(path.name, file.read(4))
    except (OSError, UnreadableSubmission):
        return False


def is_zip(name: str, data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and bool(
        kind_of(name) or "." not in name
    )


# --- Naming ---


def _named(found: Iterable[_Found]) -> list[Source]:
    groups: dict[str, list[_Found]] = {}
    for one in sorted(found, key=_precedence):
        groups.setdefault(_folded(_safe(one.stem)), []).append(one)
    taken: dict[str, str] = {}
    sources: list[Source] = []
    # Those whose name nobody else wants come first, so that they keep it.
    for group in sorted(groups.values(), key=len):
        several_places = len({one.parent for one in group}) > 1
        for number, one in enumerate(group):
            wanted = _safe(one.stem)
            if len(group) > 1 and several_places:
                place = one.parent.rstrip("/").rpartition("/")[2]
                wanted = _safe(f"{place}-{one.stem}")
            elif number:
                wanted = _safe(one.full)
            name, again = wanted, 1
            while _folded(name) in taken:
                again += 1
                name = _safe(f"{wanted[:80]}~{again}")
            taken[_folded(name)] = name
            notes = (*_naming_notes(one, name, group), *one.notes)
            sources.append(
                Source(name, one.path, one.member, notes, one.parts, one.people, one.layout)
            )
    return sorted(sources, key=lambda source: natural_order(source.name))


def _precedence(one: _Found) -> tuple[object, ...]:
    """Who keeps a name that several want: a folder, a notebook, a script, a zip, anything else."""
    kinds = ("notebook", "script", "zip", "")
    where = str(one.path), one.member, one.parts
    return not one.is_folder, kinds.index("" if one.layout else kind_of(one.full)), where


def _naming_notes(one: _Found, name: str, group: list[_Found]) -> tuple[str, ...]:
    if len(group) > 1:
        return (
            f"{shown(one.full)} is called {name} here, because {len(group)} submissions would be "
            f"called {_safe(one.stem)}.",
        )
    if name != unicodedata.normalize("NFC", one.stem):
        return (f"{shown(one.full)} is called {name} here: its own name cannot name a folder.",)
    return ()


_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)


def _safe(name: str) -> str:
    """The name as a folder in the results may bear it on any system."""
    name = unicodedata.normalize("NFC", name)
    safe = "".join("_" if _is_unsafe(character) else character for character in name)
    safe = safe.strip(" ").rstrip(". ")
    if safe.startswith("."):
        safe = "_" + safe.lstrip(". ")
    safe = safe or "submission"
    if safe.casefold() in RESERVED_NAMES or _DEVICES.match(safe):
        safe = "_" + safe
    if len(safe.encode()) > 150:
        mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        safe = safe.encode()[:120].decode("utf-8", "ignore").rstrip(". ") + "~" + mark
    return safe


def _is_unsafe(character: str) -> bool:
    # Controls, surrogates, marks that reverse the direction; spaces other than the plain one.
    return character in '/\\:*?"<>|' or (
        character != " " and unicodedata.category(character)[0] in "CZ"
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    """What names are sorted by: student2 before student10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part) if part[0] in "0123456789" else -1, part) for part in parts if part], name
