"""Checks of smoothing that are never released."""

from __future__ import annotations

from autograder import points, same_gradients, task
from autograder.strategies import tensors
from hypothesis import given, settings
from hypothesis import strategies as st


@task(
    "smooth_learning",
    points=1,
    provides=("moving_average",),
    hints=("What if the series were weights?", "Stay in torch from the first line to the last."),
)
class TestLearning:
    @points(1)
    @settings(max_examples=25)
    @given(series=tensors("time", low=3), width=st.integers(1, 3))
    def test_gradients(self, student, series, width):
        """Gradients flow back to the series."""
        same_gradients(
            student.moving_average,
            lambda series, width: series.unfold(0, width, 1).mean(dim=1),
            series,
            width,
        )
