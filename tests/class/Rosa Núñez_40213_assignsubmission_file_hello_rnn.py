#!/usr/bin/env python3
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, overload

import torch
from torch import nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from jaxtyping import Float, Int  # only my editor has it

    Rows = Float[torch.Tensor, "seq_batch input"]
    Sequences = Float[torch.Tensor, "seq batch input"]


class Run(NamedTuple):
    outputs: Float[torch.Tensor, "seq batch hidden"]
    hidden: Float[torch.Tensor, "batch hidden"]


class Cell(Protocol):
    def __call__(self, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True)
class Layer:
    reads: int
    width: int

    @property
    def parameters(self) -> int:
        return self.width * self.reads + self.width**2 + 2 * self.width


def linear_parameters(in_features: int, out_features: int) -> int:
    return out_features * in_features + out_features


def conv2d_parameters(in_channels: int, out_channels: int, kernel_size: int) -> int:
    kernel: int = in_channels * kernel_size * kernel_size
    return out_channels * kernel + out_channels


def rnn_parameters(input_size: int, hidden_size: int, num_layers: int = 1) -> int:
    match num_layers:
        case 0:
            return 0
        case 1:
            layers = [Layer(input_size, hidden_size)]
        case _:
            further = [Layer(hidden_size, hidden_size)] * (num_layers - 1)
            layers = [Layer(input_size, hidden_size), *further]
    return sum(layer.parameters for layer in layers)


def rnn_cell_step(
    x: Float[torch.Tensor, "batch input"],
    h: Float[torch.Tensor, "batch hidden"],
    w_ih: torch.Tensor,
    w_hh: torch.Tensor,
    b_ih: torch.Tensor,
    b_hh: torch.Tensor,
) -> Float[torch.Tensor, "batch hidden"]:
    from_input: torch.Tensor = torch.einsum("bi,hi->bh", x, w_ih)
    from_state: torch.Tensor = torch.einsum("bg,hg->bh", h, w_hh)
    return torch.tanh(from_input + from_state + (b_ih + b_hh))


def run_cell(cell: Cell, inputs: Sequences, hidden: torch.Tensor) -> Run:
    steps: list[torch.Tensor] = []
    for x in inputs:
        steps.append(hidden := cell(x, hidden))
    return Run(outputs=torch.stack(steps), hidden=hidden)


def rnn_shapes(
    seq_len: int, batch_size: int, input_size: int, hidden_size: int, num_layers: int
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    return (seq_len, batch_size, hidden_size), (num_layers, batch_size, hidden_size)


@dataclass
class _Tower:
    cells: Sequence[Cell]
    states: list[torch.Tensor]
    top: list[torch.Tensor] = field(default_factory=list)

    def step(self, x: torch.Tensor) -> None:
        for k, (cell, state) in enumerate(zip(self.cells, self.states, strict=True)):
            x = self.states[k] = cell(x, state)
        self.top.append(x)


def run_layers(cells: Sequence[Cell], inputs: Sequences, hidden: torch.Tensor) -> Run:
    tower = _Tower(cells, [*hidden])
    for x in inputs:
        tower.step(x)
    return Run(torch.stack(tower.top), torch.stack(tower.states))


def build_vocab(text: str) -> tuple[list[str], dict[str, int]]:
    idx2char = sorted(dict.fromkeys(text))
    return idx2char, {char: idx for idx, char in enumerate(idx2char)}


@overload
def encode(text: str, char2idx: dict[str, int]) -> Int[torch.Tensor, "seq"]: ...
@overload
def encode(text: Iterable[str], char2idx: dict[str, int]) -> Int[torch.Tensor, "seq"]: ...
def encode(text, char2idx):
    return torch.tensor([char2idx[char] for char in text])


def one_hot(indices: Int[torch.Tensor, "seq"], num_classes: int) -> Rows:
    rows = torch.zeros(indices.shape[0], num_classes)
    rows[torch.arange(indices.shape[0]), indices] = 1
    return rows


def to_inputs(one_hot: Rows, batch_size: int) -> Sequences:
    return torch.stack(one_hot.chunk(one_hot.shape[0] // batch_size, dim=0))


def flatten_outputs(out: torch.Tensor, batch_first: bool = False) -> torch.Tensor:
    return torch.vstack([*(out.swapaxes(0, 1) if batch_first else out)])


def flatten_labels(labels: torch.Tensor, batch_first: bool = False) -> torch.Tensor:
    return torch.hstack([*(labels.mT if batch_first else labels)])


def decode(logits: torch.Tensor, idx2char: list[str]) -> str:
    _, best = logits.max(dim=1)
    return "".join(map(idx2char.__getitem__, best))


class CellModel(nn.Module):
    rnncell: nn.RNNCell

    def __init__(self, input_size: int, hidden_size: int, batch_size: int) -> None:
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.rnncell = nn.RNNCell(input_size, hidden_size)

    def init_hidden(self) -> Float[torch.Tensor, "batch hidden"]:
        return torch.zeros((self.batch_size, self.hidden_size))

    def forward(self, input: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        return self.rnncell(input, hidden)


def train_cell_model(
    model: CellModel, inputs: Sequences, labels: torch.Tensor, lr: float, epochs: int
) -> list[float]:
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses: list[float] = []
    for _ in range(epochs):
        hidden = model.init_hidden()
        loss = inputs.new_zeros(())
        for x, y in zip(inputs, labels, strict=True):
            hidden = model(x, hidden)
            loss = loss + F.cross_entropy(hidden, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


class RNNModel(nn.Module):
    rnn: nn.RNN

    def __init__(
        self, input_size: int, hidden_size: int, batch_size: int, num_layers: int = 1
    ) -> None:
        super().__init__()
        self.batch_size = batch_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn = nn.RNN(input_size, hidden_size, num_layers=num_layers)

    def forward(self, inputs: Sequences) -> torch.Tensor:
        out, _ = self.rnn(inputs)
        return out.reshape(-1, out.shape[-1])


def train_rnn_model(
    model: RNNModel, inputs: Sequences, labels: torch.Tensor, lr: float, epochs: int
) -> list[float]:
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses: list[float] = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
