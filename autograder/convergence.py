"""Judging training from outside: trajectories decide, convergence shows.

A student's training function is given a model with weights that the grader chose, a learning rate
and data that nobody can foresee, and its weights are taken back afterwards. *Trajectory*: after a
few epochs of Adam those weights, and the losses on the way, must be where a right procedure puts
them. *Convergence*: after many epochs the weights that came back, put into the grader's own
network, must spell the target. What a student's process says of its own success counts for nothing.

Adam divides by the size of the gradient, so that tiny gradients can send two right procedures
apart. Instances are therefore vetted when they are drawn: single and double precision, summed and
mean loss must agree on them, and common wrong procedures must end somewhere else. What leaves
Adam's defaults only a little, or only after a while, is told apart by *long* trajectories.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import torch
from torch import Tensor
from torch.nn import functional

from autograder import adam
from autograder.adam import Update
from autograder.checks import Mismatch
from autograder.sandbox.wire import Call
from autograder.strategies import classes
from autograder.student import StudentFunction, StudentModel

WEIGHT_TOLERANCE = 1e-3
"""Between weights after a trajectory; right procedures stay ten times closer where vetted."""

LOSS_TOLERANCE = 1e-4
"""Between mean losses; right procedures stay ten times closer where vetted."""

CROSS_ENTROPY_LIMIT = 0.42
"""Mean cross-entropy of a model that has learned a word: a tied letter, or no memory, is above."""

CONVERGENCE_RATE, CONVERGENCE_EPOCHS = 0.05, 150

Weights = Mapping[str, Tensor]
Instance = dict[str, object]
"""Plain values, so that instances can be shipped: weights, inputs, labels, lr, epochs, and what a
right procedure makes of them."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training that a check asked for: enough to ask for it again and to look closer.

    Args:
        call: of the training function; how many epochs is its last argument.
        instance: what it was to learn.
        scale: of the losses: 1 for a mean over steps, their number for a sum.
    """

    call: Call
    instance: Instance
    scale: float

    @property
    def epochs(self) -> int:
        return int(str(self.instance["epochs"]))

    @property
    def given(self) -> dict[str, Tensor]:
        """The weights before the first epoch."""
        return _weights(self.instance["weights"])

    @property
    def right_losses(self) -> list[float]:
        """Of all epochs, as the function should return them."""
        return [loss * self.scale for loss in _losses(self.instance)]

    def stopped_after(self, epochs: int) -> Call:
        """The same call for another number of epochs."""
        return dataclasses.replace(self.call, args=(*self.call.args[:-1], epochs))

    def rehearsed(self, epochs: int, *mistakes: str) -> tuple[dict[str, Tensor], list[float]]:
        """Weights and losses of so many epochs here, trained right or with these of `MISTAKES`."""
        instance = {**self.instance, "epochs": epochs}
        weights, losses = _train(instance, _Procedure(**dict.fromkeys(mistakes, True)))
        return weights, [loss * self.scale for loss in losses]


@contextlib.contextmanager
def _noted(train: StudentFunction, instance: Instance, scale: float) -> Iterator[None]:
    """Notes on a mismatch which training it speaks of."""
    try:
        yield
    except Mismatch as mismatch:
        call = train.student._last_call
        if call is not None:
            mismatch.lesson = Lesson(call, instance, scale)
        raise


@functools.lru_cache(64)
def trajectory_instance(
    seq: int, batch: int, input_size: int, hidden_size: int, seed: int
) -> Instance:
    """A vetted instance: random weights, letters and targets, a random rate and number of epochs.

    Args:
        seq, batch, input_size: of the one-hot inputs; labels are int64 (seq, batch).
        hidden_size: of the state, whose elements are the logits.
        seed: where to start looking.

    Returns:
        ``weights``, ``inputs``, ``labels``, ``lr``, ``epochs``; and ``final`` (weights) and
        ``losses`` (the mean cross-entropy over all steps and samples before each update).
    """
    while True:
        instance = _drawn(seq, batch, input_size, hidden_size, seed)
        if _is_clear(instance):
            final, losses = _train(instance)
            return {**instance, "final": final, "losses": losses}
        seed += 100_003


@functools.lru_cache(64)
def long_trajectory_instance(
    seq: int, batch: int, input_size: int, hidden_size: int, scale: float, seed: int
) -> Instance:
    """An instance with many epochs, on which whatever is not Adam by default ends elsewhere.

    The loss soon stops falling, for schedules that wait for that; the first gradients are long
    and later ones short, for clipping; one feature of the inputs is always zero, for decay, which
    alone moves its weights; and one is tiny, for the eps that counts beside tiny gradients.

    Args:
        scale: of the loss that is trained on: 1 for a mean over steps, their number for a sum.

    Returns:
        As `trajectory_instance`; the inputs are not one-hot.
    """
    while True:
        instance = _drawn_for_long(seq, batch, input_size, hidden_size, seed)
        right = _told_apart(instance, scale)
        if right is not None:
            return {**instance, **right}
        seed += 100_003


def follows_trajectory(
    train: StudentFunction, model: StudentModel, instance: Instance, *, labels: Tensor, scale: float
) -> None:
    """Asks a training function to end where a right procedure does.

    Args:
        train: ``train(model, inputs, labels, lr, epochs)``, trains in place, returns losses.
        model: with the instance's weights.
        labels: in the shape that the function takes.
        scale: of the losses: 1 for a mean over steps, their number for a sum.

    Raises:
        Mismatch: ``type`` or ``value`` for the losses, ``convergence`` for the weights.
    """
    with _noted(train, instance, scale):
        losses, final = _trained(train, model, instance, labels)
        _same_training(losses, final, instance, scale)


@functools.lru_cache(64)
def convergence_instance(source: str, target: str, letters: str, seed: int) -> Instance:
    """A word to learn, with first weights from which a right procedure learns it.

    Args:
        source, target: texts of one length.
        letters: the vocabulary; its length is the size of input and hidden state.
    """
    size = len(letters)
    index = {letter: place for place, letter in enumerate(letters)}
    inputs = functional.one_hot(torch.tensor([index[c] for c in source]), size).float().unsqueeze(1)
    labels = torch.tensor([[index[c]] for c in target])
    while True:
        instance: Instance = {
            "weights": _random_weights(size, size, seed, 0.1), "inputs": inputs, "labels": labels,
            "lr": CONVERGENCE_RATE, "epochs": CONVERGENCE_EPOCHS, "letters": letters,
        }  # fmt: skip
        right = _stable(instance, 1.0, [])
        if right is not None:
            text, loss = spelled(_weights(right["final"]), inputs, labels, letters)
            if text == target and loss <= CROSS_ENTROPY_LIMIT - 0.04:
                return {**instance, **right, "source": source, "target": target}
        seed += 100_003


def fresh_pair(seed: int) -> tuple[str, str, str]:
    """A source, a target and their letters: a pair that can be learned from nearly any start.

    Drawn from the table of such pairs, with letters put in for its numbers.
    """
    table = _gold_table()
    pattern = table[seed % len(table)]
    generator = torch.Generator().manual_seed(seed)
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    letters = [alphabet[i] for i in torch.randperm(26, generator=generator)[:4].tolist()]
    relabelled = torch.randperm(4, generator=generator).tolist()
    source = "".join(letters[i] for i in pattern["x"])
    target = "".join(letters[relabelled[i]] for i in pattern["y"])
    return source, target, "".join(sorted(letters))


def converges(
    train: StudentFunction, build: StudentFunction, instances: Iterable[Instance], *, flat: bool
) -> None:
    """Asks a training function to teach a model a word, with further tries from other weights.

    Args:
        instances: one for each try; a further one is drawn only if it is needed.
        flat: labels are (seq * batch,), and the loss is the mean over all steps, not their sum.

    Raises:
        Mismatch: ``convergence``, with what the model that came back spells; or that it was not
            trained as it should be for all the epochs, as `follows_trajectory` says it.
    """
    failure: Mismatch | None = None
    for instance in instances:
        scale = 1.0 if flat else float(len(_tensor(instance["inputs"])))
        try:
            with _noted(train, instance, scale):
                _learns(train, build, instance, scale, flat=flat)
            return
        except Mismatch as mismatch:
            failure = failure or mismatch
    assert failure is not None
    raise failure


def _learns(
    train: StudentFunction,
    build: StudentFunction,
    instance: Instance,
    scale: float,
    *,
    flat: bool,
) -> None:
    inputs, labels = _tensor(instance["inputs"]), _tensor(instance["labels"])
    letters, target = str(instance["letters"]), str(instance["target"])
    size = len(letters)
    model = build.build(size, size, inputs.shape[1], weights=_weights(instance["weights"]))
    given = labels.reshape(-1) if flat else labels
    losses, final = _trained(train, model, instance, given)
    text, loss = spelled(final, inputs, labels, letters)
    if text != target or loss > CROSS_ENTROPY_LIMIT:
        raise Mismatch(
            "convergence",
            f"After {instance['epochs']} epochs with lr={instance['lr']} your model turns "
            f'"{instance["source"]}" into "{text}" (mean cross-entropy {loss:.2f}); it should say '
            f'"{target}" by then, and be sure of it (at most {CROSS_ENTROPY_LIMIT}).',
            expected=target,
            actual=text,
        )
    _same_training(losses, final, instance, scale)


def spelled(weights: Weights, inputs: Tensor, labels: Tensor, letters: str) -> tuple[str, float]:
    """What a network with these weights says, and its mean cross-entropy: computed here."""
    with torch.no_grad():
        logits = _forward(weights, inputs, _Procedure())
        loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    return "".join(letters[i] for i in logits[:, 0].argmax(1).tolist()), float(loss)


class _Procedure:
    """How to train; the defaults are right, and each other value is a common mistake."""

    def __init__(self, **changed: object) -> None:
        self.detach = bool(changed.get("detach"))
        self.softmax = bool(changed.get("softmax"))
        self.keep_gradients = bool(changed.get("keep_gradients"))
        self.renew_optimizer = bool(changed.get("renew_optimizer"))
        self.restart_hidden = bool(changed.get("restart_hidden"))
        self.without_bias = bool(changed.get("without_bias"))
        self.skip_last = bool(changed.get("skip_last"))
        self.shift_labels = bool(changed.get("shift_labels"))
        self.sum = bool(changed.get("sum"))
        self.double = bool(changed.get("double"))


MISTAKES = (
    "detach", "softmax", "keep_gradients", "renew_optimizer", "restart_hidden", "without_bias",
    "skip_last", "shift_labels",
)  # fmt: skip
"""Common wrong procedures, which every trajectory tells from a right one."""

_RIGHT = (_Procedure(double=True), _Procedure(sum=True))
_WRONG = tuple(_Procedure(**{name: True}) for name in MISTAKES)
_AGREE = (1e-5, 1e-4)  # how near each of the right variants must be
_APART = 0.02  # how far each wrong procedure must be


def _is_clear(instance: Instance) -> bool:
    final, losses = _train(instance)
    for procedure, limit in zip(_RIGHT, _AGREE, strict=True):
        other, others = _train(instance, procedure)
        scale = _tensor(instance["labels"]).numel() if procedure.sum else 1
        drift = max(abs(mine - one / scale) for mine, one in zip(losses, others, strict=True))
        if weight_distance(other, final)[0] > limit or drift > LOSS_TOLERANCE / 10:
            return False
    return all(
        weight_distance(_train(instance, procedure)[0], final)[0] >= _APART for procedure in _WRONG
    )


_ROUNDINGS = [Update(rounding=seed) for seed in (1, 2, 3)]
_NOT_BY_DEFAULT = (
    Update(schedule=lambda epoch: 0.1 if epoch >= 50 else 1.0),
    Update(schedule=lambda epoch: 0.5 if epoch >= 50 else 1.0),
    Update(schedule=lambda epoch: 0.999**epoch),
    Update(patience=10),
    Update(clip=1.0),
    Update(clip=0.25),
    Update(decay=1e-5),
    Update(decoupled_decay=1e-4),
    Update(eps=1e-7),
    Update(betas=(0.9, 0.99)),
    Update(betas=(0.9, 0.9999)),
    Update(betas=(0.95, 0.999)),
    Update(amsgrad=True),
)
_APART_FROM_DEFAULT = 2.5 * WEIGHT_TOLERANCE


def _told_apart(instance: Instance, scale: float) -> Instance | None:
    """The final weights and losses, if all of these end elsewhere and roundings do not."""
    weights, inputs, labels = _data(instance)
    if adam.first_norm(weights, inputs, labels, scale) < 1.2:
        return None  # clipping at 1 would hardly show
    return _stable(instance, scale, _NOT_BY_DEFAULT)


def _stable(instance: Instance, scale: float, wrong: Sequence[Update]) -> Instance | None:
    """The final weights and losses, if they depend on roundings ten times less than may be.

    Args:
        wrong: what has to end elsewhere, too.
    """
    weights, inputs, labels = _data(instance)
    lr, epochs = float(str(instance["lr"])), int(str(instance["epochs"]))

    def trained(updates: Sequence[Update], dtype: torch.dtype) -> tuple[dict[str, Tensor], Tensor]:
        return adam.trained(
            weights, inputs, labels, lr=lr, epochs=epochs, scale=scale, updates=updates, dtype=dtype
        )

    single, single_losses = trained([Update(), *_ROUNDINGS], torch.float32)
    double, losses = trained([Update(), *_ROUNDINGS, *wrong], torch.float64)
    final = {name: weight[0].float() for name, weight in double.items()}
    losses = losses / scale
    drift = max(
        float((found - losses[:, :1]).abs().max())
        for found in (losses[:, : 1 + len(_ROUNDINGS)], single_losses / scale)
    )
    rounded = [_nth(single, i) for i in range(1 + len(_ROUNDINGS))]
    rounded += [_nth(double, 1 + i) for i in range(len(_ROUNDINGS))]
    others = [_nth(double, 1 + len(_ROUNDINGS) + i) for i in range(len(wrong))]
    if (
        drift > LOSS_TOLERANCE / 10
        or any(weight_distance(other, final)[0] > WEIGHT_TOLERANCE / 10 for other in rounded)
        or any(weight_distance(other, final)[0] < _APART_FROM_DEFAULT for other in others)
    ):
        return None
    return {"final": final, "losses": losses[:, 0].tolist()}


def _nth(weights: Weights, index: int) -> dict[str, Tensor]:
    return {name: weight[index].float() for name, weight in weights.items()}


def _drawn(seq: int, batch: int, input_size: int, hidden_size: int, seed: int) -> Instance:
    generator = torch.Generator().manual_seed(seed)
    # Nowhere near the 0.05 that many would write into their code.
    rate = 0.03 + 0.03 * float(torch.rand((), generator=generator))
    letters = classes(seq, batch, count=input_size, seed=seed + 1)
    return {
        "weights": _random_weights(input_size, hidden_size, seed, 0.3),
        "inputs": functional.one_hot(letters, input_size).float(),
        "labels": classes(seq, batch, count=hidden_size, seed=seed + 2),
        "lr": round(rate if rate < 0.045 else rate + 0.01, 4),
        "epochs": int(torch.randint(6, 11, (), generator=generator)),
    }


def _drawn_for_long(seq: int, batch: int, input_size: int, hidden_size: int, seed: int) -> Instance:
    generator = torch.Generator().manual_seed(seed)
    weights = _random_weights(input_size, hidden_size, seed, 0.3)
    # Alike at every step, and mostly with the same label: that makes the first gradients long.
    alike = torch.randn(1, 1, input_size, generator=generator)
    inputs = 3 * alike + 1.5 * torch.randn(seq, batch, input_size, generator=generator)
    inputs[..., 0] = 0
    weights["weight_ih"][:, 0] *= 10
    inputs[..., 1] *= 1e-5
    labels = classes(seq, batch, count=hidden_size, seed=seed + 1)
    usual = classes(1, count=hidden_size, seed=seed + 2)
    labels = torch.where(torch.rand(seq, batch, generator=generator) < 0.7, usual, labels)
    return {
        "weights": weights, "inputs": inputs, "labels": labels,
        "lr": round(0.15 + 0.15 * float(torch.rand((), generator=generator)), 4),
        "epochs": int(torch.randint(70, 81, (), generator=generator)),
    }  # fmt: skip


def _random_weights(
    input_size: int, hidden_size: int, seed: int, scale: float
) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shapes = {
        "weight_ih": (hidden_size, input_size), "weight_hh": (hidden_size, hidden_size),
        "bias_ih": (hidden_size,), "bias_hh": (hidden_size,),
    }  # fmt: skip
    return {name: scale * torch.randn(shape, generator=generator) for name, shape in shapes.items()}


def _train(
    instance: Instance, how: _Procedure | None = None
) -> tuple[dict[str, Tensor], list[float]]:
    """Trains as `how` says, with an Adam of our own (Kingma & Ba 2015, algorithm 1)."""
    how = how or _Procedure()
    dtype = torch.float64 if how.double else torch.float32
    lr = float(str(instance["lr"]))
    inputs, labels = _tensor(instance["inputs"]).to(dtype), _tensor(instance["labels"])
    weights = {
        name: weight.to(dtype).clone().requires_grad_()
        for name, weight in _weights(instance["weights"]).items()
    }
    names = [name for name in weights if not (how.without_bias and name.startswith("bias"))]
    first = {name: torch.zeros_like(weights[name]) for name in names}
    second = {name: torch.zeros_like(weights[name]) for name in names}
    kept = {name: torch.zeros_like(weights[name]) for name in names}
    losses: list[float] = []
    step = 0
    for _ in range(int(str(instance["epochs"]))):
        logits = _forward(weights, inputs, how)
        loss = _loss(logits, labels, how)
        losses.append(float(loss.detach()))
        gradients = torch.autograd.grad(loss, [weights[name] for name in names])
        if how.renew_optimizer:
            step = 0
            for moment in (*first.values(), *second.values()):
                moment.zero_()
        step += 1
        with torch.no_grad():
            for name, fresh in zip(names, gradients, strict=True):
                kept[name] = kept[name] + fresh if how.keep_gradients else fresh
                gradient = kept[name]
                first[name].mul_(0.9).add_(gradient, alpha=0.1)
                second[name].mul_(0.999).addcmul_(gradient, gradient, value=0.001)
                size = (second[name] / (1 - 0.999**step)).sqrt_().add_(1e-8)
                weights[name].sub_(lr / (1 - 0.9**step) * first[name] / size)
    return {name: weight.detach().float() for name, weight in weights.items()}, losses


def _forward(weights: Weights, inputs: Tensor, how: _Procedure) -> Tensor:
    """Hidden states (seq, batch, hidden), which are the logits."""
    start = torch.zeros(inputs.shape[1], len(weights["bias_hh"]), dtype=inputs.dtype)
    hidden, states = start, []
    for x in inputs:
        if how.restart_hidden:
            hidden = start
        hidden = torch.tanh(
            functional.linear(x, weights["weight_ih"], weights["bias_ih"])
            + functional.linear(hidden, weights["weight_hh"], weights["bias_hh"])
        )
        states.append(hidden)
        if how.detach:
            hidden = hidden.detach()
    return torch.stack(states)


def _loss(logits: Tensor, labels: Tensor, how: _Procedure) -> Tensor:
    if how.softmax:
        logits = logits.softmax(-1)
    if how.shift_labels:
        labels = labels.roll(1, 0)
    if how.skip_last:
        logits, labels = logits[:-1], labels[:-1]
    reduction = "sum" if how.sum else "mean"
    return functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction=reduction)


def _trained(
    train: StudentFunction, model: StudentModel, instance: Instance, labels: Tensor
) -> tuple[object, dict[str, Tensor]]:
    """What the function returned, and the weights that the model has afterwards."""
    inputs = _tensor(instance["inputs"])
    arguments = (model, inputs, labels, instance["lr"], instance["epochs"])
    answer = train.ask("arguments", arguments, {})
    extra = answer.extra if isinstance(answer.extra, list) else []
    weights = extra[0] if extra and isinstance(extra[0], dict) else {}
    wanted = _weights(instance["weights"])
    for name, given in wanted.items():
        found = weights.get(name)
        if not isinstance(found, Tensor) or found.shape != given.shape:
            raise Mismatch(
                "convergence",
                f"After training, the model has no {name} of the shape it had before.",
            )
        if not bool(torch.isfinite(found).all()):
            raise Mismatch(
                "convergence", f"After training, {name} is no longer finite.", actual=found,
                expected="finite weights",
            )  # fmt: skip
        if found.dtype != given.dtype:
            raise Mismatch(
                "dtype",
                f"After training, the model's {name} holds {_dtype(found)}; it held "
                f"{_dtype(given)} before, and should still do so.",
            )
    for name, before, after in zip(("inputs", "labels"), (inputs, labels), extra[1:3]):
        if not isinstance(after, Tensor) or not torch.equal(after, before):
            raise Mismatch(
                "mutated_argument",
                f"`{name}` has other values after the training than before. Whoever called your "
                "function may still need it: work on a new tensor.",
                expected=before,
                actual=after,
            )
    frozen, switched = extra[5:7] if len(extra) == 7 else ([], [])
    if frozen:
        raise Mismatch(
            "convergence",
            "After training, the model's weights no longer require gradients (requires_grad is "
            "False), so nobody could train it further.",
        )
    if switched:
        raise Mismatch(
            "convergence",
            "After training, gradients are switched off for everything that follows: use "
            "`with torch.no_grad():` around what needs it, not torch.set_grad_enabled(False).",
        )
    return answer.value, {name: weights[name] for name in wanted}


def _same_training(losses: object, final: Weights, instance: Instance, scale: float) -> None:
    """Compares the losses of all epochs, then the weights after the last one."""
    _same_losses(losses, [loss * scale for loss in _losses(instance)], LOSS_TOLERANCE * scale)
    distance, name = weight_distance(final, _weights(instance["final"]))
    if distance <= WEIGHT_TOLERANCE:
        return
    epochs = instance["epochs"]
    if weight_distance(final, _weights(instance["weights"]))[0] == 0:
        message = (
            f"After {epochs} epochs the weights are exactly as they were: nothing was trained."
        )
    else:
        message = (
            f"The losses are right, but after {epochs} epochs the weights are not where Adam "
            f"with lr={instance['lr']} leads: {name} is off by {distance:.2g}."
        )
        idle = (_tensor(instance["inputs"]) == 0).all(0).all(0)
        before = _weights(instance["weights"])["weight_ih"]
        if not torch.equal(final["weight_ih"][:, idle], before[:, idle]):
            message += (
                " Weights of an input that is always zero have moved too: it is something else "
                "than the data that moves them, such as weight_decay."
            )
        elif int(str(epochs)) > _MANY:
            message += f" It is nearly so: {_NEARLY_ADAM}"
    raise Mismatch("convergence", message, expected=_weights(instance["final"]), actual=final)


def _same_losses(losses: object, right: Sequence[float], tolerance: float) -> None:
    if not isinstance(losses, (list, tuple)) or not all(type(loss) is float for loss in losses):
        shown = ", ".join(sorted({type(loss).__name__ for loss in losses})) if isinstance(
            losses, (list, tuple)
        ) else type(losses).__name__  # fmt: skip
        raise Mismatch(
            "type",
            f"The losses should be a list of Python floats, and are of type {shown}. "
            "loss.item() makes a float of a tensor.",
            expected=list(right),
            actual=losses,
        )
    if len(losses) != len(right):
        raise Mismatch(
            "value",
            f"There should be one loss for each of the {len(right)} epochs, and there are "
            f"{len(losses)}.",
            expected=list(right),
            actual=losses,
        )
    for epoch, (mine, wanted) in enumerate(zip(losses, right, strict=True), 1):
        if not abs(mine - wanted) <= tolerance:
            raise Mismatch(
                "value", _parting(epoch, losses, right), expected=list(right), actual=losses
            )


_MANY = 10  # epochs, after which a wrong procedure would have shown
_NEARLY_ADAM = (
    "is there a schedule for the learning rate, a limit for gradients, or another option of the "
    "optimiser?"
)


def _parting(epoch: int, losses: Sequence[float], right: Sequence[float]) -> str:
    mine, wanted = losses[epoch - 1], right[epoch - 1]
    text = (
        f"From epoch {epoch} on your losses leave those of the reference: {mine:.4f} instead of "
        f"{wanted:.4f}"
    )
    if not math.isfinite(mine):
        return f"{text}."
    if epoch == 1:
        large, small = mine / wanted if wanted else 0.0, wanted / mine if mine else 0.0
        if round(large) > 1 and abs(large - round(large)) < 1e-3:
            return f"{text}, {round(large)} times less: do you sum where the mean is asked for?"
        if round(small) > 1 and abs(small - round(small)) < 1e-3:
            return f"{text}, {round(small)} times more: is it the sum that is asked for?"
        return f"{text}. No update has happened by then, so look at the forward pass and the loss."
    if abs(mine - losses[0]) < 1e-6:
        return f"{text}: the same as in epoch 1, as if no update had happened in between."
    if epoch > _MANY:
        return f"{text}. All epochs before are right: {_NEARLY_ADAM}"
    return (
        f"{text}. The forward pass and the loss are right (epoch 1 agrees), so look at what an "
        "update does: zero_grad, backward, step, and one optimiser for all epochs."
    )


def _data(instance: Instance) -> tuple[dict[str, Tensor], Tensor, Tensor]:
    return _weights(instance["weights"]), _tensor(instance["inputs"]), _tensor(instance["labels"])


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _losses(instance: Instance) -> list[float]:
    losses = instance["losses"]
    assert isinstance(losses, list)
    return losses


def weight_distance(found: Weights, right: Weights) -> tuple[float, str]:
    """How far any weight is from where it should be, and which."""
    distances = {name: float((found[name] - right[name]).abs().max()) for name in right}
    name = max(distances, key=lambda key: distances[key])
    return distances[name], name


def _tensor(value: object) -> Tensor:
    assert isinstance(value, Tensor)
    return value


def _weights(value: object) -> dict[str, Tensor]:
    assert isinstance(value, dict)
    return value


@functools.cache
def _gold_table() -> list[dict[str, list[int]]]:
    text = files("autograder").joinpath("gold_pairs.json").read_text(encoding="utf-8")
    table: list[dict[str, list[int]]] = json.loads(text)
    return table
