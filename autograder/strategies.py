"""Hypothesis strategies for what exercises on neural networks are given.

Sizes shrink to 1 and texts to ``a``. Elements come from a seeded generator and have one decimal, so
that drawing costs little and the smallest failing example can be read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from torch import Tensor, nn

_T = TypeVar("_T")

SEEDS = st.integers(0, 2**16)
MAX_SIZE = 6


def sizes(low: int = 1, high: int = MAX_SIZE) -> SearchStrategy[int]:
    """The length of an axis."""
    return st.integers(low, high)


def tensors(*axes: str | int, low: int = 1, high: int = MAX_SIZE) -> SearchStrategy[Tensor]:
    """A float32 tensor with one axis for each name.

    Args:
        axes: a name draws a length between `low` and `high` (the same name, the same length); a
            number is the length itself.
    """
    names = sorted({axis for axis in axes if isinstance(axis, str)})

    def build(seed: int, *lengths: int) -> Tensor:
        named = dict(zip(names, lengths, strict=True))
        return numbers(
            *(named[axis] if isinstance(axis, str) else axis for axis in axes), seed=seed
        )

    return st.builds(build, SEEDS, *(sizes(low, high) for _ in names))


def numbers(*shape: int, seed: int) -> Tensor:
    """Float32 numbers with one decimal between -2 and 2, drawn with this seed."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-20, 21, shape, generator=generator).float() / 10


def classes(*shape: int, count: int, seed: int) -> Tensor:
    """Int64 numbers from 0 to ``count - 1``, drawn with this seed."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, count, shape, generator=generator)


def rnn_cell(input_size: int, hidden_size: int, *, seed: int) -> nn.RNNCell:
    """An `nn.RNNCell` whose weights have one decimal between -1 and 1, drawn with this seed."""
    cell = nn.RNNCell(input_size, hidden_size)
    with torch.no_grad():
        for index, weight in enumerate(cell.parameters()):
            weight.copy_(numbers(*weight.shape, seed=seed + index) / 2)
    return cell


def cases(build: Callable[..., _T]) -> Callable[..., SearchStrategy[_T]]:
    """Turns a function of drawn numbers into a strategy: ``cases(f)(seq=sizes(), seed=SEEDS)``.

    A composite strategy does the same; this one draws in one go, which costs a third.
    """

    @functools.wraps(build)
    def strategy(**drawn: SearchStrategy[Any]) -> SearchStrategy[_T]:
        return st.builds(build, **drawn)

    return strategy


def texts(alphabet: str, low: int = 1, high: int = 8) -> SearchStrategy[str]:
    """A text of these characters."""
    return st.text(alphabet, min_size=low, max_size=high)
