"""What a training that failed looked like, for people: curves, predictions, and what went wrong.

A check has judged it by then, and nothing here changes how. The student's function is asked again,
for fewer epochs each time, so that the weights on the way are those of the student's own training
however it is written; what they predict is computed here. All of it may be missing, or made up by
whoever owns the student's process: it is shown, and counts for nothing.
"""

from __future__ import annotations

import dataclasses
import math
import string
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

import torch
from torch import Tensor

from autograder.convergence import (
    LOSS_TOLERANCE,
    MISTAKES,
    WEIGHT_TOLERANCE,
    Lesson,
    spelled,
    weight_distance,
)
from autograder.report import MAX_POINTS, MAX_PREDICTION, Training
from autograder.sandbox.host import StudentGone
from autograder.sandbox.wire import Answer, Call, Raised
from autograder.verdicts import Verdict

Ask = Callable[[Call], Answer | Raised]
State = Mapping[str, Tensor]

_STEPS = (1, 2, 5)  # epochs to look at: these, and ten times these, and so on
_EARLY = 10  # epochs; until then wrong procedures are told apart, and trajectories end

_WHY = {
    "detach": "the hidden state is cut off from the step before (detach, or a new tensor), so that "
    "no gradient flows back through the sequence",
    "softmax": "the loss is given probabilities, and cross_entropy, which takes the softmax "
    "itself, wants the logits",
    "keep_gradients": "your gradients were added to those of the epochs before (is zero_grad "
    "called in each epoch, before backward?)",
    "renew_optimizer": "there is a new optimiser in each epoch, which forgets what Adam knew of "
    "the epochs before",
    "restart_hidden": "the hidden state begins with zeros at every step, so that the model "
    "remembers nothing of the steps before",
    "without_bias": "the biases were never updated",
    "skip_last": "the last step was left out of the loss",
    "shift_labels": "each output was compared with the label of the step before",
}
_SAID = "The weights that your training leads to say why: {}."


def explained(verdict: Verdict, lesson: Lesson, ask: Ask) -> Verdict:
    """A verdict on a training with what can be shown of it; the same one if that is nothing.

    Args:
        lesson: the training that failed.
        ask: makes a call of the student's functions.
    """
    if verdict.problem is None:
        return verdict
    value: object = None
    states: dict[int, State] = {0: lesson.given}
    try:
        for epochs in (lesson.epochs, *_on_the_way(lesson.epochs)):
            answer = ask(lesson.stopped_after(epochs))
            if isinstance(answer, Raised):
                break
            value = answer.value if epochs == lesson.epochs else value
            state = _state(answer, states[0])
            if state is not None:
                states[epochs] = state
    except StudentGone:
        pass  # the verdict stands already
    mine = _numbers(value)
    right = lesson.right_losses
    training = _training(lesson, mine, right, dict(sorted(states.items())))
    problem = dataclasses.replace(verdict.problem, training=training)
    if problem.kind == "convergence" and training.parting:
        problem = dataclasses.replace(problem, message=f"{problem.message} {training.parting}")
    if problem.advice is None:
        problem = dataclasses.replace(problem, advice=_why(lesson, states))
    return Verdict(verdict.outcome, problem)


def _on_the_way(last: int) -> list[int]:
    """Numbers of epochs before the last: all of a few, and some of many."""
    if last <= _EARLY:
        return list(range(1, last))
    wanted = (step * 10**power for power in range(len(str(last))) for step in _STEPS)
    return [epochs for epochs in wanted if epochs < last]


def _training(
    lesson: Lesson, mine: Sequence[float], right: Sequence[float], states: Mapping[int, State]
) -> Training:
    pairs = list(zip_longest(map(_shown, mine), map(_shown, right)))
    both = min(len(mine), len(right))
    parted_at = next(
        (epoch for epoch, (a, b) in enumerate(pairs[:both], 1) if not _same(a, b)), None
    )
    epochs = _thinned(len(pairs), parted_at)
    inputs, labels = lesson.instance["inputs"], lesson.instance["labels"]
    assert isinstance(inputs, Tensor)
    assert isinstance(labels, Tensor)
    letters = str(lesson.instance.get("letters") or string.ascii_letters)
    predictions: dict[int, str] = {}
    source = target = None
    letters_only = bool(((inputs == 0) | (inputs == 1)).all())  # one-hot, and no other numbers
    if letters_only and inputs.shape[2] <= len(letters) and len(inputs) <= MAX_PREDICTION:
        source = "".join(letters[i] for i in inputs[:, 0].argmax(1).tolist())
        target = "".join(letters[i] for i in labels[:, 0].tolist())
        predictions = {n: spelled(s, inputs, labels, letters)[0] for n, s in states.items()}
    return Training(
        losses=tuple(pairs[epoch - 1][0] for epoch in epochs),
        reference=tuple(pairs[epoch - 1][1] for epoch in epochs),
        loss_epochs=tuple(epochs),
        epochs=tuple(predictions),
        predictions=tuple(predictions.values()),
        source=source,
        target=target,
        parted_at=parted_at,
    )


def _thinned(count: int, parted_at: int | None) -> list[int]:
    """At most so many of the epochs as a curve may have: the first, the last, where it parts."""
    if count <= MAX_POINTS:
        return list(range(1, count + 1))
    room = MAX_POINTS - 1
    even = {1 + round(n * (count - 1) / (room - 1)) for n in range(room)}
    return sorted(even | ({parted_at} if parted_at else set()))


def _why(lesson: Lesson, states: Mapping[int, State]) -> str | None:
    """What the weights on the way say of the cause; only what fits to the last digit."""
    first, last = states.get(1), states.get(lesson.epochs)
    if first is not None and (sentence := _rate(lesson, states[0], first)):
        return sentence
    if (
        last is not None
        and lesson.epochs <= _EARLY
        and _distance(last, lesson.rehearsed(lesson.epochs)[0]) <= WEIGHT_TOLERANCE
    ):
        return "Your model is trained as it should be: only the losses that you return are wrong."
    early = max((epochs for epochs in states if epochs <= _EARLY), default=0)
    if early > 1 and _distance(states[early], lesson.rehearsed(early)[0]) > WEIGHT_TOLERANCE:
        fits = [
            mistake
            for mistake in MISTAKES
            if _distance(states[early], lesson.rehearsed(early, mistake)[0]) <= WEIGHT_TOLERANCE
        ]
        if len(fits) == 1:
            return _SAID.format(_WHY[fits[0]])
    if first is None or last is None or _distance(last, states[0]) == 0:
        return None
    if lesson.epochs > 1 and _distance(first, last) == 0:
        return (
            f"The weights are the same after 1 epoch as after {lesson.epochs}: either the number "
            "of epochs is not used, or only the first one updates them."
        )
    still = [name for name, weight in last.items() if torch.equal(weight, states[0][name])]
    if still:
        return (
            f"Training leaves {' and '.join(still)} exactly as given: are all parameters handed "
            "to the optimiser, and does the loss depend on them?"
        )
    return None


def _rate(lesson: Lesson, given: State, after: State) -> str | None:
    """Adam's first step moves a weight by the learning rate, however large its gradient is."""
    lr = float(str(lesson.instance["lr"]))
    right, _ = lesson.rehearsed(1)
    moved = torch.cat(
        [
            (after[name] - given[name]).abs()[((right[name] - given[name]).abs() - lr).abs() < 1e-6]
            for name in given
        ]
    )
    if moved.numel() < 3 or float(moved.min()) < 1e-7:
        return None
    rate = float(moved.median())
    if float(moved.max() - moved.min()) > 0.01 * rate or abs(rate - lr) < 0.02 * lr:
        return None
    return (
        f"The first epoch moves each weight by {rate:.3g}. With Adam that is the learning rate, "
        f"and the one that your function was given is {lr:g}."
    )


def _state(answer: Answer, given: State) -> State | None:
    """The weights that a call left the model with, if they are what they should be in form."""
    extra = answer.extra
    found = extra[0] if isinstance(extra, list) and extra and isinstance(extra[0], dict) else {}
    state: dict[str, Tensor] = {}
    for name, before in given.items():
        weight = found.get(name)
        if not isinstance(weight, Tensor) or weight.shape != before.shape:
            return None
        if not weight.is_floating_point() or not bool(torch.isfinite(weight).all()):
            return None
        state[name] = weight.float()
    return state


def _numbers(value: object) -> list[float]:
    """The losses that a function returned; NaN for what is no number, nothing if none is."""
    if isinstance(value, Tensor) and value.dim() == 1 and not value.is_complex():
        elements: list[float] = value.double().tolist()
        return elements
    if not isinstance(value, (list, tuple)):
        return []
    numbers = list(map(_number, value))
    return [] if set(numbers) == {None} else [math.nan if n is None else n for n in numbers]


def _number(value: object) -> float | None:
    if isinstance(value, Tensor) and value.numel() == 1 and not value.is_complex():
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None


def _shown(loss: float) -> float | None:
    """To six digits, which is more than can be seen; and JSON knows finite numbers only."""
    return float(f"{loss:.6g}") if math.isfinite(loss) else None


def _same(mine: float | None, right: float | None) -> bool:
    if mine is None or right is None:
        return False
    return abs(mine - right) <= LOSS_TOLERANCE * max(1.0, abs(right))


def _distance(one: State, other: State) -> float:
    return weight_distance(one, other)[0]
