"""Checks of smoothing that are never released."""

from __future__ import annotations

import torch
from autograder import close, points, task
from autograder.strategies import tensors
from hypothesis import given, settings


@task("softmax_of_large_scores", points=1, provides=("softmax",), hints=("exp(1000) is inf.",
      "A constant that is taken from all scores of a row changes no share."))  # fmt: skip
class TestLarge:
    @points(1)
    @settings(max_examples=25)
    @given(scores=tensors("row", "class"))
    def test_large(self, student, scores):
        """Large scores overflow nothing."""
        large = scores + 1000
        close(student.softmax(large), torch.softmax(large, 1), axes="row class")
