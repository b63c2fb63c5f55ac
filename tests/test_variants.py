"""Correct and wrong solutions that others wrote: correct ones earn everything, wrong ones do not.

The collection lies outside of the project; ``OHLOL_VARIANTS`` says where. A variant is used as its
README asks: its code becomes the last cell of the solution.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import kit
import pytest

from autograder.assignment import find_assignment
from autograder.grading import Grader
from autograder.report import Report
from autograder.submission import Cell, Submission

VARIANTS = Path(os.environ.get("OHLOL_VARIANTS") or kit.ROOT.parent / "shared" / "variants")
FOLDERS = {
    "task1_cell_step": {"rnn_cell_step"},
    "task2_encoding": {"vocabulary", "one_hot", "to_inputs"},
    "task3_run_cell": {"run_cell"},
    "task4_run_layers": {"run_layers"},
    "task5_flatten": {"flatten"},
    "task6_models": {"cell_model", "rnn_model", "decode"},
}
# Wrong in training alone, which no check judges before all of the contract's points are there.
ALL_POINTS = 28
TRAINING = {
    "bias_only", "detach_each_step", "hidden_restarts_each_step", "new_optimizer_each_epoch",
    "no_backward", "no_zero_grad", "step_at_loop_start", "zero_grad_after_backward",
}  # fmt: skip


def variants(kind: str) -> list[object]:
    paths = sorted(VARIANTS.glob(f"*/{kind}/*.py"))
    if not paths:
        why = f"no {kind} variants in {VARIANTS}; OHLOL_VARIANTS says where they are"
        return [pytest.param(None, marks=pytest.mark.skip(reason=why), id="no variants")]
    return [pytest.param(path, id=f"{path.parts[-3]}-{path.stem}") for path in paths]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(find_assignment(kit.HELLO_RNN), seed=20261123) as grader:
        yield grader


def graded(grader: Grader, variant: Path) -> Report:
    solution = (kit.HELLO_RNN / "hello_rnn.py").read_text(encoding="utf-8")
    cells = (Cell(solution, "", 1), Cell(variant.read_text(encoding="utf-8"), "variant", 1))
    report = grader.grade(Submission(variant.stem, variant.name, cells, (), ""))
    assert report.status == "graded", report.reason
    assert report.notes == ()
    return report


def problems(report: Report) -> dict[str, str]:
    return {
        name: check.problem.message if check.problem else check.outcome
        for name, check in kit.checks_of(report).items()
        if check.outcome != "passed"
    }


@pytest.mark.parametrize("variant", variants("correct"))
def test_correct_earns_everything(grader: Grader, variant: Path) -> None:
    report = graded(grader, variant)
    assert problems(report) == {}
    assert report.score == report.max_score


@pytest.mark.parametrize("variant", variants("wrong"))
def test_wrong_loses_in_its_folder_and_nowhere_else(grader: Grader, variant: Path) -> None:
    report = graded(grader, variant)
    lost, own = kit.tasks_that_lost(report), FOLDERS[variant.parts[-3]]
    assert lost <= own, problems(report)
    if report.max_score == ALL_POINTS or variant.stem not in TRAINING:
        assert lost
