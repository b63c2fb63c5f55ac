"""What is shown of a training that failed: curves, predictions, and what the weights say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from autograder import Grader, find_assignment
from autograder.examples import PRACTICE_SEED
from autograder.report import CheckResult, Problem, Report, Training, report_schema
from autograder.submission import Cell, Submission
from autograder.writers import terminal

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "hello_rnn"
RELEASED = ROOT / "assignments" / "hello_rnn"
SEED = 20261124
MODELS = (SOLUTION / "hello_rnn.py").read_text(encoding="utf-8")

LOOP = """
def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr={lr})
    losses = []
    for _ in range(epochs):
        {first}
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append({loss})
    return losses
"""
WITHOUT_ZERO_GRAD = LOOP.format(lr="lr", first="pass", loss="loss.item()")
OTHER_RATE = LOOP.format(lr="0.002", first="optimizer.zero_grad()", loss="loss.item()")
NOT_A_NUMBER = LOOP.format(lr="lr", first="optimizer.zero_grad()", loss="float('nan')")
DETACHED = """
def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        hidden, loss = model.init_hidden(), 0
        for x, y in zip(inputs, labels):
            hidden = model(x, hidden.detach())
            loss = loss + F.cross_entropy(hidden, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
"""
UNTRAINED = """
def train_rnn_model(model, inputs, labels, lr, epochs):
    return [F.cross_entropy(model(inputs), labels).item()] * epochs
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(find_assignment(SOLUTION), seed=SEED, tasks=("cell_model", "rnn_model")) as made:
        yield made


@pytest.fixture(scope="module")
def practice() -> Iterator[Grader]:
    with Grader(
        find_assignment(RELEASED), seed=PRACTICE_SEED, tasks=("rnn_model",), practice=True
    ) as made:
        yield made


def graded(grader: Grader, text: str) -> Report:
    cells = (Cell(MODELS, "", 1), Cell(text, "cell 2", 1))
    report = grader.grade(Submission("student", "student.py", cells, (), ""))
    jsonschema.validate(report.to_dict(), report_schema())
    assert Report.from_dict(report.to_dict()) == report
    return report


def failed(report: Report, name: str = "test_trajectory") -> tuple[Problem, Training]:
    check = checks(report, name)[0]
    assert check.problem is not None
    assert check.problem.training is not None
    return check.problem, check.problem.training


def checks(report: Report, name: str) -> list[CheckResult]:
    """Those of this name that did not pass."""
    every = [check for task in report.tasks for check in task.checks]
    return [check for check in every if check.name == name and check.outcome != "passed"]


def test_without_zero_grad_the_curves_part_in_epoch_3(grader: Grader) -> None:
    problem, training = failed(graded(grader, WITHOUT_ZERO_GRAD))
    assert training.parted_at == 3
    assert training.losses[:2] == pytest.approx(training.reference[:2], abs=1e-4)
    assert training.losses[2] != pytest.approx(training.reference[2], abs=1e-3)
    assert "From epoch 3 on your losses leave those of the reference" in problem.message
    assert problem.advice is not None
    assert "gradients" in problem.advice


def test_the_weights_say_what_went_wrong_where_no_known_mistake_does(practice: Grader) -> None:
    # Known mistakes are recognised by trajectories alone, so that this one is on its own.
    problem, _ = failed(graded(practice, WITHOUT_ZERO_GRAD), "test_convergence")
    assert problem.mistake is None
    assert problem.advice is not None
    assert "your gradients were added to those of the epochs before" in problem.advice


def test_practice_shows_what_the_model_said_on_the_way(practice: Grader) -> None:
    problem, training = failed(graded(practice, WITHOUT_ZERO_GRAD), "test_convergence")
    assert (training.source, training.target) == ("hello", "ohlol")
    assert training.epochs == (0, 1, 2, 5, 10, 20, 50, 100, 150)
    assert len(training.losses) == 150
    assert training.predictions[-1] == problem.actual.strip("'")  # type: ignore[union-attr]
    assert len(set(training.predictions)) > 1
    assert "From epoch 3 on" in problem.message
    page = terminal.render(graded(practice, WITHOUT_ZERO_GRAD), color=False)
    assert 'What your model makes of "hello", which should become "ohlol":' in page
    assert f"150: {training.predictions[-1]}" in page
    assert page.count("● yours   ○ expected") == 2


def test_another_learning_rate_is_read_off_the_first_update(grader: Grader) -> None:
    problem, training = failed(graded(grader, OTHER_RATE))
    assert training.parted_at == 2
    assert problem.advice is not None
    assert "The first epoch moves each weight by 0.002." in problem.advice


def test_a_detached_state_is_seen_in_the_weights(grader: Grader) -> None:
    problem, training = failed(graded(grader, DETACHED))
    assert training.parted_at is not None
    assert training.parted_at > 1
    assert problem.advice is not None
    assert "step" in problem.advice


def test_a_model_that_was_never_trained_says_the_same_in_every_epoch(grader: Grader) -> None:
    problem, training = failed(graded(grader, UNTRAINED))
    assert training.parted_at == 2
    assert len(set(training.losses)) == 1
    assert len(set(training.predictions)) == 1
    assert "as if no update had happened" in problem.message


def test_losses_that_are_no_numbers_leave_a_right_model_to_be_praised(grader: Grader) -> None:
    problem, training = failed(graded(grader, NOT_A_NUMBER))
    assert set(training.losses) == {None}
    assert None not in training.reference
    assert training.parted_at == 1
    assert problem.advice is not None
    assert "only the losses that you return are wrong" in problem.advice


def test_what_passes_is_not_asked_again(grader: Grader) -> None:
    counting = """
_asked, _train = [], train_rnn_model

def train_rnn_model(model, inputs, labels, lr, epochs):
    _asked.append(epochs)
    assert len(_asked) <= 5, _asked
    return _train(model, inputs, labels, lr, epochs)
"""
    assert not checks(graded(grader, counting), "test_convergence")


SPOILT = {
    "raises": "raise RuntimeError('not again')",
    "ends the process": "import os; os._exit(1)",
    "hangs": "\n        while True: pass",
    "returns something else": "return 'ohlol'",
    "spoils its weights": "model.rnn = None; return [1.0]",
    "returns numbers that JSON has not": "return [float('inf'), 10 ** 300, -1e308, None, 'a']",
    "returns very many losses": "return [0.5] * 50_000",
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=list(SPOILT))
def test_a_training_that_spoils_the_closer_look_is_judged_all_the_same(
    grader: Grader, spoilt: str
) -> None:
    # Both instances of the trajectory, each with its second try, come before the closer look.
    text = f"""
_asked = []

def train_rnn_model(model, inputs, labels, lr, epochs):
    _asked.append(epochs)
    if len(_asked) > 3:
        {spoilt}
    return [1.5 - 0.1 * epoch for epoch in range(epochs)]
"""
    report = graded(grader, text)
    assert report.status == "graded"
    check = checks(report, "test_trajectory")[0]
    assert check.outcome == "failed"
    assert check.problem is not None
    assert "on your losses leave those of the reference" in check.problem.message
    training = check.problem.training
    assert training is None or len(training.losses) <= 200
