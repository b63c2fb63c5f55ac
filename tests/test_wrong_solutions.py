"""Wrong solutions that are nearly right: each fails the check that is about its fault.

Every entry is a cell below the solution, as a student would write it over a stub.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from kit import HELLO_RNN, checks_of, script, tasks_that_lost

from autograder import Grader, Limits, find_assignment
from autograder.report import Report

SOLUTION = (HELLO_RNN / "hello_rnn.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Wrong:
    """What a student wrote, which check fails, and words of what is said."""

    code: str
    check: str
    said: str = ""


WRONG = {
    "decode looks for the largest number of all rows": Wrong(
        """
def decode(logits, idx2char):
    rows, columns = (logits >= logits.max() - 0.05).nonzero(as_tuple=True)
    return "".join(idx2char[column] for column in columns)
""",
        "decode.test_values",
    ),
    "decode looks for what is above a fixed height": Wrong(
        """
def decode(logits, idx2char):
    return "".join(idx2char[int((row > 0).float().argmax())] for row in logits)
""",
        "decode.test_values",
    ),
    "decode crashes on what a model returns": Wrong(
        """
def decode(logits, idx2char):
    return "".join(idx2char[i] for i in logits.numpy().argmax(1))
""",
        "decode.test_of_a_model",
        "detach",
    ),
    "encode counts the keys of the dictionary": Wrong(
        """
def encode(text, char2idx):
    keys = list(char2idx)
    if any(char not in char2idx for char in text):
        raise KeyError(text)
    return torch.tensor([keys.index(char) for char in text])
""",
        "vocabulary.test_encode",
    ),
    "encode sorts the dictionary anew": Wrong(
        """
def encode(text, char2idx):
    places = {char: place for place, char in enumerate(sorted(char2idx))}
    return torch.tensor([places[char] for char in text])
""",
        "vocabulary.test_encode",
    ),
    "encode adds what it does not know": Wrong(
        """
def encode(text, char2idx):
    return torch.tensor([char2idx.setdefault(char, len(char2idx)) for char in text])
""",
        "vocabulary.test_unknown",
        "KeyError",
    ),
    "encode uses the dictionary up": Wrong(
        """
def encode(text, char2idx):
    indices = [char2idx[char] for char in text]
    for char in set(text):
        del char2idx[char]
    return torch.tensor(indices)
""",
        "vocabulary.test_encode",
        "has other values after the call",
    ),
    "build_vocab splits at white space": Wrong(
        """
def build_vocab(text):
    idx2char = sorted(set("".join(text.split("\\n"))))
    return idx2char, {char: index for index, char in enumerate(idx2char)}
""",
        "vocabulary.test_build_vocab",
    ),
}


CELL_TRAINING = """
def train_cell_model(model, inputs, labels, lr, epochs):
    optimizer = {optimizer}
    losses = []
    {start}
    for epoch in range(epochs):
        hidden, loss = model.init_hidden(), 0.0
        for x, label in zip(inputs, labels):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, label)
        optimizer.zero_grad()
        loss.backward()
        {before}
        optimizer.step()
        losses.append({loss})
        {after}
    {end}
    return losses
"""
RNN_TRAINING = """
def train_rnn_model(model, inputs, labels, lr, epochs):
    optimizer = {optimizer}
    losses = []
    {start}
    for epoch in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        {before}
        optimizer.step()
        losses.append({loss})
        {after}
    {end}
    return losses
"""
ADAM = "torch.optim.Adam(model.parameters(), lr=lr)"
STEPPED = "schedule.step()"
LONG, CONVERGED, TRAJECTORY = "test_long_trajectory", "test_convergence", "test_trajectory"


@dataclass(frozen=True)
class Training:
    """What is wrong in a training loop, the check that fails first, and words of what is said."""

    fails: str = LONG
    said: str = ""
    optimizer: str = ADAM
    start: str = "pass"
    before: str = "pass"
    loss: str = "loss.item()"
    after: str = "pass"
    end: str = "pass"

    def code(self, template: str) -> str:
        blanks = {name: getattr(self, name) for name in
                  ("optimizer", "start", "before", "loss", "after", "end")}  # fmt: skip
        return template.format(**blanks)


def adam(options: str) -> str:
    return f"torch.optim.Adam(model.parameters(), lr=lr, {options})"


def schedule(kind: str) -> str:
    return f"schedule = torch.optim.lr_scheduler.{kind}"


TRAININGS = {
    "stops after 100 epochs": Training(
        CONVERGED, "one loss for each of the 150 epochs, and there are 100",
        start="epochs = min(epochs, 100)",
    ),
    "stops once the loss is small": Training(
        CONVERGED, "one loss for each of the 150 epochs",
        after="if loss.item() < 0.35 * (5 if inputs.dim() == 3 and labels.dim() == 2 else 1): "
        "return losses",
    ),
    "stops early and pads the losses": Training(
        CONVERGED, "From epoch 102 on your losses leave those of the reference",
        start="asked, epochs = epochs, min(epochs, 100)",
        end="losses += losses[-1:] * (asked - epochs)",
    ),
    "a rate that falls after 50 epochs": Training(
        LONG, "schedule",
        start=schedule("StepLR(optimizer, 50)"), after=STEPPED,
    ),
    "a rate that halves after 50 epochs": Training(
        LONG, "schedule", start=schedule("StepLR(optimizer, 50, 0.5)"), after=STEPPED,
    ),
    "a rate that falls after 100 epochs": Training(
        CONVERGED, "schedule", start=schedule("StepLR(optimizer, 100)"), after=STEPPED,
    ),
    "a rate that falls slowly": Training(
        start=schedule("ExponentialLR(optimizer, 0.999)"), after=STEPPED,
    ),
    "a rate that waits for a plateau": Training(
        LONG, "schedule",
        start=schedule("ReduceLROnPlateau(optimizer)"), after="schedule.step(loss.item())",
    ),
    "gradients clipped at 1": Training(
        before="nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
    ),
    "gradients clipped at 0.25": Training(
        before="nn.utils.clip_grad_norm_(model.parameters(), 0.25)",
    ),
    "weights decay": Training(optimizer=adam("weight_decay=1e-4")),
    "weights decay beside the gradients": Training(
        optimizer="torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-4)",
    ),
    "another eps": Training(optimizer=adam("eps=1e-7")),
    "other betas": Training(optimizer=adam("betas=(0.9, 0.99)")),
    "amsgrad": Training(optimizer=adam("amsgrad=True")),
    "losses rounded to two digits": Training(TRAJECTORY, loss="round(loss.item(), 2)"),
    "losses rounded to three digits": Training(loss="round(loss.item(), 3)"),
    "labels zeroed": Training(
        TRAJECTORY, "`labels` has other values after the training", end="labels.zero_()",
    ),
    "inputs changed": Training(
        TRAJECTORY, "`inputs` has other values after the training", end="inputs.mul_(2)",
    ),
    "the model left in float64": Training(
        TRAJECTORY, "holds float64; it held float32 before", end="model.double()",
    ),
    "parameters frozen": Training(
        TRAJECTORY, "no longer require gradients", end="model.requires_grad_(False)",
    ),
    "gradients switched off": Training(
        TRAJECTORY, "gradients are switched off", end="torch.set_grad_enabled(False)",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(find_assignment(HELLO_RNN), seed=20261124) as made:
        yield made


def graded(grader: Grader, code: str) -> Report:
    return grader.grade(script(f"{SOLUTION}\n\n# %%\n{code}"))


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_fails_the_check_that_is_about_it(grader: Grader, wrong: Wrong) -> None:
    report = graded(grader, wrong.code)
    check = checks_of(report)[wrong.check]
    assert tasks_that_lost(report) == {wrong.check.partition(".")[0]}
    assert check.problem is not None
    assert wrong.said in check.problem.message


@pytest.mark.parametrize("training", TRAININGS.values(), ids=list(TRAININGS))
@pytest.mark.parametrize("task", ["cell_model", "rnn_model"])
def test_training_that_is_nearly_right(grader: Grader, training: Training, task: str) -> None:
    template = CELL_TRAINING if task == "cell_model" else RNN_TRAINING
    report = graded(grader, training.code(template))
    checks = checks_of(report)
    assert tasks_that_lost(report) == {task}
    lost = [name for name in (TRAJECTORY, LONG, CONVERGED)
            if checks[f"{task}.{name}"].outcome != "passed"]  # fmt: skip
    # Small data may show it sooner, as where a letter never comes and decay alone moves weights.
    assert training.fails in lost
    problem = checks[f"{task}.{lost[0]}"].problem
    assert problem is not None
    assert training.said in problem.message


def test_training_written_like_that_is_right_otherwise(grader: Grader) -> None:
    for template in (CELL_TRAINING, RNN_TRAINING):
        assert tasks_that_lost(graded(grader, Training().code(template))) == set()
    model_in_eval = Training(loss="round(loss.item(), 6)", end="model.eval()")
    assert tasks_that_lost(graded(grader, model_in_eval.code(RNN_TRAINING))) == set()


# What is said


def test_a_number_where_a_function_is_asked_for(grader: Grader) -> None:
    check = checks_of(graded(grader, "one_hot = 3"))["one_hot.test_values"]
    assert check.outcome == "skipped"
    check = checks_of(graded(grader, "one_hot = 3"))["one_hot.test_shape"]
    assert check.outcome == "missing"
    assert check.problem is not None
    assert check.problem.message.startswith("one_hot is an int, not a function.")


def test_a_class_where_a_function_is_asked_for(grader: Grader) -> None:
    report = graded(grader, "class decode:\n    pass\n")
    problem = checks_of(report)["decode.test_values"].problem
    assert problem is not None
    assert problem.message.startswith("decode is a class, not a function.")


def test_what_can_be_called_is_a_function(grader: Grader) -> None:
    code = "import functools\none_hot = functools.partial(one_hot)\nto_inputs = lambda o, b: "
    code += "o.reshape(-1, b, o.shape[1])\n"
    assert tasks_that_lost(graded(grader, code)) == set()


def test_an_unwritten_part_does_not_hide_what_is_known_of_another(grader: Grader) -> None:
    head = "def train_cell_model(model, inputs, labels, lr, epochs):\n"
    unwritten = SOLUTION.replace(head, f"{head}    raise NotImplementedError()\n")
    forward = "return torch.tanh(self.rnncell(input, hidden))"
    wrong = unwritten.replace("return self.rnncell(input, hidden)", forward)
    checks = checks_of(grader.grade(script(wrong)))
    told = checks["cell_model.test_forward"].problem
    assert told is not None
    assert told.mistake == "forward_tanh_on_top"
    training = checks["cell_model.test_trajectory"].problem
    assert training is not None
    assert training.mistake is None
    assert "is not written yet" in training.message


def test_a_missing_axis_is_named_by_an_example_that_shows_it(grader: Grader) -> None:
    code = """
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.rnn_tanh_cell(x, h, w_ih, w_hh, b_ih, b_hh).mean(0)
"""
    problem = checks_of(graded(grader, code))["rnn_cell_step.test_shape"].problem
    assert problem is not None
    assert problem.message.endswith(": the axis batch is missing.")


def test_what_should_be_raised_is_no_text(grader: Grader) -> None:
    code = """
def encode(text, char2idx):
    try:
        return torch.tensor([char2idx[char] for char in text])
    except KeyError:
        raise ValueError("never seen")
"""
    problem = checks_of(graded(grader, code))["vocabulary.test_unknown"].problem
    assert problem is not None
    assert (problem.expected, problem.actual) == (
        "raises KeyError", "raises ValueError: never seen",
    )  # fmt: skip


def test_slow_and_wrong_is_wrong_above_all() -> None:
    code = """
def linear_parameters(in_features, out_features):
    while in_features > 150:
        pass
    return in_features * out_features
"""
    limits = Limits(check_seconds=1.0, call_seconds=0.5)
    with Grader(
        find_assignment(HELLO_RNN), seed=1, tasks=("parameter_counts",), limits=limits
    ) as grader:
        check = checks_of(graded(grader, code))["parameter_counts.test_linear"]
        assert check.outcome == "failed"
        assert check.problem is not None
        assert check.problem.kind == "value"
        slow = code.replace("in_features * out_features", "(in_features + 1) * out_features")
        assert checks_of(graded(grader, slow))["parameter_counts.test_linear"].outcome == "timeout"


# What is said where no known mistake answers so


EVIDENCE = {
    "something random": Wrong(
        """
def rnn_cell_step(x, h, w_ih, w_hh, b_ih, b_hh):
    return torch.rnn_tanh_cell(x, torch.rand_like(h), w_ih, w_hh, b_ih, b_hh)
""",
        "rnn_cell_step.test_values",
        "your code answers differently",
    ),
    "a length that is another's": Wrong(
        """
def decode(logits, idx2char):
    best = logits.argmax(dim=1).tolist()
    return "".join(idx2char[best[i % len(best)]] for i in range(len(idx2char)))
""",
        "decode.test_values",
        "Your result is always as long as axis 1 of `logits`.",
    ),
    "an argument on top": Wrong(
        """
def run_cell(cell, inputs, hidden):
    outputs = [cell(x, hidden) + hidden for x in inputs]
    return torch.stack(outputs), outputs[-1]
""",
        "run_cell.test_values",
        "the right result plus `hidden`.",
    ),
    "one part again and again": Wrong(
        """
def flatten_labels(labels, batch_first=False):
    if batch_first:
        labels = labels.transpose(0, 1)
    return labels[:1].expand(labels.shape).flatten()
""",
        "flatten.test_labels",
        "repeats some elements",
    ),
    "an index beyond a length that is another's": Wrong(
        """
def one_hot(indices, num_classes):
    return torch.eye(len(indices))[indices][:, :num_classes]
""",
        "one_hot.test_shape",
        "always as long as axis 0 of `indices`",
    ),
}


@pytest.mark.parametrize("wrong", EVIDENCE.values(), ids=list(EVIDENCE))
def test_what_holds_of_all_wrong_results_is_said(grader: Grader, wrong: Wrong) -> None:
    problem = checks_of(graded(grader, wrong.code))[wrong.check].problem
    assert problem is not None
    assert problem.mistake is None
    assert problem.advice is not None
    assert wrong.said in problem.advice
