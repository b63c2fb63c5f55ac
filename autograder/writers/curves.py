"""A training in a terminal: the two loss curves, and what the model said from epoch to epoch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from autograder.pictures import loss_range
from autograder.report import Training
from autograder.writers.page import Page

_INDENT = 2
_ROWS = 7
_COLUMNS = 60
_PER_EPOCH = 6  # columns, where there are few epochs

Curve = Sequence[float | None]


def loss_chart(page: Page, training: Training) -> None:
    """Both curves over the epochs; nothing where there is no loss to draw."""
    found = loss_range(training)
    if found is None:
        return
    low, high = found
    labels = [f"{high:.3g}", *[""] * (_ROWS - 2), f"{low:.3g}"]
    label_room = max(len("epoch"), *map(len, labels))
    room = page.width - _INDENT - label_room - 3
    epochs = training.loss_epochs
    columns = _columns(epochs, min(room, _COLUMNS))
    glyphs = page.glyphs
    rows: list[list[tuple[str, str]]] = [[(" ", "")] * columns for _ in range(_ROWS)]
    # Yours comes last: where both are, it is yours that is seen.
    for losses, mark, style in (
        (training.reference, glyphs.right, "green"),
        (training.losses, glyphs.mine, "red"),
    ):
        for column in range(columns):
            loss = _between(epochs, losses, column, columns)
            if loss is not None:
                share = (high - min(max(loss, low), high)) / (high - low)
                rows[round(share * (_ROWS - 1))][column] = (mark, style)
    front = " " * _INDENT
    page.line()
    legend = [(f"{'loss':>{label_room}}   ", "dim")]
    if any(loss is not None for loss in training.losses):
        legend += [(glyphs.mine, "red"), (" yours   ", "dim")]
    page.line(front, *legend, (glyphs.right, "green"), (" expected", "dim"))
    for label, row in zip(labels, rows, strict=True):
        page.line(front, (f"{label:>{label_room}} {glyphs.edge} ", "dim"), *row)
    page.line(front, (f"{'':{label_room}} {glyphs.corner}{glyphs.dash * (columns + 1)}", "dim"))
    first, last = str(epochs[0]), str(epochs[-1]) if len(epochs) > 1 else ""
    gap = " " * max(columns - len(first) - len(last), 1)
    page.line(front, (f"{'epoch':>{label_room}}   {first}{gap}{last}", "dim"))
    if any(loss is not None and not low <= loss <= high for loss in training.losses):
        page.paragraph("Losses beyond are drawn at the edge.", style="dim", indent=_INDENT)


def predictions(page: Page, training: Training) -> None:
    """What the model made of the text, wherever that changed."""
    if not training.predictions or training.source is None or training.target is None:
        return
    source, target = page.clean_line(training.source), page.clean_line(training.target)
    page.line()
    page.paragraph(
        f'What your model makes of "{source}", which should become "{target}":',
        style="dim",
        indent=_INDENT,
    )
    items = [
        f"{epoch}: {page.crop(page.clean_line(text), page.width // 2)}"
        + (f" {page.glyphs.passed}" if text == training.target else "")
        for epoch, text in training.turns
    ]
    page.items(items, first=" " * _INDENT + "epoch ")


def _columns(epochs: Sequence[int], room: int) -> int:
    steps = epochs[-1] - epochs[0]
    if steps == 0:
        return 1
    return steps * min(_PER_EPOCH, (room - 1) // steps) + 1 if steps < room else room


def _between(epochs: Sequence[int], losses: Curve, column: int, columns: int) -> float | None:
    """The curve at a column: on a straight line between the epochs on either side."""
    if columns == 1:
        return losses[0]
    at = epochs[0] + (epochs[-1] - epochs[0]) * column / (columns - 1)
    after = bisect_left(epochs, at)
    right = losses[after]
    if epochs[after] == at or after == 0:
        return right
    left = losses[after - 1]
    if left is None or right is None:
        return None
    share = (at - epochs[after - 1]) / (epochs[after] - epochs[after - 1])
    return left + share * (right - left)
