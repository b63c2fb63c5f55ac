"""`pytest --submission FILE checks.py`: real pytest processes over the checks of hello_rnn."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import kit

WRONG = """\
import torch


def one_hot(indices, num_classes):
    return torch.eye(4)[indices]


def build_vocab(text):
    characters = sorted(set(text.lower()))
    return characters, {char: index for index, char in enumerate(characters)}


def rnn_shapes(seq_len, batch_size, input_size, hidden_size, num_layers):
    return undefined


def to_inputs(one_hot, batch_size)
    return one_hot
"""


def pytest_on(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"]
    return kit.ohlol(*arguments, cwd=cwd, command=command)


def test_the_solution_passes(tmp_path: Path) -> None:
    # Not the models, whose training takes its time call by call.
    found = pytest_on(
        kit.HELLO_RNN / "checks.py", "--submission", kit.HELLO_RNN / "hello_rnn.py",
        "-k", "TestOneHot or TestRunCell or TestFlatten or TestVocabulary", cwd=tmp_path,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout
    assert " passed" in found.stdout
    assert "skipped" not in found.stdout


def test_a_wrong_one_fails_as_students_read_it(tmp_path: Path) -> None:
    (tmp_path / "alice.py").write_text(WRONG, encoding="utf-8")
    found = pytest_on(
        kit.HELLO_RNN / "checks.py", "--submission", "alice.py",
        "-k", "TestOneHot or test_build_vocab or TestRnnShapes or TestToInputs or TestDecode",
        cwd=tmp_path,
    )  # fmt: skip
    assert found.returncode == 1, found.stdout
    said = found.stdout
    assert "The result should have the shape (seq, class) = (1, 1), and has (1, 4): " in said
    assert "smallest failing call:\n    one_hot(tensor([0]), 1)\n" in said
    assert "yours:\n    tensor([[1.0, 0.0, 0.0, 0.0]])\n" in said
    assert "where: line 5: return torch.eye(4)[indices]" in said
    assert re.search(r"smallest failing call:\n    build_vocab\('[A-Z]'\)\n", said)
    assert "Your code raised NameError: name 'undefined' is not defined." in said
    assert "There is no to_inputs in the submission.\nline 17: " in said
    assert "There is no decode in the submission." in said
    # Nothing of how it came about.
    for word in ("Traceback", "autograder/", "grading.py", "Failing test case", "hypothesis."):
        assert word not in said.partition("warnings summary")[0]


def test_without_a_submission_it_says_what_is_missing(tmp_path: Path) -> None:
    found = pytest_on(kit.HELLO_RNN / "checks.py", "-k", "TestOneHot", cwd=tmp_path)
    assert found.returncode == 1
    assert "Say which submission to run the checks on: --submission FILE" in found.stdout
    assert "Traceback" not in found.stdout


def test_a_submission_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.py").touch()
    found = pytest_on(
        kit.SMOOTHING / "checks.py", "--submission", "empty.py", "-k", "too_wide", cwd=tmp_path
    )
    assert found.returncode == 1
    assert "empty.py is empty" in found.stdout
    assert "site-packages" not in found.stdout.partition("warnings summary")[0]


def test_options_and_fixture_are_there_for_pytest_alone(tmp_path: Path) -> None:
    found = pytest_on("--help", cwd=tmp_path)
    assert "--submission=FILE" in found.stdout
    assert "the submission that an assignment's checks are run on" in found.stdout
    (tmp_path / "test_other.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    found = pytest_on("test_other.py", cwd=tmp_path)
    assert "1 passed" in found.stdout
