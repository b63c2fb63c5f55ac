"""The checks of smoothing."""

from __future__ import annotations

import torch
from autograder import close, points, raises, same_gradients, task, unchanged_arguments
from autograder.strategies import SEEDS, cases, numbers, sizes, tensors
from hypothesis import given, settings
from hypothesis import strategies as st


@cases
def steps(row, width, step, seed):
    """Scores whose rows are far apart, or not at all."""
    return numbers(row, width, seed=seed) + step * torch.arange(1.0, row + 1).unsqueeze(1)


SCORES = steps(row=sizes(high=3), width=sizes(), step=st.sampled_from([0, 100]), seed=SEEDS)


@task(
    "softmax",
    points=2,
    hints=(
        "exp of everything first; then, for each row, the sum that it is divided by.",
        "`sum(dim=1, keepdim=True)` keeps the axis, so that each row is divided by its own sum.",
    ),
)
class TestSoftmax:
    @points(1)
    @given(scores=SCORES)
    def test_values(self, student, scores):
        """Every row is shared out by the exp of its scores, however large."""
        close(student.softmax(scores), torch.softmax(scores, 1), axes="row class")

    @points(0.5)
    @settings(max_examples=25)
    @given(scores=tensors("row", "class"))
    def test_gradients(self, student, scores):
        """Gradients flow back to the scores."""
        same_gradients(student.softmax, lambda scores: torch.softmax(scores, 1), scores)

    @points(0.5)
    @settings(max_examples=25)
    @given(scores=tensors("row", "class"))
    def test_unchanged(self, student, scores):
        """The scores stay as they were."""
        unchanged_arguments(student.softmax, scores)


@cases
def windows(width, more, seed):
    """A series that has at least one window of this width."""
    return numbers(width + more, seed=seed), width


@task(
    "moving_average",
    points=2,
    hints=(
        "Window i holds the numbers i to i + width - 1. What is the last i?",
        "`series.unfold(0, width, 1)` has one window in each row.",
    ),
)
class TestMovingAverage:
    @points(1.5)
    @given(case=windows(width=sizes(), more=st.integers(0, 5), seed=SEEDS))
    def test_values(self, student, case):
        """Each number is the mean of its window."""
        series, width = case
        right = torch.stack([series[i : i + width].mean() for i in range(len(series) - width + 1)])
        close(student.moving_average(series, width), right, axes="time")

    @points(0.5)
    @settings(max_examples=25)
    @given(series=tensors("time"), more=st.integers(1, 3))
    def test_too_wide(self, student, series, more):
        """A window wider than the series raises ValueError."""
        raises(ValueError, student.moving_average, series, len(series) + more)
