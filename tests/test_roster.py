"""Rosters as systems export them, compared with what was handed in."""

from __future__ import annotations

import codecs
import csv
import os
from pathlib import Path
from typing import Any

import kit
import pytest
from test_layouts import (
    BLACKBOARD,
    BRIGHTSPACE,
    CANVAS,
    GRADESCOPE,
    MOODLE_FOLDERS,
    SMOOTHING,
    answer,
    as_zip,
    put,
    rows,
)

from autograder.roster import Attendance, BadRoster, Roster, attendance, read_roster
from autograder.submission import find_class

PLAIN = "name,id,username,email\n"


def roster(tmp_path: Path, text: str | bytes, name: str = "roster.csv") -> Roster:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


def refusal(tmp_path: Path, text: str | bytes, name: str = "roster.csv") -> str:
    with pytest.raises(BadRoster) as caught:
        roster(tmp_path, text, name)
    return str(caught.value)


def present(tmp_path: Path, text: str | bytes, tree: dict[str, Any]) -> Attendance:
    """A roster beside a class."""
    sources = find_class([put(tmp_path / "class", tree)], "hello_rnn").sources
    return attendance(roster(tmp_path, text), sources)


def missing(found: Attendance) -> list[str]:
    return [student.shown for student, _ in found.missing]


def scripts(*names: str) -> dict[str, str]:
    return {f"{name}.py": answer(name) for name in names}


# --- Reading ---

TABLE = [
    ["Name", "Student ID", "Email"], ["Ada Lovelace", "0042", "ada@example.org"],
    ["Núñez, Rosa", "43", "rosa@example.org"],
]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_of_every_kind(tmp_path: Path, delimiter: str, encoding: str, end: str) -> None:
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in TABLE) + end * 2
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    found = roster(tmp_path, mark + text.encode(encoding))
    assert [(one.name, one.ids, one.email) for one in found.students] == [
        ("Ada Lovelace", ("0042",), "ada@example.org"), ("Núñez, Rosa", ("43",), "rosa@example.org")
    ]  # fmt: skip
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Canvas's gradebook: maxima, a row of policies, the student for trying things out.
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,RNN (4711),Final Score\n"
            ",,,,,Manual Posting,\n"
            "    Points Possible,,,,,28.00,(read only)\n"
            '"Smith, John",1234,s001,jsmith,RNN-1,,90\n'
            '"Student, Test",99,,abcdef,RNN-1,,\n',
            [("Smith, John", ("1234", "s001"), "jsmith", "")],
        ),
        # Moodle's participants, and its grading worksheet.
        (
            "\ufeffFirst name,Surname,ID number,Email address\nAda,Lovelace,42,ada@x.org\n",
            [("Ada Lovelace", ("42",), "", "ada@x.org")],
        ),
        (
            "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
            "Participant 101,Ada Lovelace,ada@x.org,Submitted,,28.00\n",
            [("Ada Lovelace", ("Participant 101", "101"), "", "ada@x.org")],
        ),
        (
            "First Name,Last Name,SID,Email,Sections\nAda,Lovelace,0042,ada@x.org,A\n",
            [("Ada Lovelace", ("0042",), "", "ada@x.org")],
        ),
        (
            "Last Name\tFirst Name\tUsername\tStudent ID\tLast Access\nDoe\tJane\tdoe_jane\t7\t\n",
            [("Jane Doe", ("7",), "doe_jane", "")],
        ),
        (
            "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
            "#0042,#ada,Lovelace,Ada,ada@x.org,#\n",
            [("Ada Lovelace", ("0042",), "ada", "ada@x.org")],
        ),
        (
            "id,first_name,last_name,email,lms_user_id\nbitdiddle,Ben,Bitdiddle,,77\n",
            [("Ben Bitdiddle", ("bitdiddle", "77"), "", "")],
        ),
        # For spreadsheets, with a title above.
        (
            "sep=;\nCourse;RNN 101;;\n\nMatrikelnummer;Nachname;Vorname;E-Mail\n7;Noether;Emmy;\n",
            [("Emmy Noether", ("7",), "", "")],
        ),
        ("学号,姓名\n7,张伟\n", [("张伟", ("7",), "", "")]),
    ],
    ids=["canvas", "moodle", "worksheet", "gradescope", "blackboard", "brightspace", "nbgrader",
         "title", "chinese"],
)  # fmt: skip
def test_what_systems_export(tmp_path: Path, text: str, expected: list[Any]) -> None:
    found = roster(tmp_path, text)
    assert [(one.name, one.ids, one.username, one.email) for one in found.students] == expected


def test_no_known_column_names_those_found(tmp_path: Path) -> None:
    message = refusal(tmp_path, "Alpha;Beta;;Gamma\n1;2;3;4\n")
    assert message.startswith(
        "No column of roster.csv names students. Found: Alpha, Beta, (empty), Gamma. Known are"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n\n", "is empty"),
        (b"name,id\n", "has a header, but no students"),
        (b"PK\x03\x04...", "is a zip archive, not a table. Save it as CSV."),
        (b"First name\nAda\n", "names students"),
        (b'name,id\n"' + b"x" * 200_000 + b'",1\n', "field larger than field limit"),
    ],
)
def test_what_is_no_roster_is_refused(tmp_path: Path, text: bytes, words: str) -> None:
    assert words in refusal(tmp_path, text)


def test_a_roster_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(BadRoster):
            read_roster(path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadRoster, match="named pipe"):
        read_roster(tmp_path / "pipe")


def test_whoever_is_there_twice_counts_once(tmp_path: Path) -> None:
    found = roster(
        tmp_path,
        PLAIN + "Ada Lovelace,42,,\nBo Li,43,bo,\n"
        '"Lovelace, Ada",42,,ada@x.org\nCy Wu,44,bo,\nBo Li,45,,\n',
    )
    assert [one.line for one in found.students] == [2, 3, 5, 6]
    assert found.remarks == (
        "Lovelace, Ada is on the roster twice (lines 2 and 4), and counts once.",
        "Bo Li and Cy Wu share bo (lines 3 and 5 of the roster).",
    )


# --- Comparing ---


@pytest.mark.parametrize(
    ("tree", "text", "names", "absent"),
    [
        (
            CANVAS,
            "Student,ID,SIS Login ID,Section\n"
            '"Smith, John",1234,jsmith,1\n"Doe, Jane",,jdoe,1\n"Garcia, Maria",1,mg,1\n'
            '"Absent, Al",1299,aa,1\n',
            {"smithjohn_1234": "Smith, John", "doejane_1235": "Doe, Jane",
             "garcíamaría_1236": "Garcia, Maria"},
            ["Absent, Al"],
        ),
        (
            MOODLE_FOLDERS,
            "Identifier,Full name,Email address\nParticipant 101,Ada King,ada@x.org\n"
            "Participant 105,Blind One,b@x.org\nParticipant 999,Rosa Núñez,r@x.org\n"
            "Participant 103,Absent Al,a@x.org\n",
            {"Ada Lovelace_101": "Ada King", "Participant_105": "Blind One",
             "Rosa Núñez_102": "Rosa Núñez", "Bo Li_103": "Absent Al"},
            [],
        ),
        (
            GRADESCOPE,
            "Name,SID,Email\nAda L.,42,\nBo,9,BO@example.org\nLi,,li@other.org\nAl,1,al@x.org\n",
            {"submission_1001": "Ada L.", "submission_1002": "Bo, Li"},
            ["Al"],
        ),
        (
            BLACKBOARD,
            "Last Name\tFirst Name\tUsername\nDoe\tJane\tDOE_JANE\nLi\tBo\tbo7\nAl\tAl\tal\n",
            {"doe_jane": "Jane Doe", "bo7": "Bo Li"},
            ["Al Al"],
        ),
        (
            BRIGHTSPACE,
            "OrgDefinedId,Username,Last Name,First Name\n#1,#ada,Lovelace,Ada\n#2,#bo7,L,B\n"
            "#3,#al,Al,Al\n",
            {"Ada Lovelace_1234": "Ada Lovelace", "bo7 Bo Li_1236": "B L"},
            ["Al Al"],
        ),
        (
            scripts("ada", "bo@x.org", "0043", "Wu_Cy"),
            PLAIN + "Ada,1,ADA,\nBo,2,,bo@x.org\nDi,43,,\nCy Wu,,,\nAl,3,,\n",
            {"ada": "Ada", "bo@x.org": "Bo", "0043": "Di", "Wu_Cy": "Cy Wu"},
            ["Al"],
        ),
    ],
    ids=["canvas", "moodle", "gradescope", "blackboard", "brightspace", "plain"],
)  # fmt: skip
def test_submissions_find_their_students(
    tmp_path: Path, tree: dict[str, Any], text: str, names: dict[str, str], absent: list[str]
) -> None:
    found = present(tmp_path, text, tree)
    assert found.names == names
    assert missing(found) == absent


def test_strangers_are_told(tmp_path: Path) -> None:
    found = present(tmp_path, PLAIN + "Ada,1,ada,\n", scripts("ada", "eve", "mallory"))
    assert found.remarks == ("Not on the roster: eve, mallory.",)
    assert missing(found) == []


def test_where_several_fit_nobody_is_taken(tmp_path: Path) -> None:
    found = present(
        tmp_path, PLAIN + "Li Wei,1,,\nLi Wei,2,,\nAda,3,ada,\n", scripts("Li Wei", "ada")
    )
    assert found.names == {"ada": "Ada"}
    assert found.remarks == ("Li Wei could be of Li Wei or Li Wei: nobody was taken for it.",)
    assert [remark for _, remark in found.missing] == ["perhaps Li Wei"] * 2


def test_a_number_of_another_system_does_not_outweigh_the_name(tmp_path: Path) -> None:
    text = "name,id\nJohn Smith,9\nBo Li,1234\nJane Doe,1235\n"
    found = present(tmp_path, text, CANVAS)
    assert found.names["doejane_1235"] == "Jane Doe"
    assert "smithjohn_1234" not in found.names
    assert "smithjohn_1234 could be of John Smith or Bo Li" in found.remarks[0]


def test_several_submissions_of_one_student_are_told(tmp_path: Path) -> None:
    found = present(tmp_path, PLAIN + "Ada,1,ada,a@x.org\n", scripts("ada", "a@x.org"))
    assert found.remarks == ("Ada has 2 submissions: a@x.org, ada.",)
    assert found.names == {"ada": "Ada", "a@x.org": "Ada"}


def test_a_group_is_present_as_a_whole(tmp_path: Path) -> None:
    found = present(tmp_path, "Name,Email\nBo,bo@example.org\nAda,ada@example.org\n", GRADESCOPE)
    assert found.names["submission_1002"] == "Bo"
    assert missing(found) == []


# --- The command ---


def test_grade_with_a_roster(tmp_path: Path) -> None:
    path = as_zip(tmp_path, "export", {
        "doejane_LATE_1235_50002_smoothing.py": SMOOTHING,
        "smithjohn_1234_50001_smoothing.py": "x = 1",
        "evemallory_1299_50009_smoothing.py": "x = 1",
    })  # fmt: skip
    table, out = tmp_path / "Grades.csv", tmp_path / "out"
    table.write_text(
        "Student,ID,SIS Login ID,Section\n    Points Possible,,,\n"
        '"Doe, Jane",1235,jdoe,1\n"=Smith, John",1234,js,1\n"Away, Al",1236,al,1\n',
        encoding="utf-8-sig",
    )
    run = kit.ohlol(
        "grade", path, "--assignment", kit.SMOOTHING, "--out", out, "--roster", table,
        cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    said = " ".join(run.stdout.split())
    assert "Not on the roster: evemallory_1299." in said
    assert "Missing (1): Away, Al. They have no report." in said
    assert {name: row["name"] for name, row in rows(out).items()} == {
        "doejane_1235": "Doe, Jane", "evemallory_1299": "", "smithjohn_1234": "'=Smith, John",
    }  # fmt: skip
    header = (out / "grades.csv").read_text(encoding="utf-8").split("\n")[0]
    assert header == "submission,score,max_score,status,softmax,moving_average,smooth_learning,name"
    with (out / "missing.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["name", "id", "username", "email", "remark"], ["Away, Al", "1236", "al", "", ""]
        ]  # fmt: skip
    assert sorted(entry.name for entry in out.iterdir() if entry.is_dir()) == sorted(rows(out))


def test_a_bad_roster_stops_before_anything_is_graded(tmp_path: Path) -> None:
    path = put(tmp_path / "in", {"a.py": SMOOTHING})
    (tmp_path / "roster.csv").write_text("Alpha,Beta\n1,2\n", encoding="utf-8")
    run = kit.ohlol(
        "grade", path, "--assignment", kit.SMOOTHING, "--out", tmp_path / "out", "--roster",
        tmp_path / "roster.csv", cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 2
    assert "Found: Alpha, Beta." in run.stderr
    assert not (tmp_path / "out").exists()
