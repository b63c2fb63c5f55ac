"""Tensors as data for pictures: bounded, rounded, marked, and never those of a hidden check."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import kit
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading import Grader
from autograder.grids import grids
from autograder.report import MAX_CELLS, Grid, Problem, report_schema
from autograder.sandbox.wire import Opaque


def both(expected: object, actual: object, axes: tuple[str, ...] = ()) -> tuple[Grid, Grid]:
    mine, right = grids(expected, actual, axes)
    assert (mine.side, right.side) == ("actual", "expected")
    return mine, right


def test_what_differs_is_marked_on_both_sides() -> None:
    right = torch.tensor([[0.5, -0.8837], [1.0, 2.0]])
    mine, other = both(right, right + torch.tensor([[0, 0.1], [1e-6, 0]]), ("batch", "hidden"))
    assert mine.wrong == other.wrong == ((0, 1),)
    assert mine.axes == ("batch", "hidden")
    assert mine.values == ((0.5, -0.7837), (1.0, 2.0))
    assert (mine.dtype, mine.shape, mine.is_whole) == ("float32", (2, 2), True)


def test_axes_of_another_shape_have_no_names() -> None:
    mine, right = both(torch.zeros(2, 3), torch.zeros(3, 2), ("batch", "hidden"))
    assert (mine.axes, right.axes) == ((), ("batch", "hidden"))
    assert mine.wrong == right.wrong == ()


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        (torch.tensor([math.nan, math.inf, -math.inf]), ("nan", "inf", "-inf")),
        (torch.tensor([1 + 2j]), ("1+2j",)),
        (torch.tensor([True, False]), (True, False)),
        (torch.tensor([2**62]), (2**62,)),
        (torch.tensor([1e-9, -0.0, 1 / 3]), (0.0, 0.0, 0.3333)),
        ([0.25, 3], (0.25, 3.0)),
        ((1, 2), (1, 2)),
    ],
)
def test_every_element_is_plain(value: object, cells: tuple[object, ...]) -> None:
    (grid,) = grids(None, value)
    assert grid.values == cells
    assert json.loads(json.dumps(grid.to_dict(), allow_nan=False))["values"] == list(cells)


@pytest.mark.parametrize(
    "value",
    [None, "hello", 3, torch.tensor(1.0), torch.zeros(0, 3), torch.zeros(1, 1, 1, 1, 1), [1],
     ["a", "b"], [True, False], [2**70, 1], Opaque("ndarray")],
)  # fmt: skip
def test_what_is_no_grid_gives_none(value: object) -> None:
    assert grids(value, value) == ()


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=4).filter(lambda s: math.prod(s) < 50_000),
    st.randoms(use_true_random=False),
)
def test_a_large_tensor_is_thinned_and_keeps_the_first_wrong_element(
    shape: list[int], random: Any
) -> None:
    right = torch.arange(math.prod(shape)).reshape(shape)
    place = tuple(random.randrange(size) for size in shape)
    wrong = right.clone()
    wrong[place] = -1
    mine, _ = both(right, wrong)
    assert math.prod(map(len, mine.kept)) <= MAX_CELLS
    assert mine.wrong == (place,)
    assert mine.is_whole == (right.numel() <= MAX_CELLS or mine.kept == _all(shape))
    cell: Any = mine.values
    for index, indices in zip(place, mine.kept, strict=True):
        cell = cell[indices.index(index)]
    assert cell == -1


def _all(shape: list[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(range(size)) for size in shape)


def test_a_problem_with_grids_survives_json_and_keeps_to_the_schema() -> None:
    pair = grids(torch.rand(2, 3, 2), torch.tensor([math.nan]))
    problem = Problem("value", "It differs.", grids=pair)
    data = json.loads(json.dumps(problem.to_dict(), allow_nan=False))
    schema = {"$ref": "#/$defs/problem", "$defs": report_schema()["$defs"]}
    jsonschema.validate(data, schema)
    again = Problem(**{**data, "grids": tuple(Grid(**grid) for grid in data["grids"])})
    assert again == problem
    assert "grids" not in Problem("value", "It differs.").to_dict()


@pytest.mark.parametrize(
    "fields",
    [
        {"side": "theirs"},
        {"axes": ("a", "b")},
        {"kept": ((0, 2),)},
        {"kept": ((1, 0),)},
        {"values": (1.0,)},
        {"values": (1.0, math.nan)},
        {"values": (1.0, None)},
        {"wrong": ((5,),)},
        {"shape": (300,), "kept": (tuple(range(300)),), "values": (0,) * 300},
    ],
    ids=str,
)
def test_a_grid_refuses_what_cannot_be_true(fields: dict[str, Any]) -> None:
    possible: dict[str, Any] = {
        "side": "actual", "dtype": "float32", "shape": (2,), "axes": ("seq",),
        "kept": ((0, 1),), "values": (1.0, 2.0), "wrong": ((1,),),
    }  # fmt: skip
    Grid(**possible)
    with pytest.raises((ValueError, TypeError)):
        Grid(**{**possible, **fields})


CHECK = """
@task("double", points=1)
class TestDouble:
    @points(1)
    def test_values{name}(self, student):
        close(student.double(torch.tensor([1.0, 4321.5])), torch.tensor([2.0, 8643.0]), axes="seq")
"""


def test_a_hidden_check_has_no_grids(tmp_path: Path) -> None:
    solution = "def double(x):\n    return 2 * x\n"
    public, hidden = (
        CHECK.format(name=""),
        CHECK.format(name="_again").replace('double",', 'twin",'),
    )
    hidden = hidden.replace("points=1)", 'points=1, provides=("double",))')
    found = kit.write_assignment(tmp_path, "twice", solution, public, hidden)
    with Grader(found, seed=1) as grader:
        report = grader.grade(kit.script("def double(x):\n    return x\n"))
    checks = kit.checks_of(report)
    shown, kept_back = checks["double.test_values"], checks["twin.test_values_again"]
    assert shown.problem is not None
    assert kept_back.problem is not None
    assert [grid.values for grid in shown.problem.grids] == [(1.0, 4322.0), (2.0, 8643.0)]
    assert (kept_back.visibility, kept_back.problem.grids) == ("hidden", ())
