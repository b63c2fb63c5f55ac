"""A run may end at any moment, by anything; the next one goes on, and nothing is lost or done over.

Two runs are compared byte by byte but for times: one that nobody disturbed, and one that was ended
while it worked.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import kit
import psutil
import pytest

from autograder.fingerprint import fingerprint
from autograder.submission import find_submissions

PROBLEMS = re.compile(r"Traceback|Warning|Exception", re.I)
RIGHT = """\
import torch


def softmax(scores):
    return torch.softmax(scores, 1)


def moving_average(series, width):
    if width > len(series):
        raise ValueError
    return series.unfold(0, width, 1).mean(1)


def smooth_learning(*args):
    raise NotImplementedError
"""
WRONG = RIGHT.replace("torch.softmax(scores, 1)", "torch.softmax(scores, 0)")
SLOW = "total = 0\nfor i in range(6_000_000):\n    total += i\n\n\n"


def write_class(folder: Path, slow: bool = False) -> Path:
    folder.mkdir()
    before = SLOW if slow else ""
    for name in ("a", "b", "c"):
        (folder / f"{name}.py").write_text(before + RIGHT, encoding="utf-8")
    for name in ("d", "e"):
        (folder / f"{name}.py").write_text(before + WRONG, encoding="utf-8")
    (folder / "f.ipynb").write_text("no notebook", encoding="utf-8")
    return folder


def command(submissions: Path, out: Path, *arguments: str | Path) -> list[str]:
    assignment = () if "--assignment" in arguments else ("--assignment", kit.SMOOTHING)
    return list(map(str, ["grade", submissions, *assignment, "--out", out, *arguments]))


def grade(
    submissions: Path, out: Path, *arguments: str | Path, status: int = 0
) -> subprocess.CompletedProcess[str]:
    found = kit.ohlol(*command(submissions, out, *arguments), cwd=submissions.parent)
    assert found.returncode == status, found.stdout + found.stderr
    assert PROBLEMS.search(found.stderr) is None
    return found


def files(out: Path) -> dict[str, bytes]:
    """All results as they are."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".ohlol" not in str(path.relative_to(out))
    }


def without_times(out: Path) -> dict[str, object]:
    found: dict[str, object] = dict(files(out))
    for name, content in found.items():
        assert isinstance(content, bytes)
        if name.endswith("report.json"):
            found[name] = {**json.loads(content), "timing": None}
        elif name.endswith("feedback.html"):
            found[name] = re.sub(rb"Graded on \S+", b"", content)
    return found


def scores(out: Path) -> dict[str, str]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["submission"]: row["score"] for row in csv.DictReader(file)}


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    return write_class(tmp_path / "in")


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    return write_class(tmp_path / "in", slow=True)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("undisturbed")
    grade(write_class(folder / "in", slow=True), folder / "out", "--seed", "5")
    return without_times(folder / "out")


# Nothing is done twice


def test_the_same_command_again_changes_no_byte(submissions: Path, tmp_path: Path) -> None:
    first = grade(submissions, tmp_path / "out")
    before = files(tmp_path / "out")
    again = grade(submissions, tmp_path / "out")
    assert files(tmp_path / "out") == before
    assert again.stdout == first.stdout  # the seed too


def test_what_changed_is_graded_again_and_nothing_else(submissions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grade(submissions, out)
    before = files(out)
    (submissions / "d.py").write_text(RIGHT, encoding="utf-8")
    (submissions / "g.py").write_text(RIGHT, encoding="utf-8")
    grade(submissions, out)
    after = files(out)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "d/report.json", "d/feedback.html", "g/report.json", "g/feedback.html",
        "grades.csv", "index.html",
    }  # fmt: skip
    assert scores(out)["d"] == scores(out)["g"] == scores(out)["a"]


def test_who_is_not_among_the_submissions_any_more_keeps_a_result(
    submissions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    grade(submissions, out)
    (submissions / "a.py").unlink()
    found = grade(submissions, out)
    assert "1 of these are not among the submissions" in found.stdout
    assert "a" in scores(out)


def test_fresh_begins_anew_with_another_seed(submissions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grade(submissions, out, "--seed", "5")
    (submissions / "a.py").unlink()
    found = grade(submissions, out, "--fresh")
    assert "Seed 5." not in found.stdout
    assert "a" not in scores(out)
    assert json.loads((out / "b" / "report.json").read_text("utf-8"))["seed"] != 5


def test_two_runs_do_not_write_to_one_folder(slow: Path, tmp_path: Path) -> None:
    process = started(slow, tmp_path / "out")
    kit.wait_until(lambda: students(process), "a student is there")
    found = grade(slow, tmp_path / "out", status=2)
    assert "Another run is writing" in found.stderr
    process.communicate(timeout=kit.PATIENCE)
    assert process.returncode == 0


@pytest.mark.parametrize("kind", ["file", "folder", "zip"])
def test_a_fingerprint_is_of_the_content(tmp_path: Path, kind: str) -> None:
    def write(text: str) -> None:
        if kind == "zip":
            with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
                archive.writestr("ada/x.py", text)
                archive.writestr("bob/x.py", "1")
        else:
            folder = tmp_path / "class" / "ada" if kind == "folder" else tmp_path / "class"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "ada.py").write_text(text, encoding="utf-8")

    def prints() -> list[str]:
        given = tmp_path / ("class.zip" if kind == "zip" else "class")
        return [fingerprint(source) for source in find_submissions([given], "x")]

    write("1")
    first = prints()
    write("1")
    assert prints() == first
    write("2")
    assert prints()[0] != first[0]
    assert prints()[1:] == first[1:]


# Ended by force


def started(submissions: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [kit.OHLOL, *command(submissions, out, "--jobs", "2", "--seed", "5", *arguments)],
        cwd=submissions.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def is_zygote(process: psutil.Process) -> bool:
    return any("zygote.main" in word for word in process.cmdline())


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The forks of the grader that grade."""
    children = psutil.Process(process.pid).children()
    return [child for child in children if child.cmdline() and not is_zygote(child)]


def zygotes(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [child for child in psutil.Process(process.pid).children() if is_zygote(child)]


def students(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [student for zygote in zygotes(process) for student in zygote.children()]


def finished(out: Path) -> list[Path]:
    return list(out.glob("*/report.json"))


def wait_for_the_end(family: list[psutil.Process]) -> None:
    kit.wait_until(lambda: not any(map(kit.alive, family)), "nothing of it runs any more")


@pytest.mark.parametrize("after", [0, 1, 4])
def test_killed_it_goes_on_where_it_was(
    slow: Path, tmp_path: Path, undisturbed: dict[str, object], after: int
) -> None:
    out = tmp_path / "out"
    process = started(slow, out)
    kit.wait_until(lambda: students(process) and len(finished(out)) >= after, "it is at work")
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate(timeout=kit.PATIENCE)
    wait_for_the_end(family)
    was = {path: path.read_bytes() for path in finished(out)}
    grade(slow, out)  # and it knows the seed
    assert without_times(out) == undisturbed
    # What was finished when it was killed was not graded again, but for one that was not noted yet.
    assert sum(path.read_bytes() != content for path, content in was.items()) <= 1


@pytest.mark.parametrize("whom", ["worker", "zygote", "student"])
def test_a_process_that_is_killed_costs_nobody_anything(
    slow: Path, tmp_path: Path, undisturbed: dict[str, object], whom: str
) -> None:
    process = started(slow, tmp_path / "out")
    kit.wait_until(lambda: workers(process) and students(process), "a worker has a student")
    family = psutil.Process(process.pid).children(recursive=True)
    {"worker": workers, "zygote": zygotes, "student": students}[whom](process)[0].kill()
    output, errors = process.communicate(timeout=kit.PATIENCE)
    assert process.returncode == 0, output + errors
    assert PROBLEMS.search(output + errors) is None
    wait_for_the_end(family)
    if whom != "student":  # whose code cannot be told from code that ends its own process
        assert without_times(tmp_path / "out") == undisturbed


def test_interrupted_it_keeps_what_is_finished(
    slow: Path, tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    out = tmp_path / "out"
    process = started(slow, out)
    kit.wait_until(lambda: finished(out), "somebody is finished")
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    output, errors = process.communicate(timeout=kit.PATIENCE)
    assert process.returncode == 130, output + errors
    assert "What was finished is written" in errors
    assert "Traceback" not in errors
    assert sorted(scores(out)) == sorted(path.parent.name for path in finished(out))
    wait_for_the_end(family)
    grade(slow, out)
    assert without_times(out) == undisturbed


def test_interrupted_the_terminal_is_left_as_it_was(slow: Path, tmp_path: Path) -> None:
    arguments = command(slow, tmp_path / "out", "--jobs", "2", "--seed", "5")
    with kit.Terminal(*arguments, cwd=tmp_path) as terminal:
        terminal.wait_for("1/6")
        family = psutil.Process(terminal.process.pid).children(recursive=True)
        terminal.type("\x03")
        assert terminal.end() == 130
        assert terminal.after() == terminal.before
        assert terminal.output.count("\x1b[?25h") >= terminal.output.count("\x1b[?25l")
        wait_for_the_end(family)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is nearly full, and one that can be made read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_loses_nothing_that_was_finished(
    slow: Path, small_disk: Path, undisturbed: dict[str, object]
) -> None:
    out = small_disk / "out"
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(280 * 1024))
    found = kit.ohlol(*command(slow, out, "--seed", "5"), cwd=slow.parent)
    assert found.returncode == 3, found.stdout + found.stderr
    assert "Traceback" not in found.stderr
    assert "No space left on device" in found.stderr or "disk is full" in found.stderr
    assert not list(out.rglob("*.tmp"))
    for path in finished(out):
        json.loads(path.read_text("utf-8"))
    ballast.unlink()
    grade(slow, out)
    assert without_times(out) == undisturbed


def test_a_disk_that_cannot_be_written_to_is_said_before_anything_is_graded(
    submissions: Path, small_disk: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    found = grade(submissions, small_disk / "out", status=2)
    assert "Read-only file system" in found.stderr


# Other terms


def changed_assignment(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    folder = tmp_path / "solutions" / "smoothing"
    shutil.copytree(kit.SMOOTHING, folder, dirs_exist_ok=True)
    checks = (folder / "checks.py").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in checks
        checks = checks.replace(old, new)
    (folder / "checks.py").write_text(checks, encoding="utf-8")
    return folder


LENIENT = (("@points(1)\n    @given(scores=SCORES)", "@points(0.25)\n    @given(scores=SCORES)"),
           ("@points(0.5)\n    @settings(max_examples=25)\n    @given(scores=tensors(\"row\", "
            "\"class\"))\n    def test_unchanged",
            "@points(1.25)\n    @settings(max_examples=25)\n    @given(scores=tensors(\"row\", "
            "\"class\"))\n    def test_unchanged"))  # fmt: skip


def test_regrading_shows_whose_score_changes_before_anything_is_overwritten(
    submissions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    grade(submissions, out)
    before = files(out)
    changed = changed_assignment(tmp_path, *LENIENT)
    found = grade(submissions, out, "--assignment", changed)
    assert "2 scores would change" in found.stdout
    assert re.search(r"^ +d +.*softmax", found.stdout, re.M)
    assert "--apply" in found.stderr
    assert files(out) == before
    applied = grade(submissions, out, "--assignment", changed, "--apply")
    assert "2 scores would change" in applied.stdout
    assert scores(out)["d"] != scores(out)["a"]
    assert files(out)["d/report.json"] != before["d/report.json"]
    assert not list(out.glob(".ohlol-*"))
    settled = files(out)
    grade(submissions, out, "--assignment", changed)
    assert files(out) == settled


def test_somebody_at_a_terminal_is_asked(submissions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grade(submissions, out)
    before = scores(out)
    changed = changed_assignment(tmp_path, *LENIENT)
    arguments = command(submissions, out, "--assignment", changed)
    for answer, overwritten in (("n", False), ("y", True)):
        with kit.Terminal(*arguments, cwd=tmp_path) as terminal:
            terminal.wait_for("[y/N]")
            terminal.type(f"{answer}\n")
            assert terminal.end() == 0
        assert (scores(out) != before) is overwritten


def test_other_terms_that_change_no_score_are_taken_over(submissions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grade(submissions, out, "--seed", "5")
    before = scores(out)
    changed = changed_assignment(tmp_path, ('"""The checks of smoothing."""', '"""Checks."""'))
    found = grade(submissions, out, "--assignment", changed)
    assert "no score changes" in found.stdout
    assert scores(out) == before
    assert grade(submissions, out, "--assignment", changed).stdout.count("no score changes") == 0


# Watching


def test_watch_grades_what_arrives_and_what_changes(submissions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = command(submissions, out, "--jobs", "1", "--watch")
    with kit.Terminal(*arguments, cwd=tmp_path) as terminal:
        terminal.wait_for("Waiting for submissions")
        (submissions / "late.py").write_text(RIGHT, encoding="utf-8")
        terminal.wait_for("late  ")
        kit.wait_until(lambda: "late" in scores(out), "the class has another row")
        (submissions / "d.py").write_text(RIGHT, encoding="utf-8")
        terminal.wait_for("d  ")
        kit.wait_until(lambda: scores(out)["d"] == scores(out)["a"], "the row is another one")
        terminal.type("\x03")
        assert terminal.end() == 130
        assert terminal.after() == terminal.before
