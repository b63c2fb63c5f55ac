"""Adam and its relatives, side by side: one network trained in many ways at once.

Whether a training kept to Adam's defaults shows only after many epochs, and only where the data
make a difference. To choose such data, a network is trained here with every variant that is to be
told apart, and with roundings several times as coarse as single precision's, which must not be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_COARSE = 3e-7  # relative: five times the rounding of float32


@dataclass(frozen=True, slots=True)
class Update:
    """What becomes of an epoch's gradients; the defaults are those of `torch.optim.Adam`.

    Args:
        schedule: the learning rate's factor in each epoch, counted from 0.
        patience: epochs without a better loss after which the rate falls to a tenth.
        clip: the length to which all gradients together are cut.
        decay: of the weights, through the gradients.
        decoupled_decay: of the weights, as in AdamW.
        betas, eps, amsgrad: as in torch.
        rounding: seed of random roundings, coarser than those of float32; 0 rounds nothing more.
    """

    schedule: Callable[[int], float] = lambda epoch: 1.0
    patience: int | None = None
    clip: float = math.inf
    decay: float = 0.0
    decoupled_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    amsgrad: bool = False
    rounding: int = 0


def trained(
    weights: Mapping[str, Tensor],
    inputs: Tensor,
    labels: Tensor,
    *,
    lr: float,
    epochs: int,
    scale: float,
    updates: Sequence[Update],
    dtype: torch.dtype = torch.float64,
) -> tuple[dict[str, Tensor], Tensor]:
    """Trains a one-layer network, whose states are the logits, once for each update.

    Args:
        weights: ``weight_ih``, ``weight_hh``, ``bias_ih``, ``bias_hh``.
        inputs, labels: (seq, batch, input) and (seq, batch).
        scale: of the loss: 1 for the mean over all steps, their number for the sum.

    Returns:
        The final weights, each with a leading axis for the updates, and the losses of all epochs,
        (epochs, updates).
    """
    count, (hidden, width) = len(updates), weights["weight_ih"].shape
    flat = torch.cat([weights[name].to(dtype).flatten() for name in _NAMES]).repeat(count, 1)
    inputs, targets = inputs.to(dtype), labels.flatten().repeat(count)

    def column(values: Sequence[float]) -> Tensor:
        return torch.tensor(values, dtype=dtype)[:, None]

    first_beta = column([update.betas[0] for update in updates])
    second_beta = column([update.betas[1] for update in updates])
    eps = column([update.eps for update in updates])
    clip = column([update.clip for update in updates])
    decay = column([update.decay for update in updates])
    decoupled = column([update.decoupled_decay for update in updates])
    amsgrad = torch.tensor([update.amsgrad for update in updates])[:, None]
    noise = _noise(updates, flat.shape[1], epochs, dtype)
    rates = _Rates(updates)
    first, second, largest = (torch.zeros_like(flat) for _ in range(3))
    losses = []
    for epoch in range(epochs):
        flat.requires_grad_()
        loss = _losses(flat, inputs, targets, hidden, width) * scale
        [gradient] = torch.autograd.grad(loss.sum(), flat)
        losses.append(loss.detach())
        rate = lr * column(rates.of(epoch, losses[-1]))
        with torch.no_grad():
            flat = flat.detach()
            norm = gradient.norm(dim=1, keepdim=True)
            gradient = gradient * (clip / (norm + 1e-6)).clamp(max=1.0) + decay * flat
            first = first_beta * first + (1 - first_beta) * gradient
            second = second_beta * second + (1 - second_beta) * gradient**2
            largest = torch.maximum(largest, second)
            used = torch.where(amsgrad, largest, second)
            size = (used / (1 - second_beta ** (epoch + 1))).sqrt() + eps
            step = rate / (1 - first_beta ** (epoch + 1)) * first / size
            flat = (flat * (1 - rate * decoupled) - step) * (1 + noise[epoch])
    return _named(flat, hidden, width), torch.stack(losses)


def first_norm(
    weights: Mapping[str, Tensor], inputs: Tensor, labels: Tensor, scale: float
) -> float:
    """The length of all gradients together, before the first update."""
    hidden, width = weights["weight_ih"].shape
    flat = torch.cat([weights[name].flatten() for name in _NAMES])[None].requires_grad_()
    loss = _losses(flat, inputs, labels.flatten(), hidden, width) * scale
    return float(torch.autograd.grad(loss.sum(), flat)[0].norm())


_NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _Rates:
    """The learning rate's factors, epoch by epoch."""

    def __init__(self, updates: Sequence[Update]) -> None:
        self.updates = updates
        self.factors = [1.0] * len(updates)
        self.best = [math.inf] * len(updates)
        self.waited = [0] * len(updates)

    def of(self, epoch: int, losses: Tensor) -> list[float]:
        """Of this epoch, whose losses decide on those of later ones."""
        now = [
            factor * update.schedule(epoch)
            for factor, update in zip(self.factors, self.updates, strict=True)
        ]
        for index, (update, loss) in enumerate(zip(self.updates, losses.tolist(), strict=True)):
            if update.patience is None:
                continue
            # As `ReduceLROnPlateau` does by default.
            better = loss < self.best[index] * (1 - 1e-4)
            self.best[index] = loss if better else self.best[index]
            self.waited[index] = 0 if better else self.waited[index] + 1
            if self.waited[index] > update.patience:
                self.factors[index] *= 0.1
                self.waited[index] = 0
        return now


def _losses(flat: Tensor, inputs: Tensor, targets: Tensor, hidden: int, width: int) -> Tensor:
    """The mean cross-entropy of each of the networks."""
    weights = _named(flat, hidden, width)
    bias = (weights["bias_ih"] + weights["bias_hh"])[:, None]
    ahead = weights["weight_hh"].transpose(1, 2)
    driven = inputs[:, None] @ weights["weight_ih"].transpose(1, 2) + bias
    state = torch.zeros_like(driven[0])
    states = []
    for step in driven:
        state = torch.tanh(step + state @ ahead)
        states.append(state)
    logits = torch.stack(states, 1).reshape(-1, hidden)
    return functional.cross_entropy(logits, targets, reduction="none").view(len(flat), -1).mean(1)


def _named(flat: Tensor, hidden: int, width: int) -> dict[str, Tensor]:
    shapes = ((hidden, width), (hidden, hidden), (hidden,), (hidden,))
    parts = torch.split(flat, [math.prod(shape) for shape in shapes], 1)
    return {
        name: part.reshape(-1, *shape)
        for name, part, shape in zip(_NAMES, parts, shapes, strict=True)
    }


def _noise(updates: Sequence[Update], size: int, epochs: int, dtype: torch.dtype) -> Tensor:
    noise = torch.zeros(epochs, len(updates), size, dtype=dtype)
    for index, update in enumerate(updates):
        if update.rounding:
            generator = torch.Generator().manual_seed(update.rounding)
            noise[:, index] = _COARSE * torch.randn(epochs, size, generator=generator)
    return noise
