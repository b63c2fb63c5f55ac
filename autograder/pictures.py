"""Pictures for pages: inline SVG that reads in light and dark, and aloud.

Colours are those of the page: axes and words have its text colour, and the curves have the CSS
variables ``--yours`` and ``--expected`` where it sets them. What colour tells, shape tells too.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence

from autograder.report import Training

_WIDTH, _HEIGHT = 480, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 40, 34  # room for numbers, and for what the curves are
_YOURS, _EXPECTED = "var(--yours, #e8590c)", "var(--expected, #2f9e44)"
_BEYOND = 1.5  # of the reference's range: so far above or below it losses are still drawn

Curve = Sequence[float | None]
Point = tuple[float, float]
Scale = Callable[[float], float]


def loss_range(training: Training) -> tuple[float, float] | None:
    """The lowest and the highest loss to draw; None where there is no loss.

    A loss that explodes must not flatten all the others: what lies far beyond the reference's is
    drawn at the edge.
    """
    known = [loss for loss in (*training.losses, *training.reference) if loss is not None]
    if not known:
        return None
    right = [loss for loss in training.reference if loss is not None] or known
    beyond = _BEYOND * (max(right) - min(right))
    low = max(min(known), min(right) - beyond)
    high = min(max(known), max(right) + beyond)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def loss_curve(training: Training) -> str:
    """Both loss curves as an ``<svg>`` element for a page; empty where there is no loss."""
    found = loss_range(training)
    if found is None:
        return ""
    low, high = found
    epochs = training.loss_epochs
    first, last = epochs[0], max(epochs[-1], epochs[0] + 1)

    def x(epoch: float) -> float:
        return _LEFT + (epoch - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(loss: float) -> float:
        share = (high - min(max(loss, low), high)) / (high - low)
        return _TOP + share * (_HEIGHT - _TOP - _BOTTOM)

    def points(losses: Curve) -> list[Point | None]:
        return [
            None if loss is None else (x(epoch), y(loss))
            for epoch, loss in zip(epochs, losses, strict=True)
        ]

    said = _said(training)
    mark = hashlib.sha256(repr(training).encode()).hexdigest()[:10]  # of its own on a page of many
    has_mine = any(loss is not None for loss in training.losses)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="loss-curve" role="img" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" style="max-width: 100%; height: auto" '
        f'aria-labelledby="title-{mark} desc-{mark}" font-family="inherit" font-size="12" '
        f'fill="currentColor">',
        f'<title id="title-{mark}">Loss by epoch, yours and the expected one</title>',
        f'<desc id="desc-{mark}">{said}</desc>',
        *_axes(_ticks(low, high, 4), _whole_ticks(first, epochs[-1]), x, y),
        *_parted(training, x),
        *_line(points(training.reference), _EXPECTED, dashed=True),
        *_line(points(training.losses), _YOURS, dashed=False),
        *(_key(_WIDTH - 180, "yours", _YOURS, dashed=False) if has_mine else ()),
        *_key(_WIDTH - 100, "expected", _EXPECTED, dashed=True),
        "</svg>",
    ]
    return "\n".join(parts)


def _said(training: Training) -> str:
    """The picture in words. Numbers and our own words alone, so that nothing needs escaping."""
    parts = [f"Losses of {training.loss_epochs[-1]} epochs."]
    for name, losses in (("Yours", training.losses), ("Expected", training.reference)):
        known = [loss for loss in losses if loss is not None]
        if known:
            parts.append(f"{name}: from {known[0]:.3g} to {known[-1]:.3g}.")
        else:
            parts.append(f"{name}: no finite number.")
    return " ".join(filter(None, (*parts, training.parting)))


def _axes(losses: Sequence[float], epochs: Sequence[int], x: Scale, y: Scale) -> Iterator[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    for loss in losses:
        height = _at(y(loss))
        yield (
            f'<path d="M{_LEFT} {height}H{right}" stroke="currentColor" stroke-opacity=".15"/>'
            f'<text x="{_LEFT - 6}" y="{height}" dy=".35em" text-anchor="end" opacity=".7">'
            f"{loss:.4g}</text>"
        )
    yield f'<path d="M{_LEFT} {bottom}H{right}" stroke="currentColor" stroke-opacity=".6"/>'
    for epoch in epochs:
        yield (
            f'<text x="{_at(x(epoch))}" y="{bottom + 15}" text-anchor="middle" opacity=".7">'
            f"{epoch}</text>"
        )
    yield (
        f'<text x="{(_LEFT + right) / 2:g}" y="{bottom + 29}" text-anchor="middle" opacity=".7">'
        "epoch</text>"
    )


def _parted(training: Training, x: Scale) -> Iterator[str]:
    if training.parted_at is None:
        return
    place = _at(x(training.parted_at))
    anchor = "start" if x(training.parted_at) < _WIDTH / 2 else "end"
    yield (
        f'<path d="M{place} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="currentColor" stroke-opacity=".5" '
        'stroke-dasharray="2 3"/>'
        f'<text x="{place}" y="{_TOP - 6}" text-anchor="{anchor}" font-size="11" opacity=".7">'
        f"apart from epoch {training.parted_at} on</text>"
    )


def _line(points: Sequence[Point | None], color: str, *, dashed: bool) -> Iterator[str]:
    """A curve, interrupted where there is no number; a single point is a dot."""
    dashes = ' stroke-dasharray="6 4"' if dashed else ""
    run: list[Point] = []
    for point in (*points, None):
        if point is not None:
            run.append(point)
        elif len(run) == 1:
            yield f'<circle cx="{_at(run[0][0])}" cy="{_at(run[0][1])}" r="3" fill="{color}"/>'
            run = []
        elif run:
            path = " ".join(f"{_at(a)},{_at(b)}" for a, b in run)
            yield (
                f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2" '
                f'stroke-linejoin="round"{dashes}/>'
            )
            run = []


def _key(left: int, word: str, color: str, *, dashed: bool) -> Iterator[str]:
    yield from _line([(left, 10), (left + 24, 10)], color, dashed=dashed)
    yield f'<text x="{left + 30}" y="14">{word}</text>'


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers between the two, about so many."""
    step = 10 ** math.floor(math.log10((high - low) / count))
    step = next(step * n for n in (1, 2, 5, 10) if (high - low) / (step * n) <= count)
    start = math.ceil(low / step)
    return [n * step for n in range(start, math.floor(high / step) + 1)]


def _whole_ticks(first: int, last: int) -> list[int]:
    """The first, the last, and round numbers between that are not too near to them."""
    if last - first < 2:
        return sorted({first, last})
    between = [round(n) for n in _ticks(first, last, 5) if n == round(n)]
    room = (last - first) / 10
    return [first, *(n for n in between if n - first > room and last - n > room), last]


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
