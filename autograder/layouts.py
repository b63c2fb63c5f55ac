"""What learning management systems export: which student each file or folder belongs to.

One function for each system reads the names in an export, and no other knows of it. Names alone
decide, apart from Gradescope's index and one of Blackboard's descriptions, so that a class of
thousands is listed in a moment.

How sure each format is:

- Canvas: after its own source (lib/content_zipper.rb, Attachment.make_unique_filename).
- Moodle: after its own source (mod/assign/classes/downloader.php, and locallib.php before 4.1).
- nbgrader: after its own source (exchange/default/collect.py).
- Gradescope: no documentation of the export is public; after tools that read it, and their tests.
- Blackboard: after nbgrader's documentation of its names and several tools that read them. That a
  description begins with `Name: Full Name (username)` is from experience, and only helps.
- Brightspace: after several tools that read it; months are read in English alone, and the order of
  attempts with other months falls back to when their files were changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from autograder.archive import UnreadableSubmission, shown
from autograder.errors import Unusable
from autograder.filenames import SPELT_OTHERWISE, closeness, exact_names, listed

Attempts = Literal["latest-by-name", "latest-by-time"]
"""Which attempt counts: the latest by what the system wrote into its name (a time or a number), or
the one whose files were changed last."""


class Tree(Protocol):
    """A folder, or a folder in a zip, as far as its names."""

    @property
    def name(self) -> str: ...

    @property
    def entries(self) -> Mapping[str, bool]:
        """What it directly holds, without system files; true for folders."""

    def inside(self, folder: str) -> Mapping[str, bool]:
        """The same of a folder further down."""

    def text(self, path: str) -> str:
        """What a file says; raises `UnreadableSubmission`."""

    def modified(self, path: str) -> tuple[int, ...]:
        """When a file, or the newest file of a folder, was changed; comparable."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who handed something in, as far as the export says."""

    name: str = ""
    ids: tuple[str, ...] = ()  # numbers, user names, addresses


@dataclass(frozen=True, slots=True)
class Upload:
    """A file or folder of an export, and whose it is."""

    path: str
    student: str  # the same for everything of one student, or of a group
    name: str = ""  # the file as the student called it; "" for a folder whose contents count
    attempt: tuple[int | str, ...] = ()  # as the name says; the largest is the latest
    slot: str = ""  # attempts replace each other if this is the same
    extra: bool = False  # what the system wrote about it, or was typed into a form: no file
    people: tuple[Person, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one system's rules make of a tree."""

    uploads: Sequence[Upload] = ()
    own: frozenset[str] = frozenset()  # entries that the system itself put there
    strange: tuple[str, ...] = ()  # paths further down that the rules do not explain
    sure: bool = True  # whether nobody would name files so without the system
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A file or folder that belongs to a submission, and what the student called it."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Handed:
    """What one student handed in, of which the attempt to grade is chosen."""

    student: str
    parts: tuple[Part, ...]
    people: tuple[Person, ...]
    notes: tuple[str, ...]
    passed_over: int


@dataclass(frozen=True, slots=True)
class Export:
    """A tree in which a system's export was recognised."""

    title: str
    handed: tuple[Handed, ...]
    unclaimed: tuple[str, ...]  # nobody's by the rules, and submissions of their own
    remarks: tuple[str, ...] = ()


# --- Canvas ---

# Ruby's [[:word:]] keeps the letters of every script, marks included.
_WORD = r"(?:[^\x00-\x7f]|[A-Za-z0-9_])"
_CANVAS = re.compile(
    rf"(?:(?P<anonlate>LATE_)?anon_(?P<anon>[A-Za-z0-9]+)"
    rf"|(?P<who>{_WORD}+?)_(?P<late>LATE_|late_)?(?P<user>\d+))"
    r"_(?:(?P<file>\d+)_(?P<name>.+)|(?P<typed>text|link)\.html)",
    re.S,
)
_NUMBERED = re.compile(r"(?P<stem>.+)-(?P<number>\d+)(?P<suffix>(?:\.[A-Za-z0-9]+)+)\Z", re.S)


def canvas(tree: Tree, assignment: str) -> Reading:
    """`smithjohn_LATE_12345_67890_hello_rnn-1.ipynb`: name, user, file, and the file's own name.

    Canvas numbers a file whose name the student had used before: `-1` is the second upload. Of an
    anonymous assignment the first two are `anon` and five letters.
    """
    found = [
        (name, match)
        for name, is_folder in tree.entries.items()
        if not is_folder and (match := _CANVAS.fullmatch(name))
    ]
    given = {match["name"] for _, match in found if match["name"]}
    uploads = []
    for path, match in found:
        who, user = match["who"] or "anon", match["user"] or match["anon"]
        name, number = match["name"] or f"{match['typed']}.html", 0
        numbered = _NUMBERED.fullmatch(name)
        if numbered and not match["typed"]:
            first = numbered["stem"] + numbered["suffix"]
            # A file may be called week-2.py, too.
            if first in given or closeness(first, assignment) <= SPELT_OTHERWISE:
                name, number = first, int(numbered["number"])
        late = match["late"] or match["anonlate"]
        uploads.append(
            Upload(
                path,
                f"{who}_{user}",
                name,
                (number, int(match["file"] or 0)),
                slot=name,
                extra=bool(match["typed"]),
                people=(Person(match["who"] or "", (user,)),),
                notes=("Canvas marks it as late.",) if late else (),
            )
        )
    return Reading(uploads, sure=_is_canvas([match for _, match in found]))


def _is_canvas(found: Sequence[re.Match[str]]) -> bool:
    """Whether the numbers are those of users and files, not of exercises or dates.

    Every user has one name, no two files have the same number, and there are several users.
    """
    names: dict[str, set[str]] = defaultdict(set)
    files = [match["file"] for match in found if match["file"]]
    for match in found:
        if match["user"]:
            names[match["user"]].add(match["who"])
    whos = {who for several in names.values() for who in several}
    anonymous = {match["anon"] for match in found if match["anon"]}
    return (
        len(names) + len(anonymous) > 1
        and len(whos) != 1
        and len(set(files)) == len(files)
        and all(len(number) > 2 and number[0] != "0" for number in (*names, *files))
        and all(len(several) == 1 for several in names.values())
        and all(who == who.lower() for who in whos)
    )


# --- Moodle ---

_MOODLE = re.compile(
    r"(?P<who>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<name>.*))?", re.S
)


def moodle(tree: Tree, assignment: str) -> Reading:
    """`Full Name_1234_assignsubmission_file_`, a folder (without the last `_` since 4.1), or the
    same followed by the file's name, where the teacher chose not to download in folders.

    The number is the participant's in this assignment, the same as in the grading worksheet; a
    group has its own, or none. Moodle exports the latest attempt alone.
    """
    uploads = []
    for path, is_folder in tree.entries.items():
        if not (match := _MOODLE.fullmatch(path)):
            continue
        who, number = match["who"], match["id"]
        typed = match["kind"] != "file"
        uploads.append(
            Upload(
                path,
                f"{who}_{number}" if number else who,
                "" if is_folder else match["name"] or path,
                extra=typed,
                people=(Person(who, (f"Participant {number}",) if number else ()),),
            )
        )
    return Reading(uploads)


# --- Gradescope ---

_GRADESCOPE_INDEX = "submission_metadata.yml"


def gradescope(tree: Tree, assignment: str) -> Reading:
    """`submission_1234/`, and `submission_metadata.yml`, which says whose each one is."""
    if _GRADESCOPE_INDEX not in tree.entries:
        folders = [name for name in tree.entries if re.fullmatch(r"submission_\d+", name)]
        return Reading([Upload(name, name) for name in folders], sure=False)
    try:
        index = _gradescope_index(tree.text(_GRADESCOPE_INDEX).splitlines())
        remarks: tuple[str, ...] = ()
    except UnreadableSubmission as error:
        index, remarks = {}, (f"Nobody's name is known: {error}",)
    uploads = []
    for path, is_folder in tree.entries.items():
        if path not in index and not re.fullmatch(r"submission_\d+", path):
            continue
        people, created = index.get(path, ((), ""))
        notes = []
        if people:
            notes.append(f"Gradescope has it from {', '.join(map(_described, people))}.")
        if created:
            notes.append(f"Gradescope received it at {created}.")
        name = "" if is_folder else path
        uploads.append(Upload(path, path, name, people=people, notes=tuple(notes)))
    absent = sorted(index.keys() - tree.entries.keys())
    if absent:
        remarks += (f"Named in {_GRADESCOPE_INDEX}, but not there: {listed(absent, 10)}.",)
    return Reading(uploads, frozenset({_GRADESCOPE_INDEX}), remarks=remarks)


def _described(person: Person) -> str:
    return f"{person.name} ({person.ids[-1]})" if person.ids else person.name


_KEY = re.compile(r"(?P<key>[^\s:#'\"][^:]*|'[^']+'|\"[^\"]+\"):\s*\Z")
_ENTRY = re.compile(r"  :(?P<field>\w+):[ \t]*(?P<value>.*)")
_SUBMITTER = re.compile(r"  (?P<new>- |  ):(?P<field>\w+):[ \t]*(?P<value>.*)")


def _gradescope_index(lines: Iterable[str]) -> dict[str, tuple[tuple[Person, ...], str]]:
    """Submission → who handed it in, and when.

    Only these keys are read, by the indentation that Ruby writes, so that this needs no YAML, and
    nothing else in the file matters: it also holds all that earlier autograders said.
    """
    people: dict[str, list[dict[str, str]]] = {}
    created: dict[str, str] = {}
    key = section = ""
    for line in lines:
        if line[:1] not in (" ", "-", "#", ""):
            found = _KEY.match(line)
            key, section = (_scalar(found["key"]) if found else ""), ""
            if key:
                people[key] = []
        elif key and section == "submitters" and (found := _SUBMITTER.match(line)):
            if found["new"] == "- " or not people[key]:
                people[key].append({})
            people[key][-1][found["field"]] = _scalar(found["value"])
        elif key and (found := _ENTRY.match(line)):
            section = found["field"]
            if section == "created_at":
                created[key] = _scalar(found["value"])
    return {
        key: (tuple(_submitter(fields) for fields in several), created.get(key, ""))
        for key, several in people.items()
    }


def _submitter(fields: Mapping[str, str]) -> Person:
    ids = tuple(filter(None, (fields.get("sid", ""), fields.get("email", ""))))
    return Person(fields.get("name", ""), ids)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "_": "\xa0"}
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.S)


def _scalar(text: str) -> str:
    """A plain or quoted scalar of YAML that stands on one line."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(_unescaped, text[1:-1])
    return "" if text in ("~", "null", "[]") else text


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if not code:
        return _ESCAPES.get(match[4], match[4])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


# --- Blackboard ---

_BLACKBOARD = re.compile(
    r"(?P<head>.+?)_attempt_(?P<when>\d{4}(?:-\d{2}){5})(?:(?P<about>\.txt)|_(?P<name>.+))", re.S
)
_BLACKBOARD_NAME = re.compile(r"^Name: *(?P<who>.*?) *\((?P<user>[^()\s]+)\)\s*$", re.M)


def blackboard(tree: Tree, assignment: str) -> Reading:
    """`Homework 3_jsmith_attempt_2026-11-23-21-58-04_hello_rnn.ipynb`, and for each attempt a
    description that ends in `….txt` right after the time.

    All files of an attempt belong together; a later one replaces it as a whole.
    """
    found = [
        (name, match)
        for name, is_folder in tree.entries.items()
        if not is_folder and (match := _BLACKBOARD.fullmatch(name))
    ]
    prefix = _blackboard_prefix(tree, found)
    uploads = []
    for path, match in found:
        head = match["head"]
        user = head.removeprefix(prefix) if prefix else head.rpartition("_")[2]
        name = match["name"] or f"{user}.txt"
        uploads.append(
            Upload(path, user, name, (match["when"],), extra=bool(match["about"]),
                   people=(Person("", (user,)),))
        )  # fmt: skip
    return Reading(uploads)


def _blackboard_prefix(tree: Tree, found: Sequence[tuple[str, re.Match[str]]]) -> str:
    """What stands before every user name, or "" where the last underscore has to tell.

    A user name may hold underscores, and so may the assignment's; one description settles it.
    """
    heads = {match["head"] for _, match in found}
    for path, match in found:
        if not match["about"]:
            continue
        try:
            # What the student wrote comes further down.
            described = _BLACKBOARD_NAME.search(tree.text(path)[:1000])
        except UnreadableSubmission:
            continue
        if described and match["head"].endswith("_" + described["user"]):
            prefix = match["head"].removesuffix(described["user"])
            if all(head.startswith(prefix) and head != prefix for head in heads):
                return prefix
        return ""
    return ""


# --- Brightspace ---

_BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-\d+ ?- ?(?P<who>.+?) ?- ?(?P<when>"
    r"(?:(?P<month>[^\W\d_]{3,12})\.? (?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})\.? (?P<month2>[^\W\d_]{3,12})\.?),? (?P<year>\d{4}),?"
    r" (?P<hour>\d{1,2}?)[:_.]?(?P<minute>\d{2})(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)"
    r"(?: ?- ?(?P<name>.+))?",
    re.S,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def brightspace(tree: Tree, assignment: str) -> Reading:
    """`1234-5678 - Ada Lovelace - Nov 23, 2026 958 PM`, a folder for each attempt, or the same
    followed by ` - ` and the file's name; and `index.html`, which lists them.

    The first number is the student's. Some schools let the user name precede the full one.
    """
    uploads = []
    for path, is_folder in tree.entries.items():
        match = _BRIGHTSPACE.fullmatch(path)
        if not match or is_folder == bool(match["name"]):
            continue
        who, user = match["who"], match["user"]
        first = who.partition(" ")[0]
        username = (first,) if re.search(r"\d", first) else ()
        uploads.append(
            Upload(
                path,
                f"{who}_{user}",
                match["name"] or "",
                (*_brightspace_time(match), match["when"]),
                people=(Person(who, username),),
            )
        )
    return Reading(uploads, frozenset({"index.html"}))


def _brightspace_time(match: re.Match[str]) -> tuple[int, ...]:
    month = (match["month"] or match["month2"])[:3].lower()
    if month not in _MONTHS:
        return (0,) * 5
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    day = int(match["day"] or match["day2"])
    return int(match["year"]), _MONTHS.index(month), day, hour, int(match["minute"])


# --- nbgrader ---

_NBGRADER_COURSE = frozenset(
    {"nbgrader_config.py", "gradebook.db", "source", "release", "autograded", "feedback"}
)
_STAMP = "timestamp.txt"


def nbgrader(tree: Tree, assignment: str) -> Reading:
    """`submitted/<student>/<assignment>/…`, given the course's folder or its `submitted`.

    nbgrader's name of the assignment may differ from ours: then the one whose folders hold our
    file counts, or the only one there is.
    """
    base = ""
    of_course = not _NBGRADER_COURSE.isdisjoint(tree.entries)
    if tree.entries.get("submitted"):
        base = "submitted/"
        students = tree.inside("submitted")
    elif tree.name == "submitted" or _holds_stamps(tree):
        students = tree.entries
    else:
        return Reading()
    assignments: dict[str, dict[str, Mapping[str, bool]]] = defaultdict(dict)
    loose = []
    for student, is_folder in students.items():
        for name, is_inner_folder in tree.inside(base + student).items() if is_folder else ():
            if is_inner_folder:
                assignments[name][student] = tree.inside(f"{base}{student}/{name}")
            else:
                loose.append(f"{base}{student}/{name}")
    stamped = any(_STAMP in files for several in assignments.values() for files in several.values())
    chosen = _nbgrader_assignment(assignments, assignment)
    if not chosen and assignments and (stamped or of_course):
        raise Unusable(
            f"{shown(tree.name)} holds the assignments {listed(sorted(assignments), 10)}: none is "
            f"called {assignment}, and not one alone holds {' or '.join(exact_names(assignment))}."
        )
    theirs = assignments.get(chosen, {})
    sure = stamped or (
        (of_course or tree.name == "submitted")
        and (
            closeness(chosen, assignment) <= SPELT_OTHERWISE
            or any(file in files for files in theirs.values() for file in exact_names(assignment))
        )
    )
    known = {student for several in assignments.values() for student in several}
    others = sorted(known - theirs.keys())
    strange = tuple(base + student for student in students if student not in known)
    loose = [path for path in loose if path.rpartition("/")[0].removeprefix(base) in known]
    left_out = {
        f"Students without {shown(chosen)}": others,
        "Other assignments": sorted(assignments.keys() - {chosen}),
        "Files of no assignment": sorted(loose),
    }
    remarks = [f"{what}, left out: {listed(some, 10)}." for what, some in left_out.items() if some]
    return Reading(
        [
            Upload(f"{base}{student}/{chosen}", student, people=(Person("", (student,)),))
            for student in theirs
        ],
        frozenset(tree.entries if base else others),
        strange if base else (),
        sure,
        tuple(remarks),
    )


def _holds_stamps(tree: Tree) -> bool:
    """Whether the first students have folders with a time stamp, before all are looked through."""
    folders = [name for name, is_folder in tree.entries.items() if is_folder]
    return any(
        _STAMP in tree.inside(f"{student}/{name}")
        for student in folders[:3]
        for name, is_folder in tree.inside(student).items()
        if is_folder
    )


def _nbgrader_assignment(
    assignments: Mapping[str, Mapping[str, Mapping[str, bool]]], wanted: str
) -> str:
    if wanted in assignments:
        return wanted
    alike = [name for name in assignments if closeness(name, wanted) <= SPELT_OTHERWISE]
    holding = [
        name
        for name, students in assignments.items()
        if any(file in files for files in students.values() for file in exact_names(wanted))
    ]
    for candidates in (alike, holding, list(assignments)):
        if len(candidates) == 1:
            return candidates[0]
    return ""


# --- Recognising ---


@dataclass(frozen=True, slots=True)
class Layout:
    """A system, and how its exports are read."""

    name: str
    title: str
    read: Callable[[Tree, str], Reading] = field(repr=False)


# The more easily mistaken, the later.
LAYOUTS = (
    Layout("gradescope", "Gradescope", gradescope),
    Layout("nbgrader", "nbgrader", nbgrader),
    Layout("moodle", "Moodle", moodle),
    Layout("blackboard", "Blackboard", blackboard),
    Layout("brightspace", "Brightspace", brightspace),
    Layout("canvas", "Canvas", canvas),
)


def recognise(tree: Tree, assignment: str, wanted: str, attempts: Attempts) -> Export | None:
    """The export that a tree is, or None for an ordinary folder.

    A layout that was asked for is believed as soon as anything fits; else it takes names that
    nobody would choose, and at least half of what is there.
    """
    for layout in LAYOUTS:
        if wanted not in ("auto", layout.name):
            continue
        reading = layout.read(tree, assignment)
        if not reading.uploads:
            continue
        claimed = {upload.path.partition("/")[0] for upload in reading.uploads}
        unclaimed = [
            name for name in tree.entries if name not in claimed and name not in reading.own
        ]
        fits = reading.sure and len(unclaimed) <= len(claimed)
        if fits or wanted == layout.name:
            return Export(
                layout.title,
                tuple(_handed(layout.title, reading.uploads, tree, attempts)),
                (*unclaimed, *reading.strange),
                reading.remarks,
            )
    return None


def _handed(
    title: str, uploads: Iterable[Upload], tree: Tree, attempts: Attempts
) -> Iterator[Handed]:
    by_student: dict[str, list[Upload]] = defaultdict(list)
    for upload in uploads:
        # macOS takes names apart: the same letters are the same student.
        by_student[unicodedata.normalize("NFC", upload.student)].append(upload)
    for student, theirs in by_student.items():
        kept, older, notes = _chosen(theirs, tree, attempts)
        extras = [upload for upload in kept if upload.extra]
        files = [upload for upload in kept if not upload.extra]
        if older:
            paths = listed(sorted(upload.path for upload in older), 10)
            which = listed(sorted(upload.path for upload in files or extras), 10)
            notes.append(
                f"Of several attempts {which} was taken ({attempts}); passed over: {paths}."
            )
        typed = [upload for upload in theirs if upload.extra and title != "Blackboard"]
        if typed and files:
            notes.append(
                f"Text typed into {title} itself is not graded: "
                f"{listed(sorted(upload.path for upload in typed), 10)}."
            )
        yield Handed(
            student,
            tuple(Part(upload.path, upload.name) for upload in files or extras),
            theirs[0].people,
            tuple(dict.fromkeys([*(note for one in kept for note in one.notes), *notes])),
            len({(upload.slot, upload.attempt) for upload in older}),
        )


def _chosen(
    uploads: Sequence[Upload], tree: Tree, attempts: Attempts
) -> tuple[list[Upload], list[Upload], list[str]]:
    """What is kept of one student's uploads, what is passed over, and what to say about that."""
    slots: dict[str, dict[tuple[int | str, ...], list[Upload]]] = defaultdict(dict)
    for upload in uploads:
        slots[upload.slot].setdefault(upload.attempt, []).append(upload)
    kept: list[Upload] = []
    older: list[Upload] = []
    notes: list[str] = []
    for several in slots.values():
        if len(several) == 1:
            kept += next(iter(several.values()))
            continue
        with_files = {
            attempt: theirs
            for attempt, theirs in several.items()
            if any(not upload.extra for upload in theirs)
        }
        candidates = with_files or several
        latest = max(candidates, key=lambda attempt: _age(candidates[attempt], tree, attempts))
        if max(several) > max(candidates):
            notes.append("A later attempt holds no file.")
        for attempt, theirs in several.items():
            if attempt == latest:
                kept += theirs
            else:
                older += [upload for upload in theirs if not upload.extra]
    return kept, older, notes


def _age(uploads: Sequence[Upload], tree: Tree, attempts: Attempts) -> tuple[object, ...]:
    by_name = uploads[0].attempt
    if attempts == "latest-by-time" or by_name[:5] == (0,) * 5:
        files = [upload for upload in uploads if not upload.extra] or uploads
        return (max(tree.modified(upload.path) for upload in files), by_name)
    return ((), by_name)
