"""An assignment that has nothing to do with RNNs, graded by the same engine without its knowing.

`tests/assignments` was begun with `ohlol new smoothing`, and then written.
"""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import kit
import pytest

import autograder
from autograder.assignment import find_assignment
from autograder.grading import Grader
from autograder.release import cut

RIGHT = """\
import torch


def softmax(scores):
    return torch.exp(scores - scores.logsumexp(1, keepdim=True))


def moving_average(series, width):
    if width > len(series):
        raise ValueError
    sums = series.cumsum(0)
    return torch.cat([sums[width - 1 : width], sums[width:] - sums[:-width]]) / width
"""
SOFTMAX = "torch.exp(scores - scores.logsumexp(1, keepdim=True))"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(find_assignment(kit.SMOOTHING), seed=1) as grader:
        yield grader


def lost(grader: Grader, source: str) -> dict[str, str]:
    """The checks that did not pass, and what kind of problem each has."""
    report = grader.grade(kit.script(source))
    assert report.status == "graded", report.reason
    return {
        name: check.problem.kind if check.problem else check.outcome
        for name, check in kit.checks_of(report).items()
        if check.outcome != "passed"
    }


def test_right_answers_earn_everything(grader: Grader) -> None:
    report = grader.grade(kit.script(RIGHT))
    assert lost(grader, RIGHT) == {}
    assert (report.assignment, report.score, report.max_score) == ("smoothing", 5, 5)
    assert lost(grader, (kit.SMOOTHING / "smoothing.py").read_text(encoding="utf-8")) == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SOFTMAX, "scores.exp() / scores.exp().sum(1, keepdim=True)",
         {"softmax.test_values": "value"}),
        ("logsumexp(1, keepdim=True)", "logsumexp(0, keepdim=True)",
         {"softmax.test_values": "value", "softmax.test_gradients": "gradient"}),
        (SOFTMAX, f"{SOFTMAX}.detach()", {"softmax.test_gradients": "gradient"}),
        (SOFTMAX, "scores.sub_(scores.logsumexp(1, keepdim=True)).exp_().clone()",
         {"softmax.test_gradients": "raised", "softmax.test_unchanged": "mutated_argument"}),
        ("    if width > len(series):\n        raise ValueError\n", "",
         {"moving_average.test_too_wide": "raised"}),
        ("series.cumsum(0)", "series.detach().cumsum(0)",
         {"smooth_learning.test_gradients": "gradient"}),
        ("/ width", "/ len(series)",
         {"moving_average.test_values": "value", "smooth_learning.test_gradients": "gradient"}),
        ("    sums =", "    return series\n    sums =",
         {"moving_average.test_values": "shape", "smooth_learning.test_gradients": "shape"}),
    ],
    ids=["overflows", "columns", "detached", "in place", "no error", "hidden", "divisor", "length"],
)  # fmt: skip
def test_wrong_answers_lose_what_they_get_wrong(
    grader: Grader, old: str, new: str, expected: dict[str, str]
) -> None:
    assert old in RIGHT
    assert lost(grader, RIGHT.replace(old, new)) == expected


def test_hidden_checks_count_in_grades(grader: Grader) -> None:
    report = grader.grade(kit.script(RIGHT))
    visibility = {name: check.visibility for name, check in kit.checks_of(report).items()}
    assert visibility.pop("smooth_learning.test_gradients") == "hidden"
    assert set(visibility.values()) == {"public"}


def test_hidden_checks_do_not_count_in_practice() -> None:
    with Grader(find_assignment(kit.SMOOTHING), seed=1, practice=True) as practice:
        report = practice.grade(kit.script(RIGHT))
    assert (report.score, report.max_score) == (4, 4)
    assert [task.name for task in report.tasks] == ["softmax", "moving_average"]


def test_hidden_checks_and_answers_never_leave() -> None:
    files = cut(find_assignment(kit.SMOOTHING))
    assert sorted(files) == [".ohlol/checks.py", "smoothing.ipynb", "smoothing.py"]
    for content in files.values():
        assert b"smooth_learning" not in content
        assert b"amax" not in content
        assert b"BEGIN SOLUTION" not in content


def test_verify_holds_as_a_command() -> None:
    found = kit.ohlol("verify", "smoothing", cwd=kit.SMOOTHING.parents[1])
    assert found.returncode == 0, found.stdout + found.stderr
    assert "The solution earns 5 of 5" in found.stdout
    assert "✗" not in found.stdout


def test_grade_as_a_command(tmp_path: Path) -> None:
    submissions = tmp_path / "in"
    submissions.mkdir()
    (submissions / "alice.py").write_text(RIGHT, encoding="utf-8")
    detached = RIGHT.replace("series.cumsum(0)", "series.detach().cumsum(0)")
    (submissions / "bob.py").write_text(detached, encoding="utf-8")
    found = kit.ohlol(
        "grade", submissions, "--assignment", "smoothing", "--out", tmp_path / "out",
        cwd=kit.SMOOTHING.parent,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    with open(tmp_path / "out" / "grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["submission", "score", "max_score", "status", "softmax", "moving_average",
         "smooth_learning"],
        ["alice", "5", "5", "graded", "2", "2", "1"],
        ["bob", "4", "5", "graded", "2", "2", "0"],
    ]  # fmt: skip
    report = json.loads((tmp_path / "out" / "bob" / "report.json").read_bytes())
    assert report["assignment"] == "smoothing"


def test_what_new_makes_can_be_proved_released_and_practised(tmp_path: Path) -> None:
    assert kit.ohlol("new", "first_lesson", cwd=tmp_path).returncode == 0
    found = kit.ohlol("verify", "first_lesson", cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    assert kit.ohlol("release", "first_lesson", cwd=tmp_path).returncode == 0
    lesson = tmp_path / "assignments" / "first_lesson"
    # Nobody installed it: what a course gives out is a folder, and students work in it.
    found = kit.ohlol("check", lesson, cwd=tmp_path)
    assert found.returncode == 1, found.stderr
    assert "first_lesson" in found.stdout
    assert "0 / 2" in found.stdout


def test_the_engine_knows_no_assignment_by_name() -> None:
    package = Path(autograder.__file__).parent
    known: list[str] = []
    for path in sorted(package.rglob("*.py")):
        if "assignments" in path.relative_to(package).parts:
            continue  # data, as a wheel carries it
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            word = (
                node.value if isinstance(node, ast.Constant)
                else node.id if isinstance(node, ast.Name)
                else node.attr if isinstance(node, ast.Attribute)
                else ""
            )  # fmt: skip
            if isinstance(word, str) and "hello_rnn" in word and id(node) not in texts:
                known.append(f"{path.name}: {word}")
    assert known == ["cli.py: hello_rnn"]  # what `ohlol start` copies unless told otherwise
