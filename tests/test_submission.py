"""Submissions as they really come, built on the spot and read through the two public doors."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import os
import pickle
import random
import socket
import stat
import struct
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.submission import (
    BadInput,
    ReadingLimits,
    Source,
    Submission,
    UnreadableSubmission,
    find_submissions,
    read_submission,
)

ASSIGNMENT = "hello_rnn"
NAMES = ("one_hot", "run_cell", "decode", "CellModel")
SCRIPT = "def one_hot(indices, num_classes):\n    return 1\n"
STUBS = "".join(f"def {name}():\n    raise NotImplementedError()\n\n" for name in NAMES)
EXPECTED = "Expected: hello_rnn.ipynb or hello_rnn.py, or a zip or folder holding one of them."
LIMITS = ReadingLimits()

Tree = Mapping[str, "str | bytes"]


# --- Building ---


def notebook(*sources: Any, **extra: Any) -> str:
    cells = [{"cell_type": "code", "source": s, "outputs": [], "metadata": {}} for s in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra})


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def put(folder: Path, tree: Tree) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(as_bytes(text))
    return folder


def zipped(members: Mapping[str, Any] | Iterable[tuple[str | zipfile.ZipInfo, Any]]) -> bytes:
    pairs = members.items() if isinstance(members, Mapping) else members
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return buffer.getvalue()


def raw_name(name: str, mode: int = stat.S_IFREG | 0o644, system: int = 3) -> zipfile.ZipInfo:
    """A member whose name zipfile does not tidy up."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    info.create_system = system
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def only(path: Path, limits: ReadingLimits = LIMITS) -> Source:
    (source,) = find_submissions([path], ASSIGNMENT, limits)
    return source


def read(path: Path, limits: ReadingLimits = LIMITS) -> Submission:
    return read_submission(only(path, limits), ASSIGNMENT, NAMES, limits)


def code(submission: Submission) -> list[str]:
    return [cell.source for cell in submission.cells]


def refusal(path: Path, limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(UnreadableSubmission) as caught:
        read(path, limits)
    message = str(caught.value)
    assert message.endswith(EXPECTED)
    return message


def read_file(folder: Path, name: str, text: str | bytes) -> Submission:
    put(folder, {name: text})
    return read(folder / name)


def refused_file(folder: Path, name: str, text: str | bytes) -> str:
    put(folder, {name: text})
    return refusal(folder / name)


def found(*paths: Path) -> list[str]:
    return [source.name for source in find_submissions(paths, ASSIGNMENT)]


# --- What counts as one submission ---


@pytest.mark.parametrize("name", ["hello_rnn.ipynb", "hello_rnn.py"])
def test_a_folder_directly_holding_the_file_is_one_submission(tmp_path: Path, name: str) -> None:
    put(tmp_path / "alice", {name: notebook("x = 1") if "ipynb" in name else "x = 1", "b.txt": ""})
    source = only(tmp_path / "alice")
    assert source.name == "alice"
    submission = read_submission(source, ASSIGNMENT, NAMES)
    assert submission.name == "alice"
    assert submission.origin == name
    assert code(submission) == ["x = 1"]
    assert submission.notes == ()
    assert submission.digest == hashlib.sha256((tmp_path / "alice" / name).read_bytes()).hexdigest()


def test_otherwise_everything_in_a_folder_is_one(tmp_path: Path) -> None:
    put(
        tmp_path / "class",
        {
            "student10.py": SCRIPT,
            "student9.ipynb": notebook(SCRIPT),
            "alice/hello_rnn.py": SCRIPT,
            "bob.zip": zipped({"hello_rnn.py": SCRIPT}),
            "essay.docx": "PK",
            "empty/": "",
        },
    )
    assert found(tmp_path / "class") == [
        "alice", "bob", "empty", "essay", "student9", "student10",
    ]  # fmt: skip


def test_a_folder_named_like_the_file_does_not_make_a_submission(tmp_path: Path) -> None:
    put(tmp_path / "class", {"hello_rnn.py/hello_rnn.py": SCRIPT, "bob.py": SCRIPT})
    assert found(tmp_path / "class") == ["bob", "hello_rnn.py"]


def test_what_systems_leave_behind_is_no_submission(tmp_path: Path) -> None:
    junk = dict.fromkeys(
        (".DS_Store", "._alice.py", "Thumbs.db", "desktop.ini", "Desktop.ini"), "x"
    )
    folders = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git")
    put(tmp_path, {"alice.py": SCRIPT, **junk, **{f"{name}/x.py": SCRIPT for name in folders}})
    assert found(tmp_path) == ["alice"]


def test_single_files_are_taken_whatever_their_name(tmp_path: Path) -> None:
    put(tmp_path, {"my work.ipynb": notebook("x = 1"), "b.py": "x = 2", "C.IPYNB": notebook("x=3")})
    sources = find_submissions([tmp_path], ASSIGNMENT)
    cells = [code(read_submission(source, ASSIGNMENT, NAMES)) for source in sources]
    assert cells == [["x = 2"], ["x=3"], ["x = 1"]]


@pytest.mark.parametrize("wrapper", ["", "alice/", "Homework 3/"])
def test_a_zip_holding_the_file_is_one_submission(tmp_path: Path, wrapper: str) -> None:
    put(tmp_path, {"alice.zip": zipped({f"{wrapper}hello_rnn.py": SCRIPT, f"{wrapper}a.txt": "x"})})
    submission = read(tmp_path / "alice.zip")
    assert submission.name == "alice"
    assert submission.origin == f"alice.zip/{wrapper}hello_rnn.py"
    assert code(submission) == [SCRIPT]


def test_a_zip_with_a_browsers_copy_of_the_file_is_one_submission(tmp_path: Path) -> None:
    put(tmp_path, {"alice.zip": zipped({"hello_rnn (1).py": SCRIPT})})
    assert read(tmp_path / "alice.zip").name == "alice"


@pytest.mark.parametrize("wrapper", ["", "submissions/"])
def test_a_zip_of_a_class(tmp_path: Path, wrapper: str) -> None:
    members = {
        "alice/hello_rnn.py": "a = 1",
        "alice-2/hello_rnn.py": "a = 2",
        "bob.ipynb": notebook("b = 1"),
        "carol.zip": zipped({"carol/hello_rnn.py": "c = 1"}),
        "dave/deep/er/hello_rnn.ipynb": notebook("d = 1"),
        "essay.docx": b"PK\x03\x04",
        "empty/": "",
        "__MACOSX/._alice": "x",
    }
    put(tmp_path, {"hw.zip": zipped({wrapper + name: data for name, data in members.items()})})
    results: dict[str, str] = {}
    for source in find_submissions([tmp_path / "hw.zip"], ASSIGNMENT):
        source = pickle.loads(pickle.dumps(source))  # a batch sends it to other processes
        try:
            submission = read_submission(source, ASSIGNMENT, NAMES)
            results[source.name] = f"{submission.origin}: {code(submission)[0]}"
        except UnreadableSubmission as error:
            results[source.name] = str(error).removesuffix(" " + EXPECTED)
    assert results == {
        "alice": f"hw.zip/{wrapper}alice/hello_rnn.py: a = 1",
        "alice-2": f"hw.zip/{wrapper}alice-2/hello_rnn.py: a = 2",
        "bob": f"hw.zip/{wrapper}bob.ipynb: b = 1",
        "carol": f"hw.zip/{wrapper}carol.zip/carol/hello_rnn.py: c = 1",
        "dave": f"hw.zip/{wrapper}dave/deep/er/hello_rnn.ipynb: d = 1",
        "essay": "essay.docx is neither a notebook nor a script nor a zip.",
        "empty": f"There is nothing in {wrapper}empty.",
    }


def test_the_zip_of_a_class_is_read_anew_after_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "hw.zip"
    path.write_bytes(zipped({"alice.py": "a = 1", "bob.py": "b = 1"}))
    first = find_submissions([path], ASSIGNMENT)[0]
    assert code(read_submission(first, ASSIGNMENT, NAMES)) == ["a = 1"]
    path.write_bytes(zipped({"alice.py": "a = 22", "bob.py": "b = 1"}))
    assert code(read_submission(first, ASSIGNMENT, NAMES)) == ["a = 22"]


def test_a_student_folder_in_a_zip_with_other_files_is_not_a_class(tmp_path: Path) -> None:
    members = {"alice/main.py": SCRIPT, "alice/data/a.csv": "1", "alice/img/b.png": "2"}
    put(tmp_path, {"hw.zip": zipped(members)})
    assert read(tmp_path / "hw.zip").origin == "hw.zip/alice/main.py"


@pytest.mark.parametrize("given", ["missing", "empty", "only_junk", "empty.zip", "nul\0byte"])
def test_nothing_to_grade_is_bad_input(tmp_path: Path, given: str) -> None:
    put(tmp_path, {"empty/": "", "only_junk/.DS_Store": "x", "empty.zip": zipped({})})
    with pytest.raises(BadInput):
        find_submissions([tmp_path / given], ASSIGNMENT)


def test_no_paths_are_bad_input() -> None:
    with pytest.raises(BadInput, match="No submissions were given"):
        find_submissions([], ASSIGNMENT)


def test_an_empty_folder_among_others_is_not_lost(tmp_path: Path) -> None:
    put(tmp_path, {"alice/hello_rnn.py": SCRIPT, "bob/": ""})
    sources = find_submissions([tmp_path / "alice", tmp_path / "bob"], ASSIGNMENT)
    assert [source.name for source in sources] == ["alice", "bob"]
    with pytest.raises(UnreadableSubmission, match="There is nothing in bob"):
        read_submission(sources[1], ASSIGNMENT, NAMES)


def test_a_path_given_twice_is_one_submission(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": SCRIPT, "b.py": SCRIPT})
    assert found(tmp_path, tmp_path / "a.py", tmp_path / "." / "b.py") == ["a", "b"]


def test_a_relative_path_has_its_folders_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "alice", {"hello_rnn.py": SCRIPT})
    monkeypatch.chdir(tmp_path / "alice")
    assert found(Path(".")) == ["alice"]


def test_a_submission_that_went_away_is_unreadable(tmp_path: Path) -> None:
    put(tmp_path, {"alice.py": SCRIPT})
    source = only(tmp_path / "alice.py")
    (tmp_path / "alice.py").unlink()
    with pytest.raises(UnreadableSubmission, match=r"alice\.py is not there any more"):
        read_submission(source, ASSIGNMENT, NAMES)


# --- Names ---


def test_submissions_of_the_same_name_all_stay(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "alice.py": SCRIPT,
            "alice.zip": zipped({"hello_rnn.py": SCRIPT}),
            "alice/hello_rnn.py": SCRIPT,
            "Alice.ipynb": notebook(SCRIPT),
        },
    )
    paths = sorted(tmp_path.iterdir())
    sources = find_submissions([tmp_path], ASSIGNMENT)
    by_file = {source.path.name: source.name for source in sources}
    assert by_file == {
        "alice": "alice",
        "Alice.ipynb": "Alice.ipynb",
        "alice.py": "alice.py",
        "alice.zip": "alice.zip",
    }
    assert all("4 submissions would be called" in source.notes[0] for source in sources)
    submission = read_submission(sources[0], ASSIGNMENT, NAMES)
    assert any("would be called alice" in note for note in submission.notes)

    given = [tmp_path / "alice.py", tmp_path / "alice.zip", tmp_path / "Alice.ipynb"]
    names = {tuple(sorted(found(*order))) for order in (given, given[::-1], given[1:] + given[:1])}
    assert len(names) == 1
    assert len(paths) == 4


def test_same_names_from_several_places_are_told_apart_by_them(tmp_path: Path) -> None:
    put(tmp_path, {"alice/hello_rnn.py": SCRIPT, "bob/hello_rnn.py": SCRIPT})
    paths = [tmp_path / "alice" / "hello_rnn.py", tmp_path / "bob" / "hello_rnn.py"]
    assert found(*paths) == found(*reversed(paths)) == ["alice-hello_rnn", "bob-hello_rnn"]


def test_a_made_up_name_never_takes_anothers(tmp_path: Path) -> None:
    put(tmp_path, {"alice.ipynb": notebook(), "alice.py": SCRIPT, "alice.py.zip/a.py": SCRIPT})
    put(tmp_path, {"alice.py.py": SCRIPT})
    names = found(tmp_path)
    assert len({name.casefold() for name in names}) == 4


def test_names_that_differ_in_unicode_form_alone_are_told_apart(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "zoë.py") for form in ("NFC", "NFD")]
    put(tmp_path, dict.fromkeys(names, SCRIPT))
    assert len({unicodedata.normalize("NFC", name) for name in found(tmp_path)}) == 2


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("grades.csv", "grades"),
        ("grades.csv/", "_grades.csv"),
        ("INDEX.HTML/", "_INDEX.HTML"),
        ("missing.csv/", "_missing.csv"),
        ("con.py", "_con"),
        ("bell\x07.py", "bell_"),
        ("a\u202eb.py", "a_b"),
        ("a\nb.py", "a_b"),
        ("back\\slash.py", "back_slash"),
        ("c:.py", "c_"),
        ("dots.../", "dots"),
        ("space /", "space"),
        (".hidden.py", "_hidden"),
        (".py", "_py"),
        ("...", "submission"),
        (" ", "submission"),
        ("张伟.ipynb", "张伟"),
        ("José 王.py", "José 王"),
        ("alice.tar.gz", "alice"),
        ("alice.ipynb.txt", "alice"),
        ("Smith, J. (12345)/", "Smith, J. (12345)"),
        ("=1+1.py", "=1+1"),
    ],
)
def test_names_are_fit_for_folders(tmp_path: Path, file: str, name: str) -> None:
    put(tmp_path, {file: "", "other.py": SCRIPT})
    sources = find_submissions([tmp_path], ASSIGNMENT)
    (source,) = (source for source in sources if source.name != "other")
    assert source.name == name
    unchanged = ("grades", "张伟", "José 王", "alice", "Smith, J. (12345)", "=1+1")
    assert bool(source.notes) == (name not in unchanged)


def test_names_that_are_no_text_are_made_safe(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")).write_text("x = 1")
    submission = read(tmp_path)
    assert submission.name == "caf_"
    assert submission.origin == "caf?.py"
    "".join([submission.name, submission.origin, *submission.notes]).encode()


def test_long_names_are_cut_and_stay_apart(tmp_path: Path) -> None:
    put(tmp_path, {"王" * 80 + f"{number}.py": SCRIPT for number in range(3)})
    names = found(tmp_path)
    assert len(set(names)) == 3
    assert all(len(name.encode()) <= 150 for name in names)


def test_names_of_zip_members_are_made_safe(tmp_path: Path) -> None:
    members = [(raw_name(name), SCRIPT) for name in ("a\nb.py", "c:d.py"[1:], "good.py")]
    put(tmp_path, {"hw.zip": zipped(members)})
    assert found(tmp_path / "hw.zip") == ["_d", "a_b", "good"]


# --- Which file is graded ---


def test_the_notebook_comes_before_the_script(tmp_path: Path) -> None:
    put(tmp_path / "a", {"hello_rnn.ipynb": notebook("x = 1"), "hello_rnn.py": "x = 2"})
    submission = read(tmp_path / "a")
    assert submission.origin == "hello_rnn.ipynb"
    assert submission.notes == (
        "hello_rnn.ipynb was graded; also found, and not graded: hello_rnn.py.",
    )


def test_a_starter_that_nobody_touched_yields_to_answers(tmp_path: Path) -> None:
    put(tmp_path / "a", {"hello_rnn.ipynb": notebook(STUBS), "hello_rnn.py": SCRIPT + STUBS})
    submission = read(tmp_path / "a")
    assert submission.origin == "hello_rnn.py"
    assert submission.notes == (
        "hello_rnn.py was graded (hello_rnn.ipynb holds no answers); also found, and not graded: "
        "hello_rnn.ipynb.",
    )


def test_the_least_buried_file_of_the_right_name_counts(tmp_path: Path) -> None:
    put(tmp_path / "a", {"hello_rnn.py": SCRIPT, "old/hello_rnn.ipynb": notebook(SCRIPT)})
    assert read(tmp_path / "a").origin == "hello_rnn.py"


def test_the_exact_name_beats_better_content(tmp_path: Path) -> None:
    put(tmp_path / "a", {"hello_rnn.py": "x = 1", "other.py": SCRIPT, "hello_rnn (1).py": SCRIPT})
    submission = read(tmp_path / "a")
    assert submission.origin == "hello_rnn.py"
    assert "hello_rnn (1).py" in submission.notes[0]


@pytest.mark.parametrize(
    "name",
    [
        "Hello_RNN.ipynb",
        "hello-rnn.ipynb",
        "HelloRNN.ipynb",
        "hello_rnn (1).ipynb",
        "hello_rnn-final.ipynb",
        "alice_hello_rnn.ipynb",
        "smithjohn_LATE_123_456_hello_rnn-1.ipynb",
        "Copy of hello_rnn.ipynb",
        "hello_rnn.ipynb.txt",
        "hello_rnn.ipynb.json",
    ],
)
def test_names_close_to_the_right_one_are_taken(tmp_path: Path, name: str) -> None:
    put(tmp_path / "class" / "alice", {name: notebook("x = 1"), "util.py": "y = 1", "a.txt": ""})
    submission = read(tmp_path / "class")
    assert submission.origin == name
    assert "hello_rnn.ipynb or hello_rnn.py" in submission.notes[0]


def test_else_the_file_that_defines_most_is_taken(tmp_path: Path) -> None:
    more = SCRIPT + "class CellModel(nn.Module):\n    pass\n"
    put(
        tmp_path / "class" / "alice",
        {"a.py": SCRIPT, "work.ipynb": notebook("%pip install torch", more), "z.py": "x = 1"},
    )
    submission = read(tmp_path / "class")
    assert submission.origin == "work.ipynb"
    assert submission.notes == (
        "There is no hello_rnn.ipynb or hello_rnn.py; work.ipynb was graded, which defines 2 of "
        "the 4 names asked for.",
        "Also found, and not graded: a.py.",
    )


def test_ties_go_to_the_newest_then_to_the_name(tmp_path: Path) -> None:
    folder = put(tmp_path / "class" / "alice", dict.fromkeys(("a.py", "b.py", "c.py"), SCRIPT))
    for name, modified in (("a.py", 1_000), ("b.py", 2_000), ("c.py", 2_000)):
        os.utime(folder / name, (modified, modified))
    assert read(tmp_path / "class").origin == "b.py"


def test_ties_in_zips_go_to_the_newest(tmp_path: Path) -> None:
    members = []
    for name, year in (("x/a.py", 2001), ("x/b.py", 2003), ("x/c.py", 2002)):
        info = zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))
        members.append((info, SCRIPT))
    put(tmp_path / "class", {"alice.zip": zipped(members)})
    assert read(tmp_path / "class").origin == "alice.zip/x/b.py"


@pytest.mark.parametrize("modified", [-1e12, -1.0, 0.0, 4e11])
def test_strange_times_do_no_harm(tmp_path: Path, modified: float) -> None:
    folder = put(tmp_path / "class" / "alice", {"a.py": SCRIPT, "b.py": SCRIPT})
    try:
        os.utime(folder / "a.py", (modified, modified))
    except (OSError, OverflowError):
        pytest.skip("this file system cannot keep such a time")
    assert read(tmp_path / "class").origin in ("a.py", "b.py")


def test_a_broken_file_yields_to_a_sound_one(tmp_path: Path) -> None:
    put(tmp_path / "a", {"hello_rnn.ipynb": notebook(SCRIPT)[:-30], "hello_rnn.py": SCRIPT})
    submission = read(tmp_path / "a")
    assert submission.origin == "hello_rnn.py"
    assert "hello_rnn.ipynb is incomplete" in submission.notes[0]


def test_nothing_like_the_assignment_says_what_was_found(tmp_path: Path) -> None:
    put(tmp_path / "class" / "alice", {f"{number}.py": "x = 1\n" for number in range(14)})
    message = refusal(tmp_path / "class")
    assert message.startswith("Nothing in alice defines what hello_rnn asks for. Found: ")
    assert "and 4 more." in message


def test_no_code_says_what_was_found(tmp_path: Path) -> None:
    put(tmp_path / "class" / "alice", {"essay.docx": "x", "img/a.png": "y"})
    assert refusal(tmp_path / "class").startswith(
        "There is no notebook or script in alice. Found: essay.docx, img/a.png. Expected"
    )


def test_indented_and_commented_definitions_do_not_count(tmp_path: Path) -> None:
    text = (
        "if x:\n    def one_hot(): ...\n# def run_cell():\nmydef = one_hot\ndef one_hot2(): ...\n"
    )
    put(tmp_path / "class" / "alice", {"a.py": text})
    assert "asks for. Found: a.py." in refusal(tmp_path / "class")


def test_environments_and_caches_inside_a_submission_are_skipped(tmp_path: Path) -> None:
    folders = (".venv/lib", "venv", "node_modules", "__pycache__", ".ipynb_checkpoints", ".ohlol")
    put(
        tmp_path / "a",
        {"hello_rnn.py": "x = 1", **{f"{name}/hello_rnn.py": "y = 2" for name in folders}},
    )
    (tmp_path / "a" / ".venv" / "python").symlink_to("/usr/bin/python")
    (tmp_path / "a" / ".git").symlink_to("/etc")
    assert read(tmp_path / "a").notes == ()


# --- Zips ---


def test_a_zip_from_macos(tmp_path: Path) -> None:
    # Finder writes decomposed UTF-8 without the flag that says so; zipfile would set the flag.
    name = unicodedata.normalize("NFD", "Übung") + "/hello_rnn.ipynb"
    stand_in = "A" * len(name.encode())
    data = zipped(
        {stand_in: notebook("x = 1"), "__MACOSX/._hello_rnn.ipynb": b"\0\5", ".DS_Store": b"\0"}
    )
    put(tmp_path, {"alice.zip": data.replace(stand_in.encode(), name.encode())})
    assert read(tmp_path / "alice.zip").origin == f"alice.zip/{name}"


def test_a_zip_from_windows(tmp_path: Path) -> None:
    members = [
        (raw_name("alice\\hello_rnn.py", system=0), SCRIPT),
        (raw_name("alice\\Thumbs.db", system=0), b"\0"),
        (raw_name("alice\\sub\\desktop.ini", system=0), b"\0"),
    ]
    put(tmp_path, {"alice.zip": zipped(members)})
    assert read(tmp_path / "alice.zip").origin == "alice.zip/alice/hello_rnn.py"


def test_names_in_the_old_code_page(tmp_path: Path) -> None:
    data = zipped([(raw_name("caf@.py"), SCRIPT), ("b.py", SCRIPT)]).replace(b"caf@", b"caf\x82")
    put(tmp_path, {"hw.zip": data})
    assert found(tmp_path / "hw.zip") == ["b", "café"]


def test_zips_in_zips_are_searched(tmp_path: Path) -> None:
    inner = zipped({"alice/hello_rnn.py": SCRIPT})
    put(tmp_path / "class", {"alice.zip": zipped({"a/b.zip": zipped({"c.zip": inner})})})
    assert read(tmp_path / "class").origin == "alice.zip/a/b.zip/c.zip/alice/hello_rnn.py"


def test_zips_in_folders_are_searched(tmp_path: Path) -> None:
    put(tmp_path / "class", {"alice/work.zip": zipped({"hello_rnn.py": SCRIPT})})
    assert read(tmp_path / "class").origin == "work.zip/hello_rnn.py"


def test_zips_beside_the_right_file_stay_closed(tmp_path: Path) -> None:
    put(tmp_path / "a", {"hello_rnn.py": SCRIPT, "data.zip": b"PK\x03\x04 broken"})
    assert read(tmp_path / "a").notes == ()


def test_a_broken_zip_beside_a_candidate_is_noted(tmp_path: Path) -> None:
    put(tmp_path / "class" / "alice", {"work.py": SCRIPT, "data.zip": b"PK\x03\x04 broken"})
    submission = read(tmp_path / "class")
    assert submission.origin == "work.py"
    assert "data.zip is a damaged or incomplete zip" in submission.notes[0]


def test_zips_nested_too_deep_are_refused(tmp_path: Path) -> None:
    data = zipped({"hello_rnn.py": SCRIPT})
    for _ in range(3):
        data = zipped({"more.zip": data})
    put(tmp_path / "class", {"alice.zip": data})
    message = refusal(tmp_path / "class")
    assert "more.zip/more.zip/more.zip is a zip in a zip, more than 3 deep" in message


def test_the_last_of_equal_names_counts(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("hello_rnn.py", "x = 1"), ("hello_rnn.py", "x = 2")])
    put(tmp_path, {"alice.zip": data})
    submission = read(tmp_path / "alice.zip")
    assert code(submission) == ["x = 2"]
    assert "more than once" in submission.notes[0]


@pytest.mark.parametrize(
    ("escape", "why"),
    [
        ("../evil.py", "leads out of the zip"),
        ("..", "leads out of the zip"),
        ("alice/../../evil.py", "leads out of the zip"),
        ("..\\evil.py", "leads out of the zip"),
        ("alice\\..\\..\\evil.py", "leads out of the zip"),
        (".. /evil.py", "leads out of the zip"),
        ("__MACOSX/../../evil.py", "leads out of the zip"),
        ("/etc/cron.d/evil", "absolute path"),
        ("\\\\server\\share\\evil.py", "absolute path"),
        ("C:\\evil.py", "names a drive"),
        ("c:evil.py", "names a drive"),
        ("evil.py\0.txt", "NUL"),
    ],
)
def test_path_escapes_are_refused_and_named(tmp_path: Path, escape: str, why: str) -> None:
    # zipfile drops what follows a NUL when it writes, so the NUL is put in afterwards.
    stand_in = escape.replace("\0", "@")
    data = zipped([("hello_rnn.py", SCRIPT), (raw_name(stand_in), "x")])
    data = data.replace(stand_in.encode(), escape.encode())
    put(tmp_path, {"alice.zip": data})
    message = refusal(tmp_path / "alice.zip")
    assert escape.replace("\\", "/").replace("\0", "?") in message
    assert why in message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alice.zip"]


@pytest.mark.parametrize("wrapper", ["", "class/"])
@pytest.mark.parametrize(
    ("escape", "owner"),
    [
        ("bob/../../x", "bob"),
        ("../evil.py", "evil"),
        ("/etc/passwd", "passwd"),
        ("..", "submission"),
    ],
)
def test_an_escape_costs_only_its_owner(
    tmp_path: Path, wrapper: str, escape: str, owner: str
) -> None:
    members = {
        f"{wrapper}alice/hello_rnn.py": SCRIPT,
        f"{wrapper}bob/hello_rnn.py": SCRIPT,
        f"{wrapper}carol.py": SCRIPT,
    }
    if owner == "bob":
        escape = wrapper + escape
    put(tmp_path, {"hw.zip": zipped([*members.items(), (raw_name(escape), "x")])})
    unreadable, readable = {}, []
    for source in find_submissions([tmp_path / "hw.zip"], ASSIGNMENT):
        try:
            read_submission(source, ASSIGNMENT, NAMES)
            readable.append(source.name)
        except UnreadableSubmission as error:
            unreadable[source.name] = str(error)
    assert list(unreadable) == [owner]
    assert escape in unreadable[owner]
    assert readable == sorted({"alice", "bob", "carol"} - {owner})


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        (stat.S_IFLNK, "a symbolic link"),
        (stat.S_IFIFO, "a named pipe"),
        (stat.S_IFSOCK, "a socket"),
        (stat.S_IFCHR, "a device"),
        (stat.S_IFBLK, "a device"),
    ],
)
@pytest.mark.parametrize("name", ["hello_rnn.py", "sub/notes"])
def test_links_and_devices_in_zips_are_refused(
    tmp_path: Path, name: str, mode: int, what: str
) -> None:
    link = (raw_name(name, mode | 0o777), "/etc/passwd")
    put(tmp_path, {"alice.zip": zipped([link, ("hello_rnn.ipynb", notebook("x"))])})
    assert f"{name} is {what}, not a file." in refusal(tmp_path / "alice.zip")


def test_links_in_ignored_folders_of_zips_do_not_matter(tmp_path: Path) -> None:
    link = (raw_name("__MACOSX/a", stat.S_IFLNK | 0o777), "/etc")
    put(tmp_path, {"alice.zip": zipped([link, ("hello_rnn.py", SCRIPT)])})
    assert code(read(tmp_path / "alice.zip")) == [SCRIPT]


def test_a_bomb_is_refused_and_named(tmp_path: Path) -> None:
    zeros = bytes(40_000_000)
    data = zipped([("hello_rnn.py", SCRIPT), *((f"zeros{n}.bin", zeros) for n in range(10))])
    assert len(data) < 1_000_000
    put(tmp_path / "class", {"bomb.zip": data, "alice.py": SCRIPT})
    alice, bomb = find_submissions([tmp_path / "class"], ASSIGNMENT)
    assert code(read_submission(alice, ASSIGNMENT, NAMES)) == [SCRIPT]
    with pytest.raises(UnreadableSubmission, match=r"bomb\.zip would unpack to 400 MB"):
        read_submission(bomb, ASSIGNMENT, NAMES)


def test_a_bomb_in_place_of_the_notebook(tmp_path: Path) -> None:
    put(tmp_path, {"a.zip": zipped({"hello_rnn.ipynb": bytes(200_000_000), "hello_rnn.py": "x"})})
    message = refusal(tmp_path / "a.zip")
    assert "hello_rnn.ipynb is larger than 100 MB. Clear its outputs" in message


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """Many names for the same compressed bytes: tiny on disk, vast in sum."""
    data = zipped({"a.bin": bytes(90_000_000)})
    start = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    record = data[start:end]
    records = b"".join(record.replace(b"a.bin", b"%05d" % n) for n in range(500))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 500, 500, len(records), start, 0)
    put(tmp_path / "class", {"bomb.zip": data[:start] + records + tail})
    assert "would unpack to 45 GB" in refusal(tmp_path / "class")


@pytest.mark.parametrize("declared", [10, 1_000])
def test_sizes_that_lie_are_not_believed(tmp_path: Path, declared: int) -> None:
    data = bytearray(zipped({"hello_rnn.py": "x = 1\n" * 100_000}))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(magic) + offset
        data[at : at + 4] = struct.pack("<L", declared)
    put(tmp_path, {"alice.zip": bytes(data)})
    assert "hello_rnn.py is damaged in the zip" in refusal(tmp_path / "alice.zip")


def test_a_zip_that_holds_itself_is_refused(tmp_path: Path) -> None:
    """Each level holds two of the next, as a quine would without end."""
    data = zipped({"x.txt": "x"})
    for _ in range(12):
        data = zipped({"a.zip": data, "b.zip": data})
    put(tmp_path / "class", {"quine.zip": data})
    assert "more than 3 deep" in refusal(tmp_path / "class")


def test_too_many_members_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    put(tmp_path / "class", {"a.zip": zipped({f"{n}.txt": "" for n in range(60)})})
    limits = replace(LIMITS, entries=50)
    assert "a.zip holds more than 50 files and folders" in refusal(tmp_path / "class", limits)

    data = zipped({"a": ""})
    start, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    records = data[start:end] * 60_000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, len(records), start, 0)
    put(tmp_path / "class", {"a.zip": data[:start] + records + tail})
    assert "a.zip holds more than 5000 files and folders" in refusal(tmp_path / "class")


def test_nested_members_count_together(tmp_path: Path) -> None:
    inner = zipped({f"{n}.txt": "" for n in range(30)})
    put(tmp_path / "class", {"a.zip": zipped({"b.zip": inner, "c.zip": inner})})
    message = refusal(tmp_path / "class", replace(LIMITS, entries=50))
    assert "c.zip holds more than 50 files and folders" in message


def test_bytes_read_count_together(tmp_path: Path) -> None:
    put(tmp_path / "class" / "alice", {f"{n}.py": "x = 1\n" * 1000 for n in range(10)})
    limits = replace(LIMITS, file_bytes=10_000, total_bytes=20_000)
    assert "More than 20 kB would have to be read" in refusal(tmp_path / "class", limits)


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    data = bytearray(zipped({"hello_rnn.py": SCRIPT}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(magic) + offset] |= 1
    put(tmp_path, {"alice.zip": bytes(data)})
    assert "hello_rnn.py is protected by a password" in refusal(tmp_path / "alice.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 9, 99])
def test_other_compression_is_refused(tmp_path: Path, method: int) -> None:
    data = bytearray(zipped({"hello_rnn.py": SCRIPT}))
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.rindex(magic) + offset
        data[at : at + 2] = struct.pack("<H", method)
    put(tmp_path, {"alice.zip": bytes(data)})
    message = refusal(tmp_path / "alice.zip")
    assert f"hello_rnn.py is compressed by a method (number {method}) that is not" in message


@pytest.mark.parametrize("keep", [4, 30, 60, -10])
def test_truncated_zips(tmp_path: Path, keep: int) -> None:
    put(tmp_path / "class", {"alice.zip": zipped({"hello_rnn.py": SCRIPT})[:keep]})
    assert "alice.zip is a damaged or incomplete zip" in refusal(tmp_path / "class")


def test_zip64(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w") as archive,
        archive.open("hello_rnn.py", "w", force_zip64=True) as member,
    ):
        member.write(SCRIPT.encode())
    put(tmp_path, {"alice.zip": buffer.getvalue()})
    assert code(read(tmp_path / "alice.zip")) == [SCRIPT]


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("alice.tar.gz", b"\x1f\x8b\x08rest", "a gzip archive; of archives, only zips"),
        ("alice.rar", b"Rar!\x1a\x07\x00rest", "a RAR archive; of archives, only zips"),
        ("alice.7z", b"7z\xbc\xaf\x27\x1crest", "a 7z archive; of archives, only zips"),
        ("alice.zip", b"Rar!\x1a\x07\x00rest", "a RAR archive; of archives, only zips"),
        ("alice.tar", bytes(257) + b"ustar\x0000", "a tar archive; of archives, only zips"),
        ("alice.tbz", b"BZh91AY&SYrest", "a bzip2 archive; of archives, only zips"),
        ("alice.pdf", b"%PDF-1.7", "a PDF"),
        ("alice.docx", b"PK\x03\x04rest", "neither a notebook nor a script nor a zip"),
        ("alice.txt", b"I could not do it.", "neither a notebook nor a script nor a zip"),
        ("alice.zip", b"not a zip", "neither a notebook nor a script nor a zip"),
        ("alice.zip", b"", "empty"),
        ("alice.ipynb", b"\x1f\x8b\x08rest", "a gzip archive, not a notebook or script"),
    ],
)
def test_other_files_say_what_they_are(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    assert refused_file(tmp_path, name, data).startswith(f"{name} is {what}")


@pytest.mark.parametrize("name", ["alice.ipynb", "alice"])
def test_a_zip_under_another_name(tmp_path: Path, name: str) -> None:
    put(tmp_path / "class", {name: zipped({"hello_rnn.py": SCRIPT})})
    submission = read(tmp_path / "class")
    assert submission.origin == f"{name}/hello_rnn.py"
    assert submission.notes == (f"{name} is a zip by its contents.",)


# --- Folders ---


@pytest.mark.parametrize("name", ["hello_rnn.py", "data", "sub/data"])
def test_links_in_folders_are_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path, {"secret.py": SCRIPT, "alice/sub/": "", "alice/hello_rnn.ipynb": notebook("x")})
    (tmp_path / "alice" / name).symlink_to(tmp_path / "secret.py")
    message = refusal(tmp_path / "alice")
    assert message.startswith(f"{name} is a symbolic link, not a file. Links are not followed")


def test_a_link_to_a_folder_is_refused_even_in_a_loop(tmp_path: Path) -> None:
    put(tmp_path / "alice", {"hello_rnn.py": SCRIPT})
    (tmp_path / "alice" / "loop").symlink_to(tmp_path / "alice")
    assert refusal(tmp_path / "alice").startswith("loop is a symbolic link")


def test_a_link_among_the_submissions_costs_only_itself(tmp_path: Path) -> None:
    put(tmp_path, {"secret/hello_rnn.py": SCRIPT, "class/alice.py": SCRIPT})
    (tmp_path / "class" / "eve").symlink_to(tmp_path / "secret")
    (tmp_path / "class" / "mallory.py").symlink_to(tmp_path / "secret" / "hello_rnn.py")
    (tmp_path / "class" / "gone.zip").symlink_to(tmp_path / "nowhere")
    alice, *links = find_submissions([tmp_path / "class"], ASSIGNMENT)
    assert code(read_submission(alice, ASSIGNMENT, NAMES)) == [SCRIPT]
    assert [source.name for source in links] == ["eve", "gone", "mallory"]
    for source in links:
        with pytest.raises(UnreadableSubmission, match="is a symbolic link"):
            read_submission(source, ASSIGNMENT, NAMES)


def test_pipes_and_sockets_are_refused_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner in ("a", "b", "c", "d"):
        put(tmp_path / "class" / owner, {"hello_rnn.ipynb": notebook("x")})
    os.mkfifo(tmp_path / "class" / "a" / "hello_rnn.py")
    os.mkfifo(tmp_path / "class" / "b" / "other")
    monkeypatch.chdir(tmp_path / "class" / "c")  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    os.mkfifo(tmp_path / "class" / "pipe.py")
    messages = []
    for source in find_submissions([tmp_path / "class"], ASSIGNMENT):
        try:
            read_submission(source, ASSIGNMENT, NAMES)
        except UnreadableSubmission as error:
            messages.append(str(error).partition(",")[0])
    assert messages == [
        "hello_rnn.py is a named pipe",
        "other is a named pipe",
        "socket is a socket",
        "pipe.py is a named pipe",
    ]


def test_a_huge_folder_stops_at_the_limit(tmp_path: Path) -> None:
    put(tmp_path / "alice", {"hello_rnn.py": SCRIPT, **{f"d{n % 7}/{n}": "" for n in range(90)}})
    message = refusal(tmp_path / "alice", replace(LIMITS, entries=50))
    assert "holds more than 50 files and folders" in message


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    put(tmp_path / "alice", {"hello_rnn.ipynb": "", "hello_rnn.py": SCRIPT})
    with (tmp_path / "alice" / "hello_rnn.ipynb").open("r+b") as file:
        file.truncate(10_000_000_000)  # sparse
    assert "hello_rnn.ipynb is larger than 100 MB" in refusal(tmp_path / "alice")


def test_large_data_beside_the_work_does_no_harm(tmp_path: Path) -> None:
    alice = put(tmp_path / "class" / "alice", {"work.py": SCRIPT, "data.zip": "", "more.py": ""})
    for name in ("data.zip", "more.py"):
        with (alice / name).open("r+b") as file:
            file.truncate(10_000_000_000)
    submission = read(tmp_path / "class")
    assert submission.origin == "work.py"
    assert [note[:25] for note in submission.notes[:2]] == [
        "data.zip is larger than 1",
        "more.py is larger than 10",
    ]


def test_files_that_cannot_be_read_are_noted_briefly(tmp_path: Path) -> None:
    empty = {f"pkg/m{number}.py": "" for number in range(20)}
    put(tmp_path / "class" / "alice", {"work.py": SCRIPT, **empty})
    notes = read(tmp_path / "class").notes
    assert len(notes) == 5
    assert "17 more files could not be read." in notes


def test_what_was_found_is_said_before_what_is_empty(tmp_path: Path) -> None:
    put(tmp_path / "class" / "alice", {"main.py": "x = 1", "pkg/__init__.py": ""})
    assert refusal(tmp_path / "class").startswith(
        "Nothing in alice defines what hello_rnn asks for. Found: main.py. pkg/__init__.py is empty"
    )


def test_large_files_beside_it_are_not_read(tmp_path: Path) -> None:
    put(tmp_path / "alice", {"data.bin": "", "hello_rnn.py": SCRIPT})
    with (tmp_path / "alice" / "data.bin").open("r+b") as file:
        file.truncate(10_000_000_000)
    assert code(read(tmp_path / "alice")) == [SCRIPT]


def test_deep_folders(tmp_path: Path) -> None:
    put(tmp_path / "class" / "alice", {"d/" * 100 + "hello_rnn.py": SCRIPT})
    assert code(read(tmp_path / "class")) == [SCRIPT]


def test_what_may_not_be_opened_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"a.py": SCRIPT, "b/hello_rnn.py": SCRIPT, "c.zip": zipped({"x.py": SCRIPT})})
    sources = find_submissions([tmp_path], ASSIGNMENT)

    def denied(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)  # root may open everything, so chmod proves nothing
    for source, name in zip(sources, ("a.py", "hello_rnn.py", "c.zip"), strict=True):
        with pytest.raises(UnreadableSubmission, match=f"{name} cannot be opened: Permission"):
            read_submission(source, ASSIGNMENT, NAMES)


# --- Text ---


@pytest.mark.parametrize(
    "data",
    [
        "x = 'é'\ny = 1\n".encode(),
        codecs.BOM_UTF8 + "x = 'é'\ny = 1\n".encode(),
        "x = 'é'\r\ny = 1\r\n".encode(),
        "x = 'é'\ry = 1\r".encode(),
        "x = 'é'\ny = 1\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "x = 'é'\ny = 1\n".encode("utf-16-be"),
        "x = 'é'\ny = 1\n".encode("utf-32"),
    ],
)
def test_text_in_every_common_form(tmp_path: Path, data: bytes) -> None:
    submission = read_file(tmp_path, "a.py", data)
    assert code(submission) == ["x = 'é'\ny = 1\n"]
    assert submission.notes == ()
    assert submission.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gbk", "shift_jis", "koi8-r", "big5"])
@pytest.mark.parametrize("first", ["", "#!/usr/bin/env python\n", "\n"])
def test_declared_encodings(tmp_path: Path, encoding: str, first: str) -> None:
    letter = {"latin-1": "é", "cp1252": "€", "koi8-r": "ж"}.get(encoding, "文")
    text = f"{first}# -*- coding: {encoding} -*-\nx = '{letter}'\n"
    submission = read_file(tmp_path, "a.py", text.encode(encoding))
    assert code(submission) == [text]
    assert submission.notes == ()


@pytest.mark.parametrize("encoding", ["punycode", "idna", "rot13", "zlib", "nonsense", "utf-7"])
def test_declared_encodings_that_are_none(tmp_path: Path, encoding: str) -> None:
    submission = read_file(tmp_path, "a.py", f"# coding: {encoding}\nx = 'é'\n")
    assert "'é'" in code(submission)[0]
    assert f"declares the encoding {encoding}, but was read as UTF-8" in submission.notes[0]


@pytest.mark.parametrize(("byte", "letter"), [(b"\xe9", "é"), (b"\x80", "€"), (b"\x81", "\x81")])
def test_latin_1_is_noted(tmp_path: Path, byte: bytes, letter: str) -> None:
    submission = read_file(tmp_path, "a.py", b"x = '" + byte + b"'\n")
    assert code(submission) == [f"x = '{letter}'\n"]
    assert "not UTF-8" in submission.notes[0]


def test_tabs_and_syntax_errors_stay_as_they_are(tmp_path: Path) -> None:
    text = "def f(:\n\tif x\n        return\f\n"
    assert code(read_file(tmp_path, "a.py", text)) == [text]


@pytest.mark.parametrize("data", [b"x = 1\0\n", "x = 1\n".encode("utf-16-le"), bytes(100)])
def test_nul_bytes(tmp_path: Path, data: bytes) -> None:
    assert "a.py holds NUL bytes" in refused_file(tmp_path, "a.py", data)


@pytest.mark.parametrize("data", [b"", b" \n\r\n\t", codecs.BOM_UTF8])
@pytest.mark.parametrize("name", ["hello_rnn.py", "hello_rnn.ipynb", "alice.py"])
def test_empty_files(tmp_path: Path, name: str, data: bytes) -> None:
    put(tmp_path / "class" / "alice", {name: data})
    path = tmp_path / "class" / "alice"
    assert f"{name} is empty." in refusal(path)


def test_a_notebook_under_a_scripts_name(tmp_path: Path) -> None:
    submission = read_file(tmp_path, "a.py", notebook("x = 1"))
    assert code(submission) == ["x = 1"]
    assert submission.notes == ("a.py is a Jupyter notebook by its contents, and was read as one.",)


def test_a_script_under_a_notebooks_name(tmp_path: Path) -> None:
    submission = read_file(tmp_path, "a.ipynb", "# %%\nx = 1\n# %%\ny = 2\n")
    assert code(submission) == ["x = 1\n", "y = 2\n"]
    assert submission.notes == ("a.ipynb is a Python script by its contents, and was read as one.",)


def test_a_notebook_under_any_other_name(tmp_path: Path) -> None:
    assert code(read_file(tmp_path, "alice.json", notebook("x = 1"))) == ["x = 1"]


def test_a_script_may_begin_with_a_brace(tmp_path: Path) -> None:
    assert code(read_file(tmp_path, "a.py", '{"cells": 1}\nx = 1')) == ['{"cells": 1}\nx = 1']


@pytest.mark.parametrize("name", ["hello_rnn.ipynb", "hello_rnn.py"])
@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html>\n<html>",
        "\n<html lang='en'>",
        "<?xml version='1.0'?><!-- saved --><!doctype HTML>",
    ],
)
def test_saved_web_pages(tmp_path: Path, name: str, page: str) -> None:
    assert f"{name} is a web page" in refused_file(tmp_path, name, page)


def test_prose_is_not_a_notebook(tmp_path: Path) -> None:
    message = refused_file(tmp_path, "a.ipynb", "Dear teacher, see my repository.")
    assert "a.ipynb is not a notebook. Open it in Jupyter" in message


# --- Notebooks ---


def test_cells_keep_magics_and_are_counted_over_code_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# Title"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install torch\n", "x = 1"]},
        {"cell_type": "raw", "source": "raw"},
        {"cell_type": "code", "source": ""},
        {"cell_type": "code", "source": "y = input()\r\nz = 1", "outputs": "broken"},
    ]
    submission = read_file(tmp_path, "a.ipynb", json.dumps({"cells": cells, "nbformat": 4}))
    assert [(cell.label, cell.first_line, cell.source) for cell in submission.cells] == [
        ("cell 1", 1, "%matplotlib inline\n!pip install torch\nx = 1"),
        ("cell 2", 1, ""),
        ("cell 3", 1, "y = input()\nz = 1"),
    ]
    assert submission.notes == ()


def test_cells_that_lack_what_they_should_have(tmp_path: Path) -> None:
    cells: list[Any] = [
        {"outputs": [], "source": "a = 1"},
        {"source": "no type"},
        {"cell_type": "code"},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "code", "source": ["b = 1", "c = 1"]},
        {"cell_type": "code", "source": ["d = 1\n", 7, "e = 1"]},
        {"cell_type": ["code"], "source": "x"},
        "cell", None, 3, [],
    ]  # fmt: skip
    submission = read_file(tmp_path, "a.ipynb", json.dumps({"cells": cells}))
    assert code(submission) == ["a = 1", "", "", "b = 1\nc = 1", "d = 1\ne = 1"]
    assert submission.notes == ("a.ipynb has 6 cell(s) without readable text.",)


def test_a_notebook_without_code(tmp_path: Path) -> None:
    submission = read_file(tmp_path, "a.ipynb", notebook())
    assert submission.cells == ()
    assert submission.notes == ("a.ipynb holds no code.",)


def test_large_outputs_cost_nothing(tmp_path: Path) -> None:
    image = {"output_type": "display_data", "data": {"image/png": "iVBO" * 3_000_000}}
    cell = {"cell_type": "code", "source": SCRIPT, "outputs": [image]}
    assert code(read_file(tmp_path, "a.ipynb", json.dumps({"cells": [cell]}))) == [SCRIPT]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (notebook(SCRIPT)[:-40], "is incomplete: it breaks off at line 1"),
        ('{"cells": [\n{"source": "x', "is incomplete: it breaks off at line 2"),
        (
            '{"cells": [],\n "nbformat" 4}',
            "is not a valid notebook: Expecting ':' delimiter at lin",
        ),
        ("{\n<<<<<<< HEAD\n", "holds the marks of a git merge conflict"),
        ("[1, 2]", "is JSON, but not a notebook"),
        ('{"a": 1}', "is JSON, but not a notebook: it has no cells"),
        ('{"cells": 3}', "is JSON, but not a notebook: it has no cells"),
        ('{"cells": [], "nbformat": 5}', "is in notebook format 5; up to 4 is supported"),
        ('{"cells": [], "nbformat": 1e300}', "is in notebook format"),
        ('{"a": ' * 100_000, "is nested too deeply to be a notebook"),
        ("[" * 100_000 + "]" * 100_000, "is nested too deeply to be a notebook"),
    ],
)
def test_broken_notebooks(tmp_path: Path, text: str, message: str) -> None:
    assert f"a.ipynb {message}" in refused_file(tmp_path, "a.ipynb", text)


def test_what_to_do_about_a_broken_notebook(tmp_path: Path) -> None:
    message = refused_file(tmp_path, "a.ipynb", "{")
    assert "Open it in Jupyter, save it, and hand in the file that was saved." in message


@pytest.mark.parametrize(
    "extra",
    [
        '"n": ' + "9" * 10_000,
        '"n": -' + "9" * 10_000,
        '"n": NaN, "m": -Infinity',
        '"cells": [], "cells": []',
        '"n": "a\tb"',
        '"metadata": []',
        '"metadata": {"kernelspec": [], "language_info": {"name": 3}}',
        '"nbformat": "4"',
        '"nbformat": null',
        '"nbformat": ' + "9" * 10_000,
        '"nbformat": NaN',
        '"nbformat": -3',
        '"nbformat": true',
    ],
)
def test_strange_json_does_no_harm(tmp_path: Path, extra: str) -> None:
    text = '{"cells": [{"cell_type": "code", "source": "x = 1"}], ' + extra + "}"
    put(tmp_path, {"a.ipynb": text})
    try:
        assert code(read(tmp_path / "a.ipynb")) in (["x = 1"], [])
    except UnreadableSubmission:
        assert '"nbformat": 999' in extra


def test_json_of_countless_values_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    put(tmp_path, {"a.ipynb": '{"cells": [' + "[]," * 1000 + "1]}"})
    message = refusal(tmp_path / "a.ipynb", replace(LIMITS, json_values=1000))
    assert "a.ipynb holds more than 1,000 values. Clear its outputs" in message


@pytest.mark.parametrize("name", ["a.ipynb", "a.py"])
def test_too_much_code(tmp_path: Path, name: str) -> None:
    text = "# %%\nx = 1\n" * 20
    put(tmp_path, {name: notebook(*["x = 1"] * 20) if "ipynb" in name else text})
    message = refusal(tmp_path / name, replace(LIMITS, code_characters=50))
    assert f"{name} holds more than 50 characters of code" in message
    message = refusal(tmp_path / name, replace(LIMITS, code_cells=10))
    assert f"{name} holds more than 10 cells" in message


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\ud83d", "\\udc00\\ud800"])
def test_lone_surrogates_do_not_survive(tmp_path: Path, escape: str) -> None:
    text = '{"cells": [{"cell_type": "code", "source": "x = \'' + escape + " \\ud83d\\ude00'\"}]}"
    submission = read_file(tmp_path, "a.ipynb", text)
    assert "😀" in code(submission)[0]
    code(submission)[0].encode()
    assert submission.notes == ("a.ipynb, cell 1, holds broken characters, which were replaced.",)


@pytest.mark.parametrize(
    ("metadata", "note"),
    [
        ({"kernelspec": {"language": "python", "name": "python3"}}, ()),
        ({"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}, ()),
        ({}, ()),
        (
            {"kernelspec": {"language": "R"}},
            ("a.ipynb says it is for R; its cells were read as Py",),
        ),
        ({"language_info": {"name": "julia"}}, ("a.ipynb says it is for julia; its cells",)),
    ],
)
def test_other_kernels_are_noted(
    tmp_path: Path, metadata: dict[str, Any], note: tuple[str, ...]
) -> None:
    submission = read_file(tmp_path, "a.ipynb", notebook("x = 1", metadata=metadata))
    assert len(submission.notes) == len(note)
    for found_note, start in zip(submission.notes, note, strict=True):
        assert found_note.startswith(start)


def test_a_notebook_from_colab(tmp_path: Path) -> None:
    text = notebook(
        ['#@title One-hot { display-mode: "form" }\n', SCRIPT],
        metadata={"colab": {"provenance": []}, "accelerator": "GPU"},
        nbformat_minor=0,
    )
    assert SCRIPT in code(read_file(tmp_path, "a.ipynb", text))[0]


OLD_CELLS: list[dict[str, Any]] = [
    {"cell_type": "heading", "level": 2, "source": ["Title"]},
    {
        "cell_type": "code",
        "input": ["%pylab inline\n", "x = 1"],  # format 2 wrote the lines without their ends
        "language": "python",
        "outputs": [{"output_type": "pyout", "text": ["1"], "prompt_number": 1}],
    },
    {"cell_type": "markdown", "source": "text"},
    {"cell_type": "code", "input": "y = 2", "outputs": [{"output_type": "nonsense"}]},
]


@pytest.mark.parametrize("major", [2, 3])
def test_old_notebooks(tmp_path: Path, major: int, capfd: pytest.CaptureFixture[str]) -> None:
    cells = [{**cell} for cell in OLD_CELLS]
    if major == 2:
        cells[1]["input"] = ["%pylab inline", "x = 1"]
    document = {"nbformat": major, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    submission = read_file(tmp_path, "a.ipynb", json.dumps(document))
    assert [(cell.label, cell.source) for cell in submission.cells] == [
        ("cell 1", "%pylab inline\nx = 1"),
        ("cell 2", "y = 2"),
    ]
    assert submission.notes == ("a.ipynb is in an old notebook format, and was converted.",)
    assert capfd.readouterr() == ("", "")


def test_the_oldest_notebooks(tmp_path: Path) -> None:
    document = {"nbformat": 1, "cells": [{"cell_type": "code", "code": "x = 1"}]}
    assert code(read_file(tmp_path, "a.ipynb", json.dumps(document))) == ["x = 1"]


@pytest.mark.parametrize(
    "worksheets", [[3], [{"cells": None}], [{"cells": [3]}], [{"cells": [{}]}], [{}], [[]]]
)
def test_old_notebooks_that_are_broken(tmp_path: Path, worksheets: Any) -> None:
    text = json.dumps({"nbformat": 3, "worksheets": worksheets})
    assert "could not be converted" in refused_file(tmp_path, "a.ipynb", text)


def test_reading_a_notebook_does_not_import_nbformat(tmp_path: Path) -> None:
    import subprocess

    put(tmp_path, {"a.ipynb": notebook("x = 1")})
    program = (
        "import sys; from pathlib import Path; from autograder.submission import *;"
        f"s, = find_submissions([Path({str(tmp_path)!r})], 'hello_rnn');"
        "read_submission(s, 'hello_rnn', ['f']);"
        "print([m for m in ('nbformat', 'jupytext', 'torch') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


# --- Scripts ---


def pieces(folder: Path, text: str) -> list[tuple[int, str]]:
    submission = read_file(folder, "a.py", text)
    assert all(cell.label == "" for cell in submission.cells)
    lines = text.split("\n")
    for cell in submission.cells:  # first_line is where the source begins in the file
        first = cell.source.split("\n")[0]
        assert lines[cell.first_line - 1] == first
    return [(cell.first_line, cell.source) for cell in submission.cells]


def test_a_script_without_marks_is_one_cell(tmp_path: Path) -> None:
    assert pieces(tmp_path, "\nx = 1\n\n# a comment\n") == [(1, "\nx = 1\n\n# a comment\n")]


def test_percent_format(tmp_path: Path) -> None:
    text = (
        "# ---\n# jupyter:\n#   jupytext:\n#     text_representation: percent\n# ---\n\n"
        "# %% [markdown]\n# # Title\n# text\n\n"
        '# %% nbgrader={"grade_id": "a", "solution": true}\nx = 1\n\n'
        "#%%\ny = 2\n"
        "# %% A title\n%matplotlib inline\n"
        "# %% [raw]\n# raw\n"
        "# %% [md]\n'''\nquoted\n'''\n"
        "# %%\n\n"
        "# %% last\nz = 3"
    )
    assert pieces(tmp_path, text) == [
        (12, "x = 1\n\n"),
        (15, "y = 2\n"),
        (17, "%matplotlib inline\n"),
        (27, "z = 3"),
    ]


def test_what_nbconvert_writes(tmp_path: Path) -> None:
    text = "#!/usr/bin/env python\n\n# # Title\n\n# In[ ]:\n\n\nx = 1\n\n# In[12]:\ny = 2\n"
    assert pieces(tmp_path, text) == [(6, "\n\nx = 1\n\n"), (11, "y = 2\n")]


def test_code_before_the_first_mark_counts(tmp_path: Path) -> None:
    assert pieces(tmp_path, "import torch\n# %%\nx = 1\n") == [
        (1, "import torch\n"),
        (3, "x = 1\n"),
    ]


def test_what_only_looks_like_a_mark(tmp_path: Path) -> None:
    text = "# %%time\nx = 1\n    # %%\n#%matplotlib inline\n# In[x]\nprint('# %%')\n"
    assert pieces(tmp_path, text) == [(1, text)]


@pytest.mark.parametrize("quote", ['"""', "'''"])
def test_marks_inside_strings_mark_nothing(tmp_path: Path, quote: str) -> None:
    text = (
        f"# %%\nx = {quote}\n# %%\n{quote}\n"
        f"# %%\n# it's {quote}\ny = 1\n"
        f"# %%\nz = r{quote}a\\{quote}\n# %% [markdown]\n{quote}\n"
        "# %%\nw = 1\n"
    )
    starts = [line for line, _ in pieces(tmp_path, text)]
    assert starts == [2, 6, 9, 13]


def test_a_string_left_open_costs_only_its_own_cell(tmp_path: Path) -> None:
    text = '# %%\nx = 1\n# %%\ny = """\n# %%\ndef f():\n    """doc"""\n# %%\nz = 1\n'
    assert [line for line, _ in pieces(tmp_path, text)] == [2, 4, 6, 9]


def test_code_under_a_markdown_mark_counts(tmp_path: Path) -> None:
    submission = read_file(tmp_path, "a.py", "# %%\nx = 1\n# %% [markdown]\n# text\ny = 2\n")
    assert code(submission) == ["x = 1\n", "# text\ny = 2\n"]
    assert submission.notes == ("The text cell above line 4 also holds code, which counts.",)


def test_a_script_of_comments_alone(tmp_path: Path) -> None:
    submission = read_file(tmp_path, "a.py", "# %% [markdown]\n# nothing\n# %%\n\n")
    assert submission.cells == ()
    assert submission.notes == ("a.py holds no code.",)


def test_the_cells_are_those_of_jupytext(tmp_path: Path) -> None:
    jupytext = pytest.importorskip("jupytext")
    text = (
        "# %% [markdown]\n# # Title\n\n# %%\nimport torch\n\n\n# %% task\ndef f():\n"
        '    """Doc."""\n    return 1\n\n\n# %% [raw]\n# raw\n\n# %%\nf()\n'
    )
    expected = [
        cell.source.strip()
        for cell in jupytext.reads(text, fmt="py:percent").cells
        if cell.cell_type == "code"
    ]
    assert [source.strip() for source in code(read_file(tmp_path, "a.py", text))] == expected


# --- Anything at all ---

MUTABLE: dict[str, Callable[[], bytes]] = {
    "a.ipynb": lambda: notebook("%magic", SCRIPT, ["x = 1\n", "y = 2"]).encode(),
    "b.ipynb": lambda: json.dumps(
        {"nbformat": 3, "worksheets": [{"cells": OLD_CELLS}], "metadata": {}}
    ).encode(),
    "c.py": lambda: f'# %%\n{SCRIPT}# %% [markdown]\n# text\n# %%\nx = """\n# %%\n"""\n'.encode(),
    "d.zip": lambda: zipped(
        {"d/work.py": SCRIPT, "d/in.zip": zipped({"x.ipynb": notebook(SCRIPT)}), "../e": "x"}
    ),
}


def settle(folder: Path) -> None:
    """Every submission in the folder is either read or unreadable; nothing else ever happens."""
    try:
        sources = find_submissions([folder, *sorted(folder.iterdir())], ASSIGNMENT)
    except BadInput:
        return
    assert len({source.name.casefold() for source in sources}) == len(sources)
    for source in sources:
        source.name.encode()
        assert "/" not in source.name
        try:
            submission = read_submission(source, ASSIGNMENT, NAMES)
        except UnreadableSubmission as error:
            str(error).encode()
        else:
            for text in (submission.origin, *submission.notes, *code(submission)):
                text.encode()
                assert "\r" not in text


fuzzing = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzzing
@given(st.binary(max_size=400), st.sampled_from(["", "{", "PK\x03\x04", "# %%\n", "<html"]))
def test_any_bytes(tmp_path: Path, data: bytes, start: str) -> None:
    names = ("a.ipynb", "b.py", "c.zip", "d", "e.txt")
    settle(put(tmp_path, dict.fromkeys(names, start.encode() + data)))


@fuzzing
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_mutated_files(tmp_path: Path, chance: random.Random, changes: int) -> None:
    tree: dict[str, bytes] = {}
    for name, make in MUTABLE.items():
        data = bytearray(make())
        for _ in range(changes):
            if not data:
                break
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randrange(1, 30)]
                case 2:
                    data[at:at] = data[: chance.randrange(1, 40)]
                case _:
                    data[at] ^= 1 << chance.randrange(8)
        tree[name] = bytes(data)
    settle(put(tmp_path, tree))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "cell_type", "metadata", "kernelspec", "input"]),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@fuzzing
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "cells": json_values,
            "worksheets": json_values,
            "metadata": json_values,
            "nbformat": st.integers(-1, 5) | json_values,
        },
    )
)
def test_any_json(tmp_path: Path, document: dict[str, Any]) -> None:
    settle(put(tmp_path, {"a.ipynb": json.dumps(document), "b.py": json.dumps(document)}))


@fuzzing
@given(
    st.lists(
        st.text(
            st.sampled_from("ab./\\: \0é\n\u202e") | st.characters(codec="utf-8"),
            min_size=1,
            max_size=12,
        ),
        max_size=6,
        unique=True,
    )
)
def test_any_names_in_a_zip(tmp_path: Path, names: list[str]) -> None:
    data = zipped([(raw_name(name), SCRIPT) for name in names] + [("ok/hello_rnn.py", SCRIPT)])
    settle(put(tmp_path, {"hw.zip": data}))


@pytest.mark.parametrize(
    "text",
    [
        '"' * 30_000,
        "'" + "\\a" * 30_000,
        '"""' * 10_001,
        '# %%\n"""\n' * 2_000 + "'''",
        "\\" * 30_000 + '"""',
        "\n" * 30_000 + "<",
        "<!--" * 30_000,
        "<!-- -->" * 200,
        "# %% " + " [" * 30_000,
        "def " * 30_000,
    ],
)
@pytest.mark.parametrize("name", ["a.py", "a.ipynb"])
def test_no_text_makes_reading_slow(tmp_path: Path, name: str, text: str) -> None:
    put(tmp_path, {name: text})
    settle(tmp_path)  # would take minutes
