"""Training is judged by the weights that come back: nobody earns its points without training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from autograder import Grader, find_assignment
from autograder.convergence import (
    CROSS_ENTROPY_LIMIT,
    convergence_instance,
    fresh_pair,
    spelled,
    trajectory_instance,
)
from autograder.report import Report
from autograder.submission import Cell, Submission

SOLUTION = Path(__file__).parents[1] / "solutions" / "hello_rnn"
SEED = 20261124
TRAINING = {"test_trajectory", "test_long_trajectory", "test_convergence"}

# A right model for each kind, and a training function that the cheats below replace.
MODELS = (SOLUTION / "hello_rnn.py").read_text(encoding="utf-8")

CHEATS = {
    "returns losses that look right and trains nothing": '''
def train_cell_model(model, inputs, labels, lr, epochs):
    return [7.0 - 0.1 * epoch for epoch in range(epochs)]

def train_rnn_model(model, inputs, labels, lr, epochs):
    return [1.5 - 0.01 * epoch for epoch in range(epochs)]
''',
    "hard-codes the string": '''
def decode(logits, idx2char):
    return "ohlol"

def train_cell_model(model, inputs, labels, lr, epochs):
    print("ohlol")
    return [0.0] * epochs

train_rnn_model = train_cell_model
''',
    "constructs weights that are sure of the target": '''
def _construct(model, inputs, labels, lr, epochs):
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(torch.sign(torch.randn(weight.shape)) * 20)
    return [0.5] * epochs

train_cell_model = train_rnn_model = _construct
''',
    "brings weights that were trained before": '''
_TRAINED = {}

def _arrive(model, inputs, labels, lr, epochs):
    key = tuple(inputs.shape)
    if key not in _TRAINED:
        _TRAINED[key] = [torch.randn_like(w) * 3 for w in model.parameters()]
    with torch.no_grad():
        for weight, trained in zip(model.parameters(), _TRAINED[key]):
            weight.copy_(trained)
    return [1.4 / (1 + epoch) for epoch in range(epochs)]

train_cell_model = train_rnn_model = _arrive
''',
    "trains a model without memory": '''
def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = sum(F.cross_entropy(model(x, model.init_hidden()), y)
                   for x, y in zip(inputs, labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

def train_rnn_model(model, inputs, labels, lr, epochs):
    steps = inputs.shape[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        rows = torch.cat([model(inputs[t:t + 1]) for t in range(steps)])
        loss = F.cross_entropy(rows, labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
''',
    "patches the optimiser": '''
class _Adam(torch.optim.SGD):
    def __init__(self, parameters, lr):
        super().__init__(parameters, lr=lr, momentum=0.9)

torch.optim.Adam = _Adam
''',
    "trains longer than it was asked to": '''
_train_cell, _train_rnn = train_cell_model, train_rnn_model

def train_cell_model(model, inputs, labels, lr, epochs):
    return _train_cell(model, inputs, labels, lr, 10 * epochs)[:epochs]

def train_rnn_model(model, inputs, labels, lr, epochs):
    return _train_rnn(model, inputs, labels, lr, 10 * epochs)[:epochs]
''',
    "invents the losses of a right training": '''
_train_cell, _train_rnn = train_cell_model, train_rnn_model

def _invented(model, *rest):
    weights = [w.detach().clone() for w in model.parameters()]
    losses = (_train_cell if hasattr(model, "rnncell") else _train_rnn)(model, *rest)
    with torch.no_grad():
        for weight, before in zip(model.parameters(), weights):
            weight.copy_(before)
    return losses

train_cell_model = train_rnn_model = _invented
''',
    "returns weights that are not numbers": '''
def _broken(model, inputs, labels, lr, epochs):
    with torch.no_grad():
        for weight in model.parameters():
            weight.fill_(float("nan"))
    return [float("nan")] * epochs

train_cell_model = train_rnn_model = _broken
''',
}  # fmt: skip


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(find_assignment(SOLUTION), seed=SEED, tasks=("cell_model", "rnn_model")) as made:
        yield made


def _graded(grader: Grader, text: str) -> Report:
    cells = (Cell(MODELS, "", 1), Cell(text, "cell 2", 1))
    return grader.grade(Submission("student", "student.py", cells, (), ""))


def _earned_by_training(report: Report) -> float:
    return sum(
        check.score for task in report.tasks for check in task.checks if check.name in TRAINING
    )


def test_the_solution_earns_its_training_points(grader: Grader) -> None:
    assert _earned_by_training(_graded(grader, "")) == 7.0


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=list(CHEATS))
def test_nobody_earns_training_points_without_training(grader: Grader, cheat: str) -> None:
    report = _graded(grader, cheat)
    assert report.status == "graded"
    assert _earned_by_training(report) == 0


def test_losses_say_where_they_part(grader: Grader) -> None:
    report = _graded(
        grader,
        """
def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    )
    check = next(c for t in report.tasks for c in t.checks if c.name == "test_trajectory" and
                 c.outcome == "failed")  # fmt: skip
    assert check.problem is not None
    assert "epoch 3" in check.problem.message
    assert "zero_grad" in check.problem.message


def test_a_mean_where_a_sum_was_asked_for_is_told_apart(grader: Grader) -> None:
    report = _graded(
        grader,
        """
def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        hidden, loss = model.init_hidden(), 0
        for x, y in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, y) / len(inputs)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    )
    check = next(c for c in report.tasks[0].checks if c.name == "test_trajectory")
    assert check.problem is not None
    assert "is it the sum that is asked for" in check.problem.message


@pytest.mark.parametrize("seed", range(20))
def test_vetted_instances_do_not_depend_on_how_adam_is_written(seed: int) -> None:
    instance = trajectory_instance(6, 3, 7, 5, 1000 * seed)
    network = torch.nn.RNN(7, 5)
    with torch.no_grad():
        for name, weight in instance["weights"].items():  # type: ignore[attr-defined]
            getattr(network, f"{name}_l0").copy_(weight)
    optimizer = torch.optim.Adam(network.parameters(), lr=instance["lr"])  # type: ignore[arg-type]
    losses = []
    for _ in range(int(str(instance["epochs"]))):
        optimizer.zero_grad()
        rows = network(instance["inputs"])[0].flatten(0, 1)
        loss = functional.cross_entropy(rows, instance["labels"].flatten())  # type: ignore[attr-defined]
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == pytest.approx(instance["losses"], abs=1e-4)
    for name, weight in instance["final"].items():  # type: ignore[attr-defined]
        found = getattr(network, f"{name}_l0").detach()
        torch.testing.assert_close(found, weight, atol=1e-4, rtol=0)


@pytest.mark.parametrize("seed", range(40))
def test_a_fresh_pair_can_be_learned_from_the_weights_that_come_with_it(seed: int) -> None:
    source, target, letters = fresh_pair(seed)
    assert len(source) == len(target) == 5
    assert set(source + target) <= set(letters)
    instance = convergence_instance(source, target, letters, seed)
    text, loss = spelled(instance["weights"], instance["inputs"], instance["labels"], letters)  # type: ignore[arg-type]
    assert loss > CROSS_ENTROPY_LIMIT, "a model that was never trained would pass"
    assert instance["target"] == target
    assert text != target or loss > CROSS_ENTROPY_LIMIT


def test_pairs_differ_from_run_to_run() -> None:
    assert len({fresh_pair(seed) for seed in range(50)}) > 45
