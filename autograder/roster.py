"""The roster of a course: who submissions belong to, and who has handed in nothing.

Systems export rosters in many forms; a table with a header will do. Its columns are known by their
names, whatever the system: Canvas's gradebook, Moodle's participants or grading worksheet,
Gradescope's, Blackboard's and Brightspace's lists, nbgrader's students.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.archive import UnreadableSubmission, open_regular, shown
from autograder.cells import other_format
from autograder.errors import Unusable
from autograder.filenames import listed
from autograder.layouts import Person
from autograder.sources import Source

_MOST_BYTES = 20_000_000
_HEADER_WITHIN = 20  # rows: some systems write a title above the header


class BadRoster(Unusable):
    """The roster cannot be read, or no column of it names students."""


@dataclass(frozen=True, slots=True)
class Student:
    """A line of the roster."""

    name: str  # to be shown
    ids: tuple[str, ...] = ()
    username: str = ""
    email: str = ""
    line: int = 0

    @property
    def shown(self) -> str:
        return self.name or self.username or self.email or self.ids[0]

    @property
    def handles(self) -> frozenset[str]:
        """What tells this student from all others."""
        return frozenset(map(_folded, filter(None, (*self.ids, self.username, self.email))))


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody in a course, and what was strange about the file."""

    students: tuple[Student, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who of a roster handed something in."""

    names: Mapping[str, str]  # of each submission whose students are known
    missing: tuple[tuple[Student, str], ...]  # with a remark
    remarks: tuple[str, ...] = ()


# --- Reading ---

_Kind = Literal["name", "first", "last", "email", "username", "id"]

_COLUMNS: dict[_Kind, str] = {
    "name": "name, full name, student, student name, display name, learner, participant, user full "
    "name, nom complet, vollständiger name, nombre completo, 姓名",
    "first": "first name, firstname, first names, given name, given names, forename, preferred "
    "name, prénom, vorname, nombre, 名",
    "last": "last name, lastname, surname, family name, nom, nachname, apellido, apellidos, 姓",
    "email": "email, e-mail, email address, e-mail address, mail, sis email, school email, "
    "university email, adresse de courriel, e-mail-adresse, correo electrónico, 邮箱",
    "username": "username, user name, user, login, login id, sis login id, netid, net id, account, "
    "unix name, nom d'utilisateur, anmeldename, nombre de usuario, 用户名",
    "id": "id, user id, student id, student number, student no, sid, sis id, sis user id, "
    "integration id, id number, identifier, org defined id, orgdefinedid, lms user id, "
    "participant id, external id, canvas id, matriculation number, matrikelnummer, numéro, "
    "número de id, 学号",
}


def _header(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


_KIND_OF: dict[str, _Kind] = {
    _header(alias): kind for kind, aliases in _COLUMNS.items() for alias in aliases.split(", ")
}


def read_roster(path: Path) -> Roster:
    """The students in a table of values separated by commas, semicolons or tabs.

    Raises:
        BadRoster: there is no such file, it is no such table, or no column names students.
    """
    rows = _rows(_text(path), path.name)
    at, kinds = _columns(rows, path.name)
    header = [_header(cell) for cell in rows[at][1]]
    is_canvas = {"student", "id", "section"} <= set(header)
    students = [
        student
        for line, cells in rows[at + 1 :]
        if (student := _student(cells, kinds, line))
        # Canvas's gradebook adds a row of maxima and a student for trying things out.
        and not re.match(r"\s*points possible\b", student.name, re.I)
        and not (is_canvas and student.name == "Student, Test")
    ]
    if not students:
        raise BadRoster(f"{shown(path.name)} has a header, but no students below it.")
    return _without_doubles(students)


def _text(path: Path) -> str:
    try:
        with open_regular(path.resolve(), path.name) as file:
            data = file.read(_MOST_BYTES + 1)
    except UnreadableSubmission as error:
        raise BadRoster(str(error)) from None
    if len(data) > _MOST_BYTES:
        raise BadRoster(f"{shown(path.name)} is too large to be a roster.")
    if kind := other_format(data):
        raise BadRoster(f"{shown(path.name)} is {kind}, not a table. Save it as CSV.")
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


_Row = tuple[int, list[str]]


def _rows(text: str, name: str) -> list[_Row]:
    """The rows that are not blank, with their lines, split by whatever shows the most columns."""
    text = text.replace("\0", "")
    told = re.match(r"sep=(.)\r?\n", text, re.I)  # for spreadsheets
    text = text[told.end() :] if told else text
    candidates = [
        [
            (line, cells)
            for line, cells in _split(text, delimiter, name)
            if any(cell.strip() for cell in cells)
        ]
        for delimiter in (told[1] if told else ",;\t|")
    ]
    best = max(candidates, key=lambda rows: _known(rows[:_HEADER_WITHIN]))
    if not best:
        raise BadRoster(f"{shown(name)} is empty.")
    return best


def _split(text: str, delimiter: str, name: str) -> list[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadRoster(f"{shown(name)}, line {reader.line_num}: {error}.") from None


def _known(rows: Sequence[_Row]) -> tuple[int, int]:
    """How many columns some row has that are known, and how many cells at most."""
    known = (sum(_header(cell) in _KIND_OF for cell in cells) for _, cells in rows)
    return max(known, default=0), max((len(cells) for _, cells in rows), default=0)


def _columns(rows: Sequence[_Row], name: str) -> tuple[int, dict[int, _Kind]]:
    """Which row is the header, and which columns of it say what."""
    found: list[tuple[int, dict[int, _Kind]]] = []
    for at, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
        kinds = {
            column: _KIND_OF[header]
            for column, cell in enumerate(cells)
            if (header := _header(cell)) in _KIND_OF
        }
        found.append((at, kinds))
    at, kinds = max(found, key=lambda one: (len(one[1]), -one[0]))
    if not kinds or set(kinds.values()) == {"first"}:
        columns = ", ".join(shown(cell.strip()) or "(empty)" for cell in rows[0][1][:20])
        raise BadRoster(
            f"No column of {shown(name)} names students. Found: {columns}. Known are such as "
            "name, first name and last name, email, username, id, student id, SIS Login ID."
        )
    return at, kinds


def _student(cells: Sequence[str], kinds: Mapping[int, _Kind], line: int) -> Student | None:
    values: dict[str, list[str]] = defaultdict(list)
    for column, kind in kinds.items():
        # Brightspace writes "#" before what a spreadsheet would take for a number.
        value = " ".join(cells[column].split()).lstrip("#") if column < len(cells) else ""
        if value:
            values[kind].append(value)
    if not values:
        return None
    name = (values["name"] or [" ".join([*values["first"][:1], *values["last"][:1]])])[0]
    ids = [*values["id"], *values["username"][1:], *values["email"][1:]]
    for value in values["id"]:
        if found := re.fullmatch(r"participant (\d+)", value, re.I):
            ids.append(found[1])
    first_of = {kind: (values[kind] or [""])[0] for kind in ("username", "email")}
    return Student(name, tuple(ids), first_of["username"], first_of["email"], line)


def _without_doubles(students: Iterable[Student]) -> Roster:
    """Whoever is there twice, once; those who only share a number or an address stay apart."""
    kept: list[Student] = []
    by_handle: dict[str, Student] = {}
    remarks = []
    for student in students:
        others = {by_handle[handle] for handle in student.handles if handle in by_handle}
        same = [
            other
            for other in others
            if not (student.name and other.name)
            or _name_keys(student.name) & _name_keys(other.name)
        ]
        if same:
            remarks.append(
                f"{shown(student.shown)} is on the roster twice (lines {same[0].line} and "
                f"{student.line}), and counts once."
            )
            continue
        for other in sorted(others, key=lambda other: other.line):
            shared = sorted(student.handles & other.handles)
            remarks.append(
                f"{shown(other.shown)} and {shown(student.shown)} share {listed(shared, 3)} "
                f"(lines {other.line} and {student.line} of the roster)."
            )
        kept.append(student)
        for handle in student.handles:
            by_handle.setdefault(handle, student)
    return Roster(tuple(kept), tuple(remarks))


# --- Comparing ---


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()


def _name_keys(name: str, *, with_marks: bool = True) -> frozenset[str]:
    """A name without spaces, from every word on: Canvas and others put the last name first."""
    text = unicodedata.normalize("NFC" if with_marks else "NFKD", name).casefold()
    kinds = [unicodedata.category(character)[0] for character in text]
    letters = "".join(
        character if kind in "LN" or (kind == "M" and with_marks) else "" if kind == "M" else " "
        for character, kind in zip(text, kinds)
    )
    words = letters.split()[:8]
    return frozenset("".join(words[i:] + words[:i]) for i in range(len(words)))


def _weak_keys(handles: Iterable[str]) -> frozenset[str]:
    """What may stand for a student where nothing better does: `0042` for `42`, and the part of an
    address before its `@`, which is often a user name."""
    keys = set()
    for handle in handles:
        local = handle.partition("@")[0]
        keys.add(local.lstrip("0") or local if local.isdecimal() else local)
    return frozenset(keys)


class _Index:
    """Finds students by what an export says of them."""

    def __init__(self, students: Sequence[Student]) -> None:
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, set[int]] = defaultdict(set)
        self._weak: dict[str, set[int]] = defaultdict(set)
        for number, student in enumerate(students):
            for index, keys in (
                (self._exact, student.handles),
                (self._names, _name_keys(student.name)),
                (self._weak, _weak_keys(student.handles)),
                (self._weak, _name_keys(student.name, with_marks=False)),
            ):
                for key in keys:
                    index[key].add(number)

    def candidates(self, person: Person) -> set[int]:
        """Who it may be: one if that is certain."""
        handles = frozenset(map(_folded, person.ids))
        exact = self._all(self._exact, handles)
        named = self._all(self._names, _name_keys(person.name))
        if exact and named:
            # One system's number may be another's of somebody else: then the name contradicts.
            return (exact & named) or (exact | named)
        if exact or named:
            return exact or named
        by_name = self._all(self._weak, _name_keys(person.name, with_marks=False))
        return by_name or self._all(self._weak, _weak_keys(handles))

    @staticmethod
    def _all(index: Mapping[str, set[int]], keys: Iterable[str]) -> set[int]:
        return set().union(*(index[key] for key in keys if key in index))


def attendance(roster: Roster, sources: Sequence[Source]) -> Attendance:
    """Whose each submission is, and who is missing.

    Ids, user names and addresses come first, then names. Where several students fit, none is taken
    for it: all of them are listed as missing, with the submission that may be theirs.
    """
    students = roster.students
    index = _Index(students)
    names: dict[str, str] = {}
    theirs: dict[int, list[str]] = defaultdict(list)
    perhaps: dict[int, list[str]] = defaultdict(list)
    unknown: list[str] = []
    remarks = list(roster.remarks)
    for source in sources:
        people = source.people or (Person(source.name, (source.name,)),)
        found: list[int] = []
        for person in people:
            candidates = index.candidates(person)
            if len(candidates) == 1:
                found += candidates
                continue
            if candidates:
                several = [shown(students[number].shown) for number in sorted(candidates)]
                remarks.append(
                    f"{shown(source.name)} could be of {' or '.join(several[:5])}: nobody was "
                    "taken for it."
                )
                for number in candidates:
                    perhaps[number].append(source.name)
            else:
                unknown.append(source.name)
        for number in dict.fromkeys(found):
            theirs[number].append(source.name)
        if found:
            names[source.name] = ", ".join(
                students[number].shown for number in dict.fromkeys(found)
            )
    for number, submissions in sorted(theirs.items()):
        if len(submissions) > 1:
            remarks.append(
                f"{shown(students[number].shown)} has {len(submissions)} submissions: "
                f"{listed(submissions, 10)}."
            )
    if unknown:
        remarks.append(f"Not on the roster: {listed(list(dict.fromkeys(unknown)), 20)}.")
    missing = tuple(
        (student, f"perhaps {listed(perhaps[number], 3)}" if number in perhaps else "")
        for number, student in enumerate(students)
        if number not in theirs
    )
    return Attendance(names, missing, tuple(remarks))
