"""The sample class, graded by the real command: what each submission earns, and what it is told.

`class.toml` says what a fair instructor expects of every submission.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import kit
import pytest
from build_class import build_class

from autograder.report import CheckResult, Report, TaskResult, report_schema
from autograder.summary import Summary
from autograder.writers import feedback, json_file, overview

MANIFEST = Path(__file__).with_name("class.toml")
CLASS: dict[str, dict[str, Any]] = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
SEED, OTHER_SEED = 20261124, 7
CHECK_SECONDS = 3  # an honest answer takes a tenth of it; a loop that never ends takes all

# Graded again, one after the other: every way to fail that costs little time.
AGAIN = (
    "ada", "chuck", "eve", "freya", "goran", "hugo", "ines", "ivan", "lars", "mallory", "nadia",
    "oscar", "quinn", "vera", "xavier",
)  # fmt: skip
# With other examples; those who fail by the values that are drawn.
WITH_OTHER_EXAMPLES = ("chuck", "ines", "wendy", "yusuf")

OUTCOMES = {
    "missing": {"missing"},
    "syntax": {"error"},
    "raised": {"error", "failed"},  # `failed` where another exception was asked for
    "timeout": {"timeout"},
    "memory": {"memory"},
    "crashed": {"crashed"},
    "output_limit": {"crashed"},
    "protocol": {"crashed"},
}


@dataclass(frozen=True)
class Graded:
    """What one run of the command left behind."""

    run: subprocess.CompletedProcess[str]
    out: Path

    def folders(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir() if path.is_dir())

    def data(self, name: str) -> dict[str, Any]:
        text = (self.out / name / "report.json").read_text(encoding="utf-8")
        data: dict[str, Any] = json.loads(text)
        return data

    def report(self, name: str) -> Report:
        return Report.from_dict(self.data(name))

    def rows(self) -> dict[str, dict[str, str]]:
        with (self.out / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {row["submission"]: row for row in csv.DictReader(file)}


def grade(submissions: Path, out: Path, *, seed: int, jobs: int) -> Graded:
    run = subprocess.run(
        [
            kit.OHLOL, "grade", submissions, "--assignment", kit.HELLO_RNN, "--out", out,
            "--seed", str(seed), "--jobs", str(jobs), "--check-seconds", str(CHECK_SECONDS),
        ],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    return Graded(run, out)


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_class(tmp_path_factory.mktemp("sample") / "class")


@pytest.fixture(scope="module")
def graded(submissions: Path) -> Graded:
    return grade(submissions, submissions.parent / "results", seed=SEED, jobs=2)


def some_of(submissions: Path, names: tuple[str, ...], folder: Path) -> Path:
    """A class of these alone."""
    folder.mkdir()
    for path in submissions.iterdir():
        if path.name.partition(".")[0] in names:
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            copy(path, folder / path.name, **({} if path.is_dir() else {"follow_symlinks": False}))
    assert len(list(folder.iterdir())) == len(names)
    return folder


# --- The class as a whole ---


def test_the_command_does_its_work_whatever_the_scores(graded: Graded) -> None:
    assert graded.run.returncode == 0, graded.run.stderr
    assert f"Seed {SEED}" in graded.run.stdout


def test_nobody_is_lost_and_nobody_is_made_up(graded: Graded) -> None:
    assert graded.folders() == sorted(CLASS)
    assert sorted(graded.rows()) == sorted(CLASS)


def test_nothing_of_the_grader_goes_wrong(graded: Graded) -> None:
    assert {graded.report(name).status for name in CLASS} == {"graded", "unreadable"}


@pytest.mark.parametrize("name", CLASS)
def test_report_follows_the_schema(graded: Graded, name: str) -> None:
    jsonschema.validate(graded.data(name), report_schema())
    report = graded.report(name)
    assert report.submission == name
    assert report.seed == SEED


@pytest.mark.parametrize("name", CLASS)
def test_row_says_what_the_report_says(graded: Graded, name: str) -> None:
    report, row = graded.report(name), graded.rows()[name]
    assert float(row["score"]) == report.score
    assert float(row["max_score"]) == report.max_score
    assert row["status"] == report.status
    assert {task.name: float(row[task.name]) for task in report.tasks} == {
        task.name: task.score for task in report.tasks
    }


@pytest.mark.parametrize("name", CLASS)
def test_maximum_is_that_of_the_assignment(graded: Graded, name: str) -> None:
    assert graded.report(name).max_score == 28


# --- Each submission ---


def expected_tasks(name: str, report: Report) -> dict[str, Mapping[str, Any]]:
    """What the manifest says of every task."""
    expected = CLASS[name]
    mentioned: dict[str, Mapping[str, Any]] = {
        task: {"score": 0, "all": "missing"} for task in expected.get("missing", ())
    }
    tasks = expected.get("tasks", {})
    if "*" in tasks:
        mentioned.update((task.name, tasks["*"]) for task in report.tasks)
    mentioned.update((task, said) for task, said in tasks.items() if task != "*")
    assert mentioned.keys() <= {task.name for task in report.tasks}
    return mentioned


def kind_of(check: CheckResult) -> str:
    """`passed`, `skipped`, or what kind of problem it has."""
    if check.problem is None:
        return check.outcome
    assert check.outcome in OUTCOMES.get(check.problem.kind, {"failed"})
    return check.problem.kind


def expected_kinds(task: TaskResult, said: Mapping[str, Any]) -> dict[str, str]:
    kinds = {check.name: said.get(check.name, "passed") for check in task.checks}
    if "all" in said:
        kinds = {
            check.name: "skipped" if check.outcome == "skipped" else said["all"]
            for check in task.checks
        }
        kinds[task.checks[0].name] = said["all"]
    assert said.keys() - {"score", "all", "tells"} <= kinds.keys()
    return kinds


@pytest.mark.parametrize("name", CLASS)
def test_submission_earns_what_is_fair(graded: Graded, name: str) -> None:
    report, expected = graded.report(name), CLASS[name]
    assert report.status == expected.get("status", "graded")
    assert report.score == expected.get("score", 0)
    if report.status != "graded":
        return
    mentioned = expected_tasks(name, report)
    for task in report.tasks:
        said = mentioned.get(task.name, {"score": task.max_score})
        kinds = {check.name: kind_of(check) for check in task.checks}
        assert kinds == expected_kinds(task, said), task.name
        assert task.score == said["score"], task.name


@pytest.mark.parametrize(
    "name", [name for name, expected in CLASS.items() if {"says", "tasks"} & expected.keys()]
)
def test_submission_is_told_why(graded: Graded, name: str) -> None:
    report, expected = graded.report(name), CLASS[name]
    told = "\n".join([*report.notes, report.reason or ""])
    assert [words for words in expected.get("says", ()) if words not in told] == []
    if report.status != "graded":
        return
    for task in report.tasks:
        words = expected_tasks(name, report).get(task.name, {}).get("tells", "")
        problems = [check.problem for check in task.checks if check.problem]
        told = "\n".join(f"{p.message} {p.advice or ''} {p.where or ''}" for p in problems)
        assert words in told, task.name


def test_no_place_in_memory_is_told(graded: Graded) -> None:
    """It would differ from run to run."""
    for name in CLASS:
        assert " at 0x" not in json.dumps(graded.data(name)), name


def test_nothing_of_the_grader_is_found_by_those_who_look(graded: Graded) -> None:
    told = json.dumps(graded.data("oscar"))
    for secret in ("BEGIN SOLUTION", "class Test", "root:", str(kit.ROOT), str(graded.out.parent)):
        assert secret not in told


@pytest.mark.parametrize("name", CLASS)
def test_page_of_a_student_speaks_of_nobody_and_no_place_else(graded: Graded, name: str) -> None:
    page = (graded.out / name / "feedback.html").read_text(encoding="utf-8")
    assert page == feedback.render(graded.report(name))
    assert len(page.encode()) < 100_000
    others = [
        other for other in CLASS if other != name and re.search(rf"\b{re.escape(other)}\b", page)
    ]
    assert others == []
    for place in (str(graded.out.parent), str(kit.ROOT), sys.prefix):
        assert place not in page


def test_page_of_the_class_leads_to_every_student(graded: Graded) -> None:
    page = (graded.out / "index.html").read_text(encoding="utf-8")
    assert page == overview.render(map(Summary.of, map(graded.report, graded.rows())))
    assert len(page.encode()) < 150_000
    for name in CLASS:
        assert f'href="./{urllib.parse.quote(name)}/feedback.html"' in page
    for outlier in ("Stopped by the sandbox", "Ended their own process", "Could not be read"):
        assert outlier in page


# --- Again ---


@pytest.fixture(scope="module")
def again(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The same examples, by a single worker."""
    folder = tmp_path_factory.mktemp("again")
    part = some_of(submissions, AGAIN, folder / "class")
    return grade(part, folder / "results", seed=SEED, jobs=1)


@pytest.fixture(scope="module")
def otherwise(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Other examples."""
    folder = tmp_path_factory.mktemp("otherwise")
    part = some_of(submissions, WITH_OTHER_EXAMPLES, folder / "class")
    return grade(part, folder / "results", seed=OTHER_SEED, jobs=2)


def test_one_worker_grades_them_all(again: Graded) -> None:
    assert again.run.returncode == 0, again.run.stderr
    assert again.folders() == sorted(AGAIN)


@pytest.mark.parametrize("name", AGAIN)
def test_same_seed_gives_the_same_bytes_but_for_times(
    graded: Graded, again: Graded, name: str
) -> None:
    first, second = (json_file.render(run.report(name).without_times()) for run in (graded, again))
    assert first == second


@pytest.mark.parametrize("name", WITH_OTHER_EXAMPLES)
def test_other_examples_give_the_same_scores(graded: Graded, otherwise: Graded, name: str) -> None:
    first, second = graded.report(name), otherwise.report(name)
    assert {task.name: task.score for task in second.tasks} == {
        task.name: task.score for task in first.tasks
    }
