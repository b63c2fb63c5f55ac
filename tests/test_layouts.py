"""Exports of learning management systems, built as each writes them, and read by public doors."""

from __future__ import annotations

import csv
import json
import os
import pickle
import re
import stat
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_submission import NAMES, notebook, put, raw_name, zipped

from autograder.archive import class_members, is_system_name
from autograder.errors import Unusable
from autograder.submission import (
    BadInput,
    FoundClass,
    ReadingLimits,
    Submission,
    UnreadableSubmission,
    find_class,
    find_submissions,
    read_submission,
)

ASSIGNMENT = "hello_rnn"


def answer(who: str) -> str:
    return f"def one_hot(indices, num_classes):\n    return {who!r}\n"


def work(who: str) -> str:
    return notebook(answer(who))


def found(*paths: Path, **options: Any) -> FoundClass:
    return find_class(paths, ASSIGNMENT, **options)


def read(found: FoundClass) -> dict[str, Submission | str]:
    """What each submission is, or why it cannot be read; as another process would find out."""
    results: dict[str, Submission | str] = {}
    for source in pickle.loads(pickle.dumps(found.sources)):
        try:
            results[source.name] = read_submission(source, ASSIGNMENT, NAMES)
        except UnreadableSubmission as error:
            results[source.name] = str(error)
    return results


def graded(found: FoundClass) -> dict[str, str]:
    """Submission → whose answer is graded."""
    return {
        name: one if isinstance(one, str) else one.cells[0].source.split("'")[1]
        for name, one in read(found).items()
    }


def as_folder(tmp_path: Path, name: str, tree: Mapping[str, str | bytes]) -> Path:
    return put(tmp_path / name, tree)


def as_zip(tmp_path: Path, name: str, tree: Mapping[str, str | bytes]) -> Path:
    path = tmp_path / f"{name}.zip"
    path.write_bytes(zipped({name: data for name, data in tree.items() if not name.endswith("/")}))
    return path


def as_wrapped_zip(tmp_path: Path, name: str, tree: Mapping[str, str | bytes]) -> Path:
    """As Finder zips the unzipped folder again."""
    wrapped = {f"{name}/{inner}": data for inner, data in tree.items()}
    shadows = {f"__MACOSX/{name}/._{inner.split('/')[0]}": b"\0\5\x16\7" for inner in tree}
    return as_zip(tmp_path, name, {**wrapped, f"{name}/.DS_Store": b"\0", **shadows})


def as_wrapped_folder(tmp_path: Path, name: str, tree: Mapping[str, str | bytes]) -> Path:
    put(tmp_path / name / f"{name} (unzipped)", tree)
    return put(tmp_path / name, {".DS_Store": b"\0", "__MACOSX/._x": b"\0"})


WAYS = [as_folder, as_zip, as_wrapped_zip, as_wrapped_folder]
every_way = pytest.mark.parametrize("way", WAYS)


# --- Canvas ---

CANVAS = {
    "smithjohn_1234_50001_hello_rnn.ipynb": work("john"),
    "doejane_LATE_1235_50002_hello_rnn-1.ipynb": work("jane"),
    "doejane_LATE_1235_50003_picture.png": b"\x89PNG",
    "garcíamaría_1236_50004_work.zip": zipped({"rnn/hello_rnn.py": answer("maria")}),
    "ottoeva_1237_50005_essay.pdf": b"%PDF-1.7",
    "wrightfrank_1238_text.html": "<p>I could not do it.</p>",
}


@every_way
def test_canvas(tmp_path: Path, way: Any) -> None:
    one = found(way(tmp_path, "submissions", CANVAS))
    results = read(one)
    assert graded(one) | {"ottoeva_1237": "", "wrightfrank_1238": ""} == {
        "smithjohn_1234": "john",
        "doejane_1235": "jane",
        "garcíamaría_1236": "maria",
        "ottoeva_1237": "",
        "wrightfrank_1238": "",
    }
    jane, maria = results["doejane_1235"], results["garcíamaría_1236"]
    assert isinstance(jane, Submission)
    assert isinstance(maria, Submission)
    assert jane.origin.endswith("doejane_LATE_1235_50002_hello_rnn-1.ipynb")
    assert jane.notes == ("Canvas marks it as late.",)
    assert maria.origin.endswith("garcíamaría_1236_50004_work.zip/rnn/hello_rnn.py")
    assert "essay.pdf is a PDF" in str(results["ottoeva_1237"])
    assert "text.html" in str(results["wrightfrank_1238"])
    assert one.remarks == (
        f"{'submissions.zip' if way in (as_zip, as_wrapped_zip) else 'submissions'}: "
        "read as an export of Canvas (5 submissions).",
    )


def test_a_canvas_file_uploaded_again_replaces_the_first(tmp_path: Path) -> None:
    tree = {
        **CANVAS,
        "smithjohn_1234_50009_hello_rnn-2.ipynb": work("john again"),
        "smithjohn_1234_50008_hello_rnn-1.ipynb": work("john in between"),
        "smithjohn_1234_50010_week-2.py": "x = 1",
    }
    one = found(put(tmp_path / "in", tree))
    assert graded(one)["smithjohn_1234"] == "john again"
    assert one.passed_over == 2
    john = read(one)["smithjohn_1234"]
    assert isinstance(john, Submission)
    assert john.notes == (
        "Of several attempts smithjohn_1234_50009_hello_rnn-2.ipynb, smithjohn_1234_50010_week-2.py"
        " was taken (latest-by-name); passed over: smithjohn_1234_50001_hello_rnn.ipynb, "
        "smithjohn_1234_50008_hello_rnn-1.ipynb.",
    )


@every_way
def test_the_latest_attempt_may_be_told_by_time(tmp_path: Path, way: Any) -> None:
    tree = {**CANVAS, "smithjohn_1234_50009_hello_rnn-1.ipynb": work("john again")}
    path = way(tmp_path, "in", tree)
    if path.is_dir():
        for file in path.rglob("smithjohn*"):
            seconds = 2_000_000_000 if "50001" in file.name else 1_000_000_000
            os.utime(file, (seconds, seconds))
        assert graded(found(path, attempts="latest-by-time"))["smithjohn_1234"] == "john"
    else:  # all of the same time: then the name tells
        assert graded(found(path, attempts="latest-by-time"))["smithjohn_1234"] == "john again"
    assert graded(found(path, attempts="latest-by-name"))["smithjohn_1234"] == "john again"


def test_an_anonymous_canvas_export(tmp_path: Path) -> None:
    tree = {
        "anon_a1B2c_60001_hello_rnn.ipynb": work("one"),
        "LATE_anon_x9Y8z_60002_hello_rnn.py": answer("two"),
        "anon_12345_60003_hello_rnn.py": answer("three"),
    }
    one = found(put(tmp_path / "in", tree))
    assert graded(one) == {"anon_a1B2c": "one", "anon_x9Y8z": "two", "anon_12345": "three"}


def test_names_in_every_script(tmp_path: Path) -> None:
    names = ("王伟", "शर्माप्रिया", "ÅngströmÖ".lower(), unicodedata.normalize("NFD", "müllerzoë"))
    tree = {
        f"{name}_{1000 + n}_{7000 + n}_hello_rnn.py": answer(f"{n}") for n, name in enumerate(names)
    }
    one = found(put(tmp_path / "in", tree))
    assert sorted(graded(one).values()) == ["0", "1", "2", "3"]
    assert all(source.layout == "Canvas" for source in one.sources)
    assert unicodedata.normalize("NFC", "müllerzoë") + "_1003" in graded(one)


@pytest.mark.parametrize(
    "files",
    [
        # Exercises, weeks, dates, versions: numbers, but nobody's.
        ["exercise_1_1_solution.py", "exercise_1_2_solution.py", "exercise_2_1_solution.py"],
        ["alice_2024_11_hello.py", "bob_2024_12_hello.py"],
        ["alice_11_23_hw.py", "bob_12_10_hw.py"],
        ["alice_1123_2024_hw.py", "bob_1124_2024_hw.py"],
        ["alice_001_002_hw.py", "bob_003_004_hw.py"],
        ["Alice_1001_2001_hw.py", "Bob_1002_2002_hw.py"],
        ["smithjohn_LATE_123_456_hello_rnn-1.ipynb"],
        ["smithjohn_123_456_a.py", "smithjohn_123_457_b.py"],
        ["smithjohn_1234_5678_a.py", "bob.py", "carol.py", "doejane_1235_5679_a.py", "e.py"],
        ["alice_text.html", "bob_link.html"],
        ["Rosa_40213_assignsubmission_file_a.py", "bob.py", "carol.py"],
        ["hw_bob_attempt_2026-01-02-03-04-05_a.py", "bob.py", "carol.py"],
        ["submission_1.py", "submission_2.py", "submission_metadata.yaml"],
        ["1-2 - notes.py", "3-4 - notes.py"],
    ],
)
def test_ordinary_folders_are_no_exports(tmp_path: Path, files: list[str]) -> None:
    path = put(tmp_path / "in", dict.fromkeys(files, answer("x")))
    one = found(path)
    assert [source.layout for source in one.sources] == [""] * len(files)
    assert len(one.sources) == len(files)
    assert one.remarks == ()
    assert one == found(path, layout="plain")


def test_the_sample_names_of_several_systems_together_are_plain(tmp_path: Path) -> None:
    files = [
        "smithjohn_1234_5678_a.py", "Rosa_40213_assignsubmission_file_a.py",
        "hw_bob_attempt_2026-01-02-03-04-05_a.py",
    ]  # fmt: skip
    one = found(put(tmp_path / "in", dict.fromkeys(files, answer("x"))))
    assert [source.layout for source in one.sources] == ["", "", ""]


# --- Moodle ---

MOODLE_FOLDERS = {
    "Ada Lovelace_101_assignsubmission_file_/hello_rnn.ipynb": work("ada"),
    "Ada Lovelace_101_assignsubmission_file_/data/words.txt": "hello",
    "Ada Lovelace_101_assignsubmission_onlinetext_/onlinetext.html": "<p>Hi</p>",
    "Rosa Núñez_102_assignsubmission_file/hello_rnn.py": answer("rosa"),  # since 4.1
    "Bo Li_103_assignsubmission_file_/bo.zip": zipped({"bo/hello_rnn.py": answer("bo")}),
    "Cy Wu_104_assignsubmission_onlinetext_/onlinetext.html": "<p>Sorry</p>",
    "Participant_105_assignsubmission_file_/hello_rnn.py": answer("blind"),
    "Default group_assignsubmission_file_/hello_rnn.py": answer("group"),
}
MOODLE_FLAT = {
    "Ada Lovelace_101_assignsubmission_file_hello_rnn.ipynb": work("ada"),
    "Ada Lovelace_101_assignsubmission_file_words.txt": "hello",
    "Ada Lovelace_101_assignsubmission_onlinetext_onlinetext.html": "<p>Hi</p>",
    "Rosa Núñez_102_assignsubmission_file_hello_rnn.py": answer("rosa"),
    "Bo Li_103_assignsubmission_file_bo.zip": zipped({"bo/hello_rnn.py": answer("bo")}),
    "Cy Wu_104_assignsubmission_onlinetext_onlinetext.html": "<p>Sorry</p>",
    "Participant_105_assignsubmission_file_hello_rnn.py": answer("blind"),
    "Default group_assignsubmission_file_hello_rnn.py": answer("group"),
}


@every_way
@pytest.mark.parametrize("tree", [MOODLE_FOLDERS, MOODLE_FLAT], ids=["folders", "flat"])
def test_moodle(tmp_path: Path, way: Any, tree: dict[str, str | bytes]) -> None:
    one = found(way(tmp_path, "RNN-Homework 3-4711", tree))
    results = graded(one)
    assert "onlinetext.html" in results.pop("Cy Wu_104")
    assert results == {
        "Ada Lovelace_101": "ada",
        "Rosa Núñez_102": "rosa",
        "Bo Li_103": "bo",
        "Participant_105": "blind",
        "Default group": "group",
    }
    ada = read(one)["Ada Lovelace_101"]
    assert isinstance(ada, Submission)
    assert len(ada.notes) == 1
    assert "Text typed into Moodle itself is not graded: Ada Lovelace_101" in ada.notes[0]
    assert "Moodle (6 submissions)" in one.remarks[0]


def test_a_moodle_export_of_one_student(tmp_path: Path) -> None:
    tree = {"Ada_101_assignsubmission_file_/hello_rnn.py": answer("ada")}
    assert graded(found(as_zip(tmp_path, "in", tree))) == {"Ada_101": "ada"}


def test_students_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    folders = {
        f"{name}_{number}_assignsubmission_file_/hello_rnn.py": answer(f"{number}")
        for name, number in (("Li Wei", 1), ("Li Wei", 2), ("li wei", 3))
    }
    assert graded(found(as_zip(tmp_path, "in", folders))) == {
        "Li Wei_1": "1", "Li Wei_2": "2", "li wei_3": "3",
    }  # fmt: skip


def test_names_that_collide_once_they_are_safe(tmp_path: Path) -> None:
    names = ("Ada? ", "ADA_", "ada_", unicodedata.normalize("NFD", "Zoë"), "ZOË")
    tree = {f"{name}_7_assignsubmission_file_/hello_rnn.py": answer(name) for name in names}
    one = found(as_zip(tmp_path, "in", tree))
    assert sorted(graded(one).values()) == sorted(names)
    assert len({source.name.casefold() for source in one.sources}) == len(names)


def test_the_same_student_in_two_sections(tmp_path: Path) -> None:
    tree = {"Ada_101_assignsubmission_file_/hello_rnn.py": answer("ada")}
    paths = [as_folder(tmp_path, name, tree) for name in ("monday", "friday")]
    assert list(graded(found(*paths))) == ["friday-Ada_101", "monday-Ada_101"]
    assert found(*paths).sources == found(*reversed(paths)).sources


# --- Gradescope ---

GRADESCOPE_INDEX = """\
---
submission_1001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.org
  :created_at: 2026-11-23 21:58:04.123456000 Z
  :score: 3.0
  :status: processed
  :results:
    output: |
      submission_9999:
        :submitters:
        - :name: Nobody
  :history:
  - :id: 900
    :created_at: 2026-11-20 10:00:00.000000000 Z
    :submitters:
    - :name: Nobody
submission_1002:
  :created_at: 2026-11-23 22:00:00.000000000 Z
  :submitters:
  - :name: 'Bo O''Neill: "the second"'
    :sid:
    :email: bo@example.org
  - :name: "Caf\\u00e9 Li"
    :email: li@example.org
submission_1003:
  :submitters: []
submission_1004:
  :submitters:
  - :name: Not There
"""
GRADESCOPE = {
    "submission_metadata.yml": GRADESCOPE_INDEX,
    "submission_1001/hello_rnn.ipynb": work("ada"),
    "submission_1002/work/hello_rnn.py": answer("both"),
    "submission_1003/essay.txt": "hm",
}


@every_way
def test_gradescope(tmp_path: Path, way: Any) -> None:
    one = found(way(tmp_path, "assignment_8046601_export", GRADESCOPE))
    results = graded(one)
    assert "essay.txt" in results.pop("submission_1003")
    assert results == {"submission_1001": "ada", "submission_1002": "both"}
    ada, both, _ = one.sources
    assert ada.notes == (
        "Gradescope has it from Ada Lovelace (ada@example.org).",
        "Gradescope received it at 2026-11-23 21:58:04.123456000 Z.",
    )
    assert [(person.name, person.ids) for person in both.people] == [
        ('Bo O\'Neill: "the second"', ("bo@example.org",)),
        ("Café Li", ("li@example.org",)),
    ]
    assert one.remarks[1] == "Named in submission_metadata.yml, but not there: submission_1004."


def test_a_gradescope_export_whose_index_is_damaged(tmp_path: Path) -> None:
    tree = {**GRADESCOPE, "submission_metadata.yml": b"\xff\xfe\0: [[["}
    assert graded(found(put(tmp_path / "in", tree)))["submission_1001"] == "ada"
    path = put(tmp_path / "in", {})
    (path / "submission_metadata.yml").unlink()
    (path / "submission_metadata.yml").symlink_to("/etc/passwd")
    one = found(path)
    assert graded(one)["submission_1001"] == "ada"
    assert "submission_metadata.yml is a symbolic link" in one.remarks[1]


# --- Blackboard ---

DESCRIPTION = """\
Name: Jane Q. Doe (doe_jane)
Assignment: RNN_1
Date Submitted: Monday, November 23, 2026 9:58:04 PM EST

Submission Field:
There is no student submission text data for this assignment.
"""
BLACKBOARD = {
    "RNN_1_doe_jane_attempt_2026-11-20-10-00-00.txt": DESCRIPTION,
    "RNN_1_doe_jane_attempt_2026-11-20-10-00-00_hello_rnn.ipynb": work("too early"),
    "RNN_1_doe_jane_attempt_2026-11-23-21-58-04.txt": DESCRIPTION,
    "RNN_1_doe_jane_attempt_2026-11-23-21-58-04_hello_rnn.ipynb": work("jane"),
    "RNN_1_doe_jane_attempt_2026-11-23-21-58-04_words_attempt.txt": "hello",
    "RNN_1_bo7_attempt_2026-11-21-10-00-00.txt": DESCRIPTION.replace("doe_jane", "bo7"),
    "RNN_1_bo7_attempt_2026-11-21-10-00-00_bo.zip": zipped({"hello_rnn.py": answer("bo")}),
    "RNN_1_bo7_attempt_2026-11-22-10-00-00.txt": DESCRIPTION.replace("doe_jane", "bo7"),
    "RNN_1_cy_attempt_2026-11-21-10-00-00.txt": DESCRIPTION.replace("doe_jane", "cy"),
}


@every_way
def test_blackboard(tmp_path: Path, way: Any) -> None:
    one = found(way(tmp_path, "gradebook_RNN101_RNN5f1_2026-11-24-08-00-00", BLACKBOARD))
    results = graded(one)
    assert "neither a notebook nor a script" in results.pop("cy")
    assert results == {"doe_jane": "jane", "bo7": "bo"}
    bo, _, jane = one.sources
    assert bo.notes == ("A later attempt holds no file.",)
    assert len(jane.notes) == 1
    assert "passed over: RNN_1_doe_jane_attempt_2026-11-20-10-00-00_hello_rnn" in jane.notes[0]
    assert one.passed_over == 1


def test_blackboard_without_a_description_goes_by_the_last_underscore(tmp_path: Path) -> None:
    tree = {
        f"Home_work 3_{user}_attempt_2026-11-23-21-58-04_hello_rnn.py": answer(user)
        for user in ("jane", "bo7")
    }
    assert graded(found(put(tmp_path / "in", tree))) == {"jane": "jane", "bo7": "bo7"}


def test_a_file_that_was_once_downloaded_from_blackboard(tmp_path: Path) -> None:
    old = "HW_old_attempt_2025-01-01-00-00-00_hello_rnn.py"
    tree = {f"HW_{who}_attempt_2026-11-23-21-58-04_{old}": answer(who) for who in ("jane", "bo")}
    assert graded(found(put(tmp_path / "in", tree))) == {"jane": "jane", "bo": "bo"}


# --- Brightspace ---

BRIGHTSPACE = {
    "index.html": "<html></html>",
    "1234-777 - Ada Lovelace - Nov 9, 2026 1158 AM/hello_rnn.ipynb": work("too early"),
    "1234-777 - Ada Lovelace - Nov 10, 2026 1205 AM/hello_rnn.ipynb": work("ada"),
    "1234-777 - Ada Lovelace - Nov 10, 2026 1200 AM/hello_rnn.ipynb": work("also too early"),
    "1235-777 - Anne-Marie - d'Arc - September 1, 2026 803 PM/hello_rnn.py": answer("anne"),
    "1236-777 - bo7 Bo Li - 23 November, 2026 2158/bo.zip": zipped({"hello_rnn.py": answer("bo")}),
}
BRIGHTSPACE_FLAT = {
    name.replace("M/", "M - ").replace("2158/", "2158 - "): data
    for name, data in BRIGHTSPACE.items()
}


@every_way
@pytest.mark.parametrize("tree", [BRIGHTSPACE, BRIGHTSPACE_FLAT], ids=["folders", "flat"])
def test_brightspace(tmp_path: Path, way: Any, tree: dict[str, str | bytes]) -> None:
    one = found(way(tmp_path, "RNN Download Nov 24, 2026 803 AM", tree))
    assert graded(one) == {
        "Ada Lovelace_1234": "ada",
        "Anne-Marie - d'Arc_1235": "anne",
        "bo7 Bo Li_1236": "bo",
    }
    assert one.passed_over == 2
    ada = one.sources[0].notes[0]
    assert ada.index("Nov 10, 2026 1205 AM") < ada.index("passed over") < ada.index("Nov 9")


def test_months_in_other_languages_go_by_the_files(tmp_path: Path) -> None:
    tree = {
        f"1234-777 - Ada - {when}/hello_rnn.py": answer(when)
        for when in ("9 noviembre, 2026 1158", "10 noviembre, 2026 1158")
    }
    path = put(tmp_path / "in", tree)
    for file in path.rglob("*.py"):
        seconds = 2_000_000_000 if "10 nov" in str(file) else 1_000_000_000
        os.utime(file, (seconds, seconds))
    assert graded(found(path)) == {"Ada_1234": "10 noviembre, 2026 1158"}


# --- nbgrader ---

NBGRADER = {
    "ada/hello_rnn/hello_rnn.ipynb": work("ada"),
    "ada/hello_rnn/timestamp.txt": "2026-11-23 21:58:04.123456 UTC",
    "ada/ps2/ps2.ipynb": work("something else"),
    "bo+1/hello_rnn/hello_rnn.ipynb": work("bo"),
    "bo+1/hello_rnn/timestamp.txt": "2026-11-23 21:58:04.123456 UTC",
    "cy/ps2/ps2.ipynb": work("something else"),
}
COURSE = {
    **{f"submitted/{name}": data for name, data in NBGRADER.items()},
    "source/hello_rnn/hello_rnn.ipynb": work("the teacher"),
    "release/hello_rnn/hello_rnn.ipynb": work("the teacher"),
    "nbgrader_config.py": "c = get_config()",
    "gradebook.db": b"SQLite format 3\0",
}


@every_way
@pytest.mark.parametrize(
    ("name", "tree"), [("submitted", NBGRADER), ("homework", NBGRADER), ("rnn101", COURSE)]
)
def test_nbgrader(tmp_path: Path, way: Any, name: str, tree: dict[str, str | bytes]) -> None:
    one = found(way(tmp_path, name, tree))
    assert graded(one) == {"ada": "ada", "bo+1": "bo"}
    assert one.remarks[1:] == (
        "Students without hello_rnn, left out: cy.",
        "Other assignments, left out: ps2.",
    )


def test_nbgraders_own_name_of_the_assignment(tmp_path: Path) -> None:
    tree = {
        "submitted/ada/ps1/hello_rnn.ipynb": work("ada"),
        "submitted/ada/ps2/other.ipynb": work("other"),
        "submitted/bo/ps1/notes.txt": "",
        "submitted/cy/": "",
        "submitted/readme.txt": "",
        "source/ps1/hello_rnn.ipynb": "",
    }
    one = found(put(tmp_path / "in", tree))
    assert [source.name for source in one.sources] == ["ada", "bo", "cy", "readme"]
    assert [source.layout for source in one.sources] == ["nbgrader", "nbgrader", "", ""]
    assert "submitted/cy, submitted/readme.txt" in one.remarks[-1]


def test_nbgrader_with_several_assignments_and_none_of_ours(tmp_path: Path) -> None:
    tree = {f"submitted/ada/ps{n}/timestamp.txt": "2026-11-23 21:58:04 UTC" for n in (1, 2)}
    with pytest.raises(Unusable, match="holds the assignments ps1, ps2: none is called hello_rnn"):
        found(put(tmp_path / "course", tree))


@pytest.mark.parametrize(
    "tree",
    [
        {"ada/src/a.py": answer("x"), "bo/src/a.py": answer("y")},
        {"ada/hello_rnn/hello_rnn.py": answer("x"), "bo/hello_rnn/hello_rnn.py": answer("y")},
        {"submitted/a/b.py": answer("x"), "other/hello_rnn.py": answer("y")},
    ],
)
def test_ordinary_folders_in_folders_are_not_nbgraders(
    tmp_path: Path, tree: dict[str, str]
) -> None:
    one = found(put(tmp_path / "class", tree))
    assert [source.layout for source in one.sources] == ["", ""]


def test_students_called_submitted_are_students(tmp_path: Path) -> None:
    tree = {"ada/hello_rnn.py": answer("a"), "ada/data/x.txt": "", "bo/hello_rnn.py": answer("b")}
    one = found(put(tmp_path / "submitted", tree))
    assert graded(one) == {"ada": "a", "bo": "b"}
    assert one.remarks == ()


# --- All of them ---

EXPORTS: dict[str, dict[str, Any]] = {
    "canvas": CANVAS, "moodle": MOODLE_FOLDERS, "gradescope": GRADESCOPE,
    "blackboard": BLACKBOARD, "brightspace": BRIGHTSPACE, "nbgrader": NBGRADER,
}  # fmt: skip


@pytest.mark.parametrize("layout", EXPORTS)
@every_way
def test_what_the_rules_do_not_explain_is_not_lost(tmp_path: Path, way: Any, layout: str) -> None:
    tree = {**EXPORTS[layout], "by mail.ipynb": work("mail"), "Late One/hello_rnn.py": answer("l")}
    one = found(way(tmp_path, "in", tree))
    assert graded(one).items() >= {"by mail": "mail", "Late One": "l"}.items()
    assert one.remarks[-1].endswith("so each is a submission of its own: Late One, by mail.ipynb.")
    assert one.sources != found(way(tmp_path, "in", tree), layout="plain").sources


@pytest.mark.parametrize("layout", EXPORTS)
def test_a_layout_can_be_asked_for(tmp_path: Path, layout: str) -> None:
    path = as_folder(tmp_path, "in", EXPORTS[layout])
    assert found(path, layout=layout).sources == found(path).sources
    assert {source.layout for source in found(path, layout="plain").sources} == {""}
    for other in EXPORTS.keys() - {layout}:
        with pytest.raises(BadInput, match=f"Nothing in .*in is named as {other} names it"):
            found(path, layout=other)


def test_a_layout_that_is_asked_for_needs_no_proof(tmp_path: Path) -> None:
    tree = {"smithjohn_1_2_work.ipynb": work("john"), "hello_rnn.py": answer("the teacher")}
    one = found(put(tmp_path / "in", tree), layout="canvas")
    assert graded(one) == {"smithjohn_1": "john", "hello_rnn": "the teacher"}
    assert "hello_rnn.py" in one.remarks[1]
    # By itself, a folder that holds the file is one submission.
    assert graded(found(tmp_path / "in")) == {"in": "the teacher"}


@pytest.mark.parametrize("way", [as_folder, as_zip, as_wrapped_zip])
def test_one_submission_that_looks_like_many_is_told(tmp_path: Path, way: Any) -> None:
    path = way(tmp_path, "in", {**CANVAS, "hello_rnn.py": answer("the teacher")})
    one = found(path)
    assert list(graded(one).values()) == ["the teacher"]
    assert one.remarks == (
        "in is one submission, since it directly holds hello_rnn.ipynb or hello_rnn.py. It looks "
        "like an export of Canvas: take that file away, or say --layout.",
    )
    assert len(graded(found(path, layout="canvas"))) == 6


def test_an_export_given_twice_counts_once(tmp_path: Path) -> None:
    path = put(tmp_path / "in", BLACKBOARD)
    assert found(path, path) == found(path)


@pytest.mark.parametrize("layout", ["canvas", "moodle"])
def test_links_escapes_and_bombs_cost_only_their_owner(tmp_path: Path, layout: str) -> None:
    name = "who{n}_{n}_90{n}_hello_rnn.py" if layout == "canvas" else (
        "Who{n}_{n}_assignsubmission_file_/hello_rnn.py"
    )  # fmt: skip
    sound = {name.format(n=n): answer(f"{n}") for n in (101, 102)}
    escape = name.format(n=103).replace("hello_rnn.py", "/../../evil.py")
    link = raw_name(name.format(n=104), stat.S_IFLNK | 0o777)
    bomb = zipped({f"zeros{n}.bin": bytes(40_000_000) for n in range(10)})
    members = [
        *sound.items(),
        (raw_name(escape), "x"),
        (link, "/etc/passwd"),
        (name.format(n=105).replace("hello_rnn.py", "work.zip"), bomb),
        (raw_name("/etc/cron.d/evil"), "x"),
    ]
    path = tmp_path / "in.zip"
    path.write_bytes(zipped(members))
    one = found(path)
    results = graded(one)
    fine = {name for name, result in results.items() if result in ("101", "102")}
    refused = "\n".join(result for name, result in results.items() if name not in fine)
    assert len(fine) == 2
    assert len(results) == 6
    for words in ("leads out of the zip", "symbolic link", "would unpack to 400 MB", "absolute"):
        assert words in refused
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_link_in_an_export_on_disk_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "in", CANVAS)
    (path / "linkada_2001_90001_hello_rnn.py").symlink_to("/etc/passwd")
    assert "is a symbolic link" in graded(found(path))["linkada_2001"]


def test_an_export_that_went_away_is_unreadable(tmp_path: Path) -> None:
    one = found(put(tmp_path / "in", CANVAS))
    for file in (tmp_path / "in").iterdir():
        file.unlink()
    assert all("not there any more" in result for result in graded(one).values())


@every_way
def test_thousands_are_listed_in_a_moment(tmp_path: Path, way: Any) -> None:
    tree = {f"student{n}_{10000 + n}_{50000 + n}_hello_rnn.py": "x = 1" for n in range(3000)}
    path = way(tmp_path, "in", tree)
    start = time.process_time()
    one = found(path)
    spent = time.process_time() - start
    assert len(one.sources) == 3000
    assert spent < 3  # some tenths of a second; quadratic would be minutes


NAMES_OF_ALL_KINDS = st.one_of(
    st.sampled_from([name for tree in EXPORTS.values() for name in tree]),
    st.builds(
        "{}_{}{}_{}_{}".format,
        st.sampled_from(["smithjohn", "Smith", "王伟", "doe", "a_1"]),
        st.sampled_from(["", "LATE_", "late_"]),
        st.integers(990, 1010), st.integers(5000, 5004),
        st.sampled_from(["hello_rnn.py", "hello_rnn-1.py", "hello_rnn-2.py", "b-1.py", "c.zip"]),
    ),
    st.text("a_1-/. é\u0301", min_size=1, max_size=9),
)  # fmt: skip


OF_THE_SYSTEM = re.compile(r"submission_metadata\.yml|index\.html|.+_attempt_[\d-]+\.txt", re.S)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(names=st.lists(NAMES_OF_ALL_KINDS, min_size=1, max_size=8, unique=True),
       layout=st.sampled_from(["auto", "canvas", "nbgrader", "moodle"]))  # fmt: skip
def test_nobody_is_ever_lost(
    names: list[str], layout: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is handed in belongs to a submission, or is told to have been passed over."""
    path = tmp_path_factory.mktemp("any") / "in.zip"
    path.write_bytes(zipped([(raw_name(name), "x") for name in names]))
    try:
        one = found(path, layout=layout)
    except Unusable:
        return
    assert len({source.name.casefold() for source in one.sources}) == len(one.sources)
    if any(not source.member and not source.parts for source in one.sources):
        return  # all of it is one submission
    told = "\n".join([*one.remarks, *(note for source in one.sources for note in source.notes)])
    taken = {source.member for source in one.sources if source.member}
    taken |= {part.path for source in one.sources for part in source.parts}
    for member in class_members(path, ReadingLimits()):
        parts = member.path.split("/")
        if any(map(is_system_name, parts)) or OF_THE_SYSTEM.fullmatch(parts[0]):
            continue
        owned = any(f"{member.path}/".startswith(f"{one}/") for one in taken)
        assert owned or any(part in told for part in parts), (member.path, taken, told)


# --- The command ---

SMOOTHING = (kit.SMOOTHING / "smoothing.py").read_text(encoding="utf-8")


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


COMMANDS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "Canvas": (
        {
            "doejane_LATE_1235_50002_smoothing.py": "x = 1",
            "doejane_LATE_1235_50003_smoothing-1.py": SMOOTHING,
            "smithjohn_1234_50001_smoothing.py": "x = 1",
        },
        {"doejane_1235": "5", "smithjohn_1234": "0"},
    ),
    "Moodle": (
        {
            "Ada Lovelace_101_assignsubmission_file_/smoothing.py": SMOOTHING,
            "Bo_102_assignsubmission_onlinetext_/onlinetext.html": "<p>Hi</p>",
        },
        {"Ada Lovelace_101": "5", "Bo_102": "0"},
    ),
    "Gradescope": (
        {
            "submission_metadata.yml": GRADESCOPE_INDEX,
            "submission_1001/smoothing.py": SMOOTHING,
            "submission_1002/smoothing.py": "x = 1",
        },
        {"submission_1001": "5", "submission_1002": "0"},
    ),
    "Blackboard": (
        {
            "S_jane_attempt_2026-11-20-10-00-00_smoothing.py": "x = 1",
            "S_jane_attempt_2026-11-23-10-00-00_smoothing.py": SMOOTHING,
            "S_bo_attempt_2026-11-23-10-00-00.txt": "Name: Bo (bo)",
        },
        {"jane": "5", "bo": "0"},
    ),
    "Brightspace": (
        {
            "index.html": "",
            "1-2 - Ada - Nov 9, 2026 1158 AM/smoothing.py": "x = 1",
            "1-2 - Ada - Nov 10, 2026 1158 AM/smoothing.py": SMOOTHING,
        },
        {"Ada_1": "5"},
    ),
    "nbgrader": (
        {
            "submitted/ada/smoothing/smoothing.py": SMOOTHING,
            "submitted/ada/smoothing/timestamp.txt": "2026-11-23 21:58:04 UTC",
            "submitted/bo/smoothing/timestamp.txt": "2026-11-23 21:58:04 UTC",
        },
        {"ada": "5", "bo": "0"},
    ),
}


@pytest.mark.parametrize("title", COMMANDS)
def test_grade_takes_the_export_as_it_is(tmp_path: Path, title: str) -> None:
    tree, scores = COMMANDS[title]
    path, out = as_zip(tmp_path, "export", tree), tmp_path / "out"
    run = kit.ohlol(
        "grade", path, "--assignment", kit.SMOOTHING, "--out", out, "--seed", "5", cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert f"export.zip: read as an export of {title}" in run.stdout
    assert {name: row["score"] for name, row in rows(out).items()} == scores
    assert list(rows(out)[min(scores)])[:4] == ["submission", "score", "max_score", "status"]
    if title in ("Canvas", "Blackboard", "Brightspace"):
        assert "1 attempt passed over (--attempts latest-by-name)" in " ".join(run.stdout.split())
        best = max(scores, key=lambda name: float(scores[name]))
        report = json.loads((out / best / "report.json").read_text(encoding="utf-8"))
        assert any("passed over: " in note for note in report["notes"])


def test_the_layout_and_the_attempts_can_be_chosen(tmp_path: Path) -> None:
    path = put(
        tmp_path / "in",
        {"a_1_2_smoothing.py": SMOOTHING, "a_1_3_smoothing-1.py": "x = 1", "b.py": "x = 1"},
    )
    for seconds, name in ((2_000_000_000, "a_1_2_smoothing.py"), (10, "a_1_3_smoothing-1.py")):
        os.utime(path / name, (seconds, seconds))
    out = tmp_path / "out"
    run = kit.ohlol(
        "grade", path, "--assignment", kit.SMOOTHING, "--out", out, "--layout", "canvas",
        "--attempts", "latest-by-time", cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert {name: row["score"] for name, row in rows(out).items()} == {"a_1": "5", "b": "0"}
    run = kit.ohlol(
        "grade", path, "--assignment", kit.SMOOTHING, "--out", out, "--layout", "moodle",
        cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 2
    assert "is named as moodle names it" in run.stderr


def test_help_states_the_layouts_and_the_default(tmp_path: Path) -> None:
    run = kit.ohlol("grade", "--help", cwd=tmp_path)
    said = " ".join(run.stdout.split())
    for words in ("canvas|moodle|gradescope", "[default: latest-by-name]", "--roster"):
        assert words in said.replace("| ", "|")


def test_the_first_door_knows_exports_too(tmp_path: Path) -> None:
    sources = find_submissions([put(tmp_path / "in", CANVAS)], ASSIGNMENT)
    assert [source.layout for source in sources] == ["Canvas"] * 5
