"""The command line as people meet it: real processes, exit statuses, and words that help."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import kit
import psutil
import pytest
from rich.cells import cell_len

import autograder
from autograder.report import report_schema

COMMANDS = ("start", "check", "hint", "grade", "new", "verify", "release")
PROBLEMS = re.compile(r"Traceback|fault of ohlol|Error:|\bErrno\b")
COURSE = kit.SMOOTHING.parents[1]  # where `smoothing` is found by its name
RIGHT = (kit.SMOOTHING / "smoothing.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace(".mean(dim=1)", ".sum(dim=1)")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a student has just begun."""
    folder = tmp_path_factory.mktemp("student")
    found = kit.ohlol("start", cwd=folder)
    assert found.returncode == 0, found.stderr
    return folder


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of its own, with an assignment that was just released."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(COURSE / "solutions", folder / "solutions")
    found = kit.ohlol("release", cwd=folder)
    assert found.returncode == 0, found.stderr
    released = folder / "assignments" / "smoothing"
    assert f"written  {released / 'smoothing.ipynb'}" in found.stdout
    return folder


# Help


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_the_commands(tmp_path: Path, flag: str) -> None:
    found = kit.ohlol(flag, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w", found.stdout, re.M), command
    assert "ohlol start " in found.stdout
    assert "ohlol COMMAND --help" in found.stdout


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("start", ["[ASSIGNMENT]", "ever overwritten", "--to", "--lang"]),
        ("check", ["[PATH]", "smallest call that fails", "Exit status 0", "--task", "--watch"]),
        ("hint", ["TASK", "next hint", "--again"]),
        ("grade", ["SUBMISSIONS...", "files, folders or zips", "grades.csv", "Exit status 3",
                   "--assignment", "--out", "--seed", "--jobs",
                   "--layout", "--attempts", "--roster"]),
        ("new", ["NAME", "ohlol verify"]),
        ("verify", ["[ASSIGNMENT]", "Exit status 1", "--quick"]),
        ("release", ["[ASSIGNMENT]", "assignments/NAME", "--check"]),
    ],
)  # fmt: skip
def test_each_command_explains_itself(tmp_path: Path, command: str, words: list[str]) -> None:
    found = kit.ohlol(command, "--help", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith(f"Usage: ohlol {command} [OPTIONS]")
    for word in words:
        assert word in found.stdout


def test_version(tmp_path: Path) -> None:
    found = kit.ohlol("--version", cwd=tmp_path)
    assert found.stdout == f"ohlol, version {autograder.__version__}\n"


# Arguments that cannot be used: exit status 2, and what to do about it


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("wat", "No such command 'wat'"),
        ("start hello_rrn", "No assignment is called 'hello_rrn'. Did you mean hello_rnn?"),
        ("start --lang xx", "Available: en"),
        ("start --to file", "file"),
        ("check nowhere", "There is no file or folder nowhere."),
        ("check empty", "There is nothing in empty."),
        ("check two", "There is no hello_rnn.ipynb or hello_rnn.py in two. "
         "Say which file: ohlol check FILE."),
        ("check file --task decod", "There is no task decod. Did you mean decode?"),
        ("check broken.ipynb", "broken.ipynb is not a valid notebook"),
        ("check hollow.py", "hollow.py is empty. Expected: hello_rnn.ipynb or hello_rnn.py"),
        ("hint", "Missing argument 'TASK'"),
        ("hint decod", "There is no task decod. Did you mean decode?"),
        ("hint decode --assignment nothing", "No assignment is called 'nothing'."),
        ("grade nowhere --assignment hello_rnn --out out", "nowhere does not exist."),
        ("grade empty --assignment hello_rnn --out out", "There is nothing in empty."),
        ("grade file --assignment hello_rrn --out out", "Did you mean hello_rnn?"),
        ("grade file --assignment nowhere/hello_rnn --out out",
         "There is no folder nowhere/hello_rnn."),
        ("grade file --assignment file --out out", "file"),
        ("grade file --assignment hello_rnn", "Missing option '--out'"),
        ("grade file --out out", "Missing option '--assignment'"),
        ("grade --assignment hello_rnn --out out", "Missing argument 'SUBMISSIONS...'"),
        ("grade file --assignment hello_rnn --out out --jobs 0", "0 is not in the range x>=1"),
        ("grade file --assignment hello_rnn --out out --seed x", "'x' is not a valid integer"),
        ("grade file --assignment hello_rnn --out file/results", "file"),
        ("verify hello_rrn", "Did you mean hello_rnn?"),
        ("verify", "make one with `ohlol new NAME`"),
        ("release", "make one with `ohlol new NAME`"),
        ("release --check", "make one with `ohlol new NAME`"),
        ("new hello-rnn", "hello_rnn would do"),
        ("new torch", "their torch.py would hide it"),
        ("new class", "is a word of the Python language"),
        ("new", "Missing argument 'NAME'"),
    ],
)  # fmt: skip
def test_unusable_arguments(tmp_path: Path, arguments: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "two").mkdir()
    for name in ("file", "hollow.py", "two/a.py", "two/b.py"):
        (tmp_path / name).write_text("x = 1\n" if "/" in name else "", encoding="utf-8")
    (tmp_path / "broken.ipynb").write_text("{ not json", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    found = kit.ohlol(*arguments.split(), cwd=tmp_path)
    assert found.returncode == 2, found.stdout + found.stderr
    said = " ".join((found.stdout + found.stderr).split())
    assert message in said
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


# Start


def test_start_never_overwrites(lesson: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    found = kit.ohlol("start", "--to", folder, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert f"ohlol check {folder}" in found.stdout
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names >= {"hello_rnn.ipynb", "hello_rnn.py", ".ohlol/checks.py", ".ohlol/examples.bin"}
    mine = folder / "hello_rnn.py"
    mine.write_text("my work\n", encoding="utf-8")
    (folder / "notes.txt").write_text("mine too\n", encoding="utf-8")
    (folder / "hello_rnn.ipynb").unlink()
    found = kit.ohlol("start", "--to", folder, cwd=tmp_path)
    assert found.returncode == 0
    assert f"kept     {mine}" in found.stdout
    assert f"new      {folder / 'hello_rnn.ipynb'}" in found.stdout
    assert mine.read_text(encoding="utf-8") == "my work\n"
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine too\n"
    released = lesson / "hello_rnn" / "hello_rnn.ipynb"
    assert (folder / "hello_rnn.ipynb").read_bytes() == released.read_bytes()


# Check


def test_check_of_the_solution_is_content(tmp_path: Path) -> None:
    found = kit.ohlol("check", kit.HELLO_RNN / "hello_rnn.py", cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Every check passes." in found.stdout
    assert found.stderr == ""
    assert "\x1b" not in found.stdout  # not a terminal: no colours


def test_check_of_the_starter_is_not(lesson: Path) -> None:
    found = kit.ohlol("check", cwd=lesson / "hello_rnn")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "Nothing is written yet" in found.stdout
    assert "ohlol hint parameter_counts" in found.stdout


def test_check_of_one_task(lesson: Path) -> None:
    work = lesson / "hello_rnn" / "hello_rnn.py"
    solved = re.sub(
        r"(def decode\(.*?\n    \"\"\".*?\"\"\"\n).*?(?=\n\n)",
        r"\1    return ''.join(idx2char[i] for i in logits.argmax(1).tolist())",
        work.read_text(encoding="utf-8"), count=1, flags=re.S,
    )  # fmt: skip
    mine = lesson / "solved.py"
    mine.write_text(solved, encoding="utf-8")
    found = kit.ohlol("check", mine, "--task", "decode", cwd=lesson)
    assert found.returncode == 0, found.stdout
    assert "one_hot" not in found.stdout
    found = kit.ohlol("check", mine, "--task", "decode", "--task", "one_hot", cwd=lesson)
    assert found.returncode == 1
    assert "one_hot" in found.stdout


def test_check_shows_the_smallest_call_and_both_sides(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(
        "import torch\n\n\ndef one_hot(indices, num_classes):\n"
        "    return torch.eye(max(num_classes, 2))[indices]\n",
        encoding="utf-8",
    )
    found = kit.ohlol("check", mine, "--task", "one_hot", cwd=tmp_path)
    assert found.returncode == 1
    assert "one_hot(tensor([0]), 1)" in found.stdout
    assert "smallest failing input" in found.stdout
    assert "yours" in found.stdout
    assert "expected" in found.stdout
    assert "axis 1 (class) is 2 instead of 1" in " ".join(found.stdout.split())


def test_a_course_folder_that_nobody_installed_is_checked_by_its_own_checks(
    course: Path, tmp_path: Path
) -> None:
    shutil.copytree(course / "assignments" / "smoothing", tmp_path / "homework")
    work = tmp_path / "homework" / "smoothing.py"
    work.write_text(RIGHT, encoding="utf-8")
    found = kit.ohlol("check", work, cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "4 / 4" in found.stdout  # not the hidden checks
    work.write_text("def softmax(\n", encoding="utf-8")
    (work.with_suffix(".ipynb")).unlink()
    found = kit.ohlol("check", cwd=tmp_path / "homework")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "0 / 4" in found.stdout
    # The student's folder is theirs: nothing is left in it.
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        ".ohlol", "checks.py", "examples.bin", "homework", "smoothing.py",
    ]  # fmt: skip


def test_watch_checks_again_until_it_is_told_to_stop(lesson: Path) -> None:
    work = lesson / "watched.py"
    work.write_text("def decode(logits, idx2char):\n    return idx2char[0]\n", encoding="utf-8")
    arguments = ("check", work, "--task", "decode", "--watch")
    with kit.Terminal(*arguments, cwd=lesson) as terminal:
        seen = terminal.wait_for("ohlol hint decode")
        assert "decode(" in seen
        assert "\x1b[" in seen  # in colour
        family = psutil.Process(terminal.process.pid).children(recursive=True)
        assert family  # the sandbox, at least

        work.write_text("def decode(logits, idx2char):\n    return nothing\n", encoding="utf-8")
        terminal.wait_for("name 'nothing' is not defined")
        terminal.wait_for("ohlol hint decode")

        # As editors save: a new file in place of the old.
        new = lesson / "new.tmp"
        new.write_text(
            "def decode(logits, idx2char):\n"
            "    return ''.join(idx2char[i] for i in logits.argmax(1).tolist())\n",
            encoding="utf-8",
        )
        new.replace(work)
        terminal.wait_for("Every check passes.")

        terminal.type("\x03")
        assert terminal.end() == 130
        assert terminal.after() == terminal.before
        assert "Traceback" not in terminal.output
        assert terminal.output.count("\x1b[?25l") <= terminal.output.count("\x1b[?25h")
    kit.wait_until(lambda: not any(map(kit.alive, family)), "nothing of it runs any more")


def test_narrow_terminals_and_no_colour(lesson: Path) -> None:
    work = lesson / "narrow.py"
    work.write_text(
        "def decode(logits, idx2char):\n    return idx2char[0] * len(logits)\n", encoding="utf-8"
    )
    with kit.Terminal(
        "check", work, "--task", "decode", cwd=lesson, columns=40, env={"NO_COLOR": "1"}
    ) as terminal:
        assert terminal.end() == 1
    assert "\x1b" not in terminal.output
    assert "decode(" in terminal.output
    assert max(map(cell_len, terminal.output.splitlines())) <= 40


# Hint


def test_hints_come_one_at_a_time(tmp_path: Path) -> None:
    env = {"OHLOL_STATE_DIR": str(tmp_path / "state"), "COLUMNS": "40"}

    def hint(*arguments: str) -> str:
        found = kit.ohlol("hint", *arguments, cwd=tmp_path, env=env)
        assert found.returncode == 0, found.stderr
        assert max(map(cell_len, found.stdout.splitlines())) <= 40
        return found.stdout

    first, second = hint("decode"), hint("decode")
    assert first.startswith("Hint 1 of 2 for decode:\n\n")
    assert second.startswith("Hint 2 of 2 for decode:\n\n")
    assert "no more" in hint("decode")
    assert hint("one_hot").startswith("Hint 1 of 3 for one_hot:")
    assert hint("decode", "--again") == first


# Grade


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small class: a script, a notebook, a folder, a zip, and some that are no good."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "alice.py").write_text(RIGHT, encoding="utf-8")
    cells = [
        {"cell_type": "code", "metadata": {}, "source": WRONG, "outputs": [],
         "execution_count": None}
    ]  # fmt: skip
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (folder / "bob smith.ipynb").write_text(json.dumps(document), encoding="utf-8")
    (folder / "carol").mkdir()
    (folder / "carol" / "smoothing.py").write_text("import os\nos._exit(1)\n", encoding="utf-8")
    with zipfile.ZipFile(folder / "dave.zip", "w") as file:
        file.writestr("work/smoothing.py", RIGHT)
    (folder / "erin.ipynb").write_text("not a notebook", encoding="utf-8")
    (folder / "frank").mkdir()
    (folder / "frank" / "essay.txt").write_text("I could not do it.", encoding="utf-8")
    return folder


SCORES = {"alice": "5", "bob smith": "2.5", "carol": "0", "dave": "5", "erin": "0", "frank": "0"}
STATUSES = {name: "unreadable" if name in ("erin", "frank") else "graded" for name in SCORES}


def grade(
    submissions: Path, out: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return kit.ohlol(
        "grade", submissions, "--assignment", "smoothing", "--out", out, "--seed", "5",
        *arguments, cwd=COURSE, env=env,
    )  # fmt: skip


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reports(out: Path) -> dict[str, Any]:
    return {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(out.glob("*/report.json"))
    }


@pytest.fixture(scope="module")
def graded(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results") / "new" / "folder"
    found = grade(submissions, out, "--jobs", "1", env={"COLUMNS": "40"})
    assert found.returncode == 0, found.stderr
    assert max(map(cell_len, found.stdout.splitlines()[:-2])) <= 40
    assert "Seed 5." in found.stdout
    assert f"{out / 'grades.csv'}" in " ".join(found.stdout.split())
    return out


def test_grade_writes_a_row_and_a_report_for_everybody(graded: Path) -> None:
    assert {row["submission"]: row["score"] for row in rows(graded)} == SCORES
    assert {row["submission"]: row["status"] for row in rows(graded)} == STATUSES
    assert list(rows(graded)[0]) == [
        "submission", "score", "max_score", "status",
        "softmax", "moving_average", "smooth_learning",
    ]  # fmt: skip
    found = reports(graded)
    assert sorted(found) == sorted(SCORES)
    for name, report in found.items():
        jsonschema.validate(report, report_schema())
        assert (report["submission"], report["seed"]) == (name, 5)
        assert report["max_score"] == 5
    assert "erin.ipynb is not a notebook" in found["erin"]["reason"]
    assert "Found: essay.txt" in found["frank"]["reason"]


def test_several_workers_give_the_same_results(
    submissions: Path, graded: Path, tmp_path: Path
) -> None:
    # Among results of another time, and things that are none of ours.
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "report.json").write_text("old", encoding="utf-8")
    (tmp_path / "grades.csv").write_text("old", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    found = grade(submissions, tmp_path, "--jobs", "3")
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "grades.csv").read_bytes() == (graded / "grades.csv").read_bytes()
    assert without_times(reports(tmp_path)) == without_times(reports(graded))
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def without_times(found: dict[str, Any]) -> dict[str, Any]:
    return {name: {**report, "timing": None} for name, report in found.items()}


def test_what_is_given_may_be_files_too(submissions: Path, tmp_path: Path) -> None:
    found = kit.ohlol(
        "grade", submissions / "alice.py", submissions / "carol",
        "--assignment", kit.SMOOTHING, "--out", tmp_path / "out", cwd=tmp_path,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert [row["submission"] for row in rows(tmp_path / "out")] == ["alice", "carol"]
    assert re.search(r"Seed \d+\.", found.stdout)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # and nothing else is left


FAULTY = """\
@task("up", points=1, hints=("One more.", "n + 1"))
class TestUp:
    @points(1)
    @settings(max_examples=10)
    @given(n=st.integers(0, 9))
    def test_values(self, student, n):
        close(student.up(n), n + 1 if student.up(n) < 100 else 1 / 0)
"""


def test_the_graders_own_fault_is_nobodys_zero(tmp_path: Path) -> None:
    right, wrong = "def up(n):\n    return n + 1\n", "def up(n):\n    return n\n"
    assignment = kit.write_assignment(tmp_path, "faulty", right, FAULTY)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.py").write_text(right, encoding="utf-8")
    (folder / "b.py").write_text(right.replace("1", "100"), encoding="utf-8")
    (folder / "c.py").write_text(wrong, encoding="utf-8")
    found = kit.ohlol(
        "grade", folder, "--assignment", assignment.folder, "--out", tmp_path / "out", cwd=tmp_path
    )
    assert found.returncode == 3, found.stdout + found.stderr
    assert [(row["submission"], row["score"], row["status"]) for row in rows(tmp_path / "out")] == [
        ("a", "1", "graded"), ("b", "", "internal_error"), ("c", "0", "graded"),
    ]  # fmt: skip
    report = reports(tmp_path / "out")["b"]
    jsonschema.validate(report, report_schema())
    assert (report["status"], report["score"], report["max_score"]) == ("internal_error", None, 1)
    assert "ZeroDivisionError" in report["reason"]
    said = " ".join(found.stdout.split())
    assert "1 internal error" in said
    assert "internal error (1) b" in said  # listed by name


# Release


def test_the_repositorys_own_release_is_up_to_date() -> None:
    found = kit.ohlol("release", "--check", cwd=kit.ROOT)
    assert found.returncode == 0, found.stdout
    assert "hello_rnn is up to date" in found.stdout


def test_release_check_sees_what_was_touched(course: Path, tmp_path: Path) -> None:
    shutil.copytree(course, tmp_path, dirs_exist_ok=True)
    script = tmp_path / "assignments" / "smoothing" / "smoothing.py"
    script.write_text(script.read_text(encoding="utf-8") + "# touched\n", encoding="utf-8")
    found = kit.ohlol("release", "--check", cwd=tmp_path)
    assert found.returncode == 1
    assert "smoothing.py" in found.stdout
    assert "# touched" in found.stdout
    assert found.stdout.endswith("Cut it anew with: ohlol release\n")


# As installed


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    try:
        import hatchling  # noqa: F401

        isolation = ["--no-build-isolation"]
    except ImportError:
        isolation = []  # pip brings it
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--no-deps", *isolation, "--wheel-dir", folder, kit.ROOT],
        capture_output=True, text=True, timeout=kit.PATIENCE, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel into an environment that has only its dependencies."""
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet",
         "--disable-pip-version-check", "--no-deps", "--no-index", wheel],
        check=True, timeout=kit.PATIENCE,
    )  # fmt: skip
    # Lines of this file are folders alone: what is installed for editing over there stays there.
    [site] = folder.glob("lib/python3*/site-packages")
    (site / "dependencies.pth").write_text(
        "\n".join({path for path in sys.path if path.endswith("site-packages")}), encoding="utf-8"
    )
    return folder / "bin" / "ohlol"


def test_the_wheel_carries_lessons_and_no_answers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        content = {name: file.read(name) for name in file.namelist()}
    names = set(content)
    for name in ("hello_rnn.ipynb", "hello_rnn.py", ".ohlol/checks.py", ".ohlol/examples.bin"):
        assert f"autograder/assignments/hello_rnn/{name}" in names
    assert "autograder/report.schema.json" in names
    assert "autograder/templates/checks.py.template" in names
    roots = {name.partition("/")[0] for name in names}
    assert roots == {"autograder", f"ohlol-{autograder.__version__}.dist-info"}
    assert [name for name in names if "solutions" in name or "hidden" in name] == []
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []
    solution = (kit.HELLO_RNN / "hello_rnn.py").read_text(encoding="utf-8")
    answers = re.findall(r"### BEGIN SOLUTION\n(.*?)\n\s*### END SOLUTION", solution, re.S)
    long = [answer.encode() for answer in answers if answer.count("\n") >= 3]
    assert len(long) >= 4
    for name, text in content.items():
        assert not [answer for answer in long if answer in text], name


def test_installed_it_needs_no_repository(installed: Path, tmp_path: Path) -> None:
    command = [installed]
    env = {"PYTHONPATH": "", "OHLOL_STATE_DIR": str(tmp_path / "state")}
    where = "import autograder; print(autograder.__file__)"
    found = kit.ohlol("-c", where, cwd=tmp_path, env=env, command=[installed.with_name("python")])
    assert found.stdout.startswith(str(installed.parents[1])), found.stderr

    found = kit.ohlol("start", cwd=tmp_path, env=env, command=command)
    assert found.returncode == 0, found.stderr
    for name in ("hello_rnn.py", "hello_rnn.ipynb", ".ohlol/checks.py"):
        mine = tmp_path / "hello_rnn" / name
        assert mine.read_bytes() == (kit.ROOT / "assignments" / "hello_rnn" / name).read_bytes()
    found = kit.ohlol("check", "hello_rnn", cwd=tmp_path, env=env, command=command)
    assert found.returncode == 1, found.stdout + found.stderr
    assert "Nothing is written yet" in found.stdout
    solution = kit.HELLO_RNN / "hello_rnn.py"
    found = kit.ohlol(
        "check", solution, "--task", "run_cell", cwd=tmp_path, env=env, command=command
    )
    assert found.returncode == 0, found.stdout + found.stderr
    found = kit.ohlol("hint", "run_cell", cwd=tmp_path, env=env, command=command)
    assert found.stdout.startswith("Hint 1 of 3 for run_cell")
