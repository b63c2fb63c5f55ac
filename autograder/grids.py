"""The two sides of a comparison as data that can be drawn: bounded, rounded, marked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor

from autograder.checks import ATOL, RTOL
from autograder.report import MAX_CELLS, Cells, Grid, Side

_MAX_AXES = 4


def grids(expected: object, actual: object, axes: Sequence[str] = ()) -> tuple[Grid, ...]:
    """The student's side and the right one, those of them that are tensors or lists of numbers.

    Of a large tensor a part is kept, with the first element that is wrong in it.

    Args:
        axes: the names of the axes of what is expected.
    """
    mine, right = _tensor(actual), _tensor(expected)
    wrong = torch.zeros(0, 0, dtype=torch.int64)
    if mine is not None and right is not None and mine.shape == right.shape:
        wrong = _differing(mine, right).nonzero()
    place = wrong[0].tolist() if wrong.numel() else ()
    found = []
    sides: list[tuple[Side, object, Tensor | None]] = [
        ("actual", actual, mine),
        ("expected", expected, right),
    ]
    for side, value, tensor in sides:
        if tensor is None:
            continue
        # Which axis is which can be said of a right shape only.
        named = len(axes) == tensor.dim() and (right is None or tensor.shape == right.shape)
        kept = _kept(tensor.shape, place)
        found.append(
            Grid(
                side=side,
                dtype=_dtype(value),
                shape=tuple(tensor.shape),
                axes=tuple(axes) if named else (),
                kept=kept,
                values=_cells(tensor, kept),
                wrong=_places(wrong, kept),
            )
        )
    return tuple(found)


def _tensor(value: object) -> Tensor | None:
    if isinstance(value, Tensor):
        drawable = 1 <= value.dim() <= _MAX_AXES and value.numel() > 0
        return value.detach() if drawable else None
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        return None
    if not all(type(item) in (int, float) for item in value):
        return None
    if any(type(item) is int and abs(item) >= 2**63 for item in value):
        return None  # no tensor holds them
    whole = all(type(item) is int for item in value)
    return torch.tensor(value, dtype=torch.int64 if whole else torch.float64)


def _dtype(value: object) -> str:
    if isinstance(value, Tensor):
        return str(value.dtype).removeprefix("torch.")
    return type(value).__name__


def _differing(mine: Tensor, right: Tensor) -> Tensor:
    if not (mine.is_floating_point() or right.is_floating_point()) and not (
        mine.is_complex() or right.is_complex()
    ):
        return mine != right
    exact = torch.complex128 if mine.is_complex() or right.is_complex() else torch.float64
    return ~torch.isclose(
        mine.to(exact), right.to(exact), rtol=RTOL, atol=ATOL, equal_nan=True
    )  # fmt: skip


def _kept(shape: Sequence[int], place: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The indices of each axis to show: the first ones, the last, and that of `place`."""
    counts = list(shape)
    while math.prod(counts) > MAX_CELLS:
        longest = counts.index(max(counts))
        counts[longest] = max(counts[longest] * 3 // 4, 1)
    kept = []
    for axis, (count, size) in enumerate(zip(counts, shape, strict=True)):
        # From the most wanted to the least.
        wanted = [*place[axis : axis + 1], 0, size - 1, *range(1, min(size, count + 3))]
        kept.append(tuple(sorted(list(dict.fromkeys(wanted))[:count])))
    return tuple(kept)


def _cells(tensor: Tensor, kept: Sequence[Sequence[int]]) -> Cells:
    for axis, indices in enumerate(kept):
        tensor = tensor.index_select(axis, torch.tensor(indices))
    return _rounded(tensor.tolist())


def _rounded(value: object) -> Cells:
    """To four digits, and without what is less than any difference: the last bits may vary."""
    if isinstance(value, list):
        return tuple(map(_rounded, value))
    if isinstance(value, complex):
        return f"{value:.4g}"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return 0.0 if abs(value) < ATOL / 10 else float(f"{value:.4g}")
    assert isinstance(value, int)
    return value


def _places(wrong: Tensor, kept: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    if not wrong.numel():
        return ()
    flags = torch.zeros([1 + max(indices) for indices in kept], dtype=torch.bool)
    inside = wrong[(wrong < torch.tensor(flags.shape)).all(1)]
    flags[tuple(inside.T)] = True
    return tuple(place for place in itertools.product(*kept) if bool(flags[place]))
