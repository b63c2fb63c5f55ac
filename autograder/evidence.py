"""What can be said of wrong results without knowing the mistake: only what holds in every case.

Each observation looks at all the results of a check, the wrong ones and what they should have been,
and says something only if it is true of every wrong one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from autograder.checks import Mismatch
from autograder.sandbox.wire import Call, Model


@dataclass(frozen=True, slots=True)
class Case:
    """One result of a check: what came, what should have come, and the names of the axes."""

    actual: Tensor
    expected: Tensor
    axes: tuple[str, ...]


_MOST_ELEMENTS = 100_000


def observe(failures: Sequence[Mismatch]) -> str | None:
    """One sentence that is true of all these failures, or nothing."""
    if any(failure.kind not in ("shape", "dtype", "value") for failure in failures):
        return None  # their messages say what is known
    if any(
        isinstance(failure.actual, Tensor) and failure.actual.numel() > _MOST_ELEMENTS
        for failure in failures
    ):
        return None  # looking closer would cost many times its memory
    cases = [
        Case(failure.actual, failure.expected.detach(), failure.axes)
        for failure in failures
        if isinstance(failure.actual, Tensor)
        and isinstance(failure.expected, Tensor)
        and not failure.actual.is_complex()
    ]
    if not cases or len(cases) != len(failures):
        return None
    for observation in _OBSERVATIONS:
        sentence = observation(cases)
        if sentence:
            return sentence
    return None


def observe_beside(failures: Sequence[tuple[Mismatch, Call]]) -> str | None:
    """One sentence on what the wrong results have to do with what was given, or nothing."""
    if len(failures) < 3 or any(error.kind not in ("shape", "value") for error, _ in failures):
        return None
    return _length_of_another(failures) or _argument_on_top(failures)


def tell_apart(passing: Sequence[Call], failing: Sequence[Call]) -> str | None:
    """What sets the calls that fail apart from those that pass: one size that decides, or nothing.

    Args:
        passing, failing: at least three of each, or nothing is said.
    """
    if min(len(passing), len(failing)) < 3:
        return None
    right, wrong = list(map(_sizes, passing)), list(map(_sizes, failing))
    for feature in right[0]:
        good = {sizes.get(feature) for sizes in right}
        bad = {sizes.get(feature) for sizes in wrong}
        if None in good | bad or good & bad:
            continue
        if len(good) == 1:
            return (
                f"It works only when {feature} is {good.pop()}: is a size or a choice written "
                "into your code?"
            )
        if len(bad) == 1:
            return f"It goes wrong exactly when {feature} is {bad.pop()}."
    return None


def observe_raised(messages: Sequence[str], calls: Sequence[Call]) -> str | None:
    """What torch's own messages have in common: a shape that is asked for whatever is given, or a
    length that is another's.

    Args:
        calls: what was given when they came.
    """
    beyond = re.compile(r"out of bounds for dimension \d+ with size (\d+)")
    lengths = [int(match[1]) for match in map(beyond.search, messages) if match]
    if len(lengths) == len(messages) == len(calls) and len(set(lengths)) > 1:
        feature = _always(lengths, calls)
        if feature:
            return f"What your code looks into is always {feature}: should it be?"
    refused = re.compile(r"shape '(\[[^\]]*\])' is invalid for input of size (\d+)")
    found = [match for match in map(refused.search, messages) if match]
    shapes, sizes = {match[1] for match in found}, {match[2] for match in found}
    if len(shapes) == 1 and len(sizes) > 2:
        return (
            f"Your code asks for the shape {shapes.pop()} whatever it is given: is a size written "
            "into it?"
        )
    return None


def _sizes(call: Call) -> dict[str, int]:
    """The numbers that describe a call: lengths of axes and lists, and whole numbers themselves."""
    sizes: dict[str, int] = {}

    def add(name: str, value: object) -> None:
        if isinstance(value, Tensor):
            for axis, length in enumerate(value.shape):
                sizes[f"axis {axis} of {name}"] = length
        elif isinstance(value, (list, tuple, str)):
            sizes[f"the length of {name}"] = len(value)
        elif isinstance(value, (int, bool)):
            sizes[name] = value
        elif isinstance(value, nn.Module):
            for attribute in ("input_size", "hidden_size"):
                if hasattr(value, attribute):
                    sizes[f"{attribute} of {name}"] = getattr(value, attribute)
        elif isinstance(value, Model):
            sizes[f"the number of arguments of {value.class_name}"] = len(value.args)
            for index, arg in enumerate(value.args):
                add(f"argument {index + 1} of {value.class_name}", arg)

    bound = call.function.startswith(".")
    for index, arg in enumerate(call.args[bound:]):
        named = index < len(call.names)
        add(f"`{call.names[index]}`" if named else f"argument {index + 1}", arg)
    for name, arg in call.kwargs.items():
        add(f"`{name}`", arg)
    for arg in call.args[:bound]:
        add("the model", arg)
    return sizes


def _always(lengths: Sequence[int], calls: Sequence[Call]) -> str | None:
    """Which of the calls' sizes these lengths are, in every call; in words."""
    sizes = list(map(_sizes, calls))
    for feature in sizes[0]:
        if all(own.get(feature) == length for own, length in zip(sizes, lengths, strict=True)):
            whole = feature.startswith("`")  # a number by itself, not the length of something
            return f"{feature} long" if whole else f"as long as {feature}"
    return None


def _length_of_another(failures: Sequence[tuple[Mismatch, Call]]) -> str | None:
    calls = [call for _, call in failures]
    shapes = [found for error, _ in failures if (found := _shapes(error)) is not None]
    if len(shapes) < len(failures) or len({len(mine) for mine, _ in shapes}) > 1:
        return None
    for axis in range(len(shapes[0][0])):
        mine = [shape[axis] for shape, _ in shapes]
        right = [shape[axis] if axis < len(shape) else 0 for _, shape in shapes]
        if sum(a != b for a, b in zip(mine, right, strict=True)) < 3 or len(set(mine)) < 2:
            continue
        feature = _always(mine, calls)
        if feature:
            axes = failures[0][0].axes
            named = f"The axis {axes[axis]} of your result" if len(axes) > axis else "Your result"
            return f"{named} is always {feature}."
    return None


def _shapes(error: Mismatch) -> tuple[Sequence[int], Sequence[int]] | None:
    """The student's lengths and the right ones."""
    mine, right = error.actual, error.expected
    if error.shapes is not None:
        return error.shapes
    if isinstance(mine, Tensor) and isinstance(right, Tensor):
        return mine.shape, right.shape
    if isinstance(mine, (str, list, tuple)) and isinstance(right, (str, list, tuple)):
        return (len(mine),), (len(right),)
    return None


def _argument_on_top(failures: Sequence[tuple[Mismatch, Call]]) -> str | None:
    """The right result and an argument added to it, or at least its first step."""
    for index in range(min(len(call.args) for _, call in failures)):
        for sign, word in ((1, "plus"), (-1, "minus")):
            for first in (False, True):
                if all(
                    _is_on_top(error, call.args[index], sign, first) for error, call in failures
                ):
                    name = _name(failures[0][1], index)
                    where = "In the first step, what" if first else "What"
                    return f"{where} you return is the right result {word} {name}."
    return None


def _is_on_top(error: Mismatch, argument: object, sign: int, first: bool) -> bool:
    mine, right = error.actual, error.expected
    if not (isinstance(mine, Tensor) and isinstance(right, Tensor) and mine.shape == right.shape):
        return False
    if not (isinstance(argument, Tensor) and mine.is_floating_point()):
        return False
    if first:
        if error.axes[:1] != ("seq",):
            return False
        mine, right = mine[0], right[0]
    same = mine.shape == argument.shape and mine.dtype == right.dtype == argument.dtype
    return same and _near(mine, right.detach() + sign * argument) and bool(argument.any())


def _name(call: Call, index: int) -> str:
    return f"`{call.names[index]}`" if index < len(call.names) else f"argument {index + 1}"


def _not_finite(cases: Sequence[Case]) -> str | None:
    if not all(case.actual.is_floating_point() for case in cases):
        return None
    if all(not bool(torch.isfinite(case.actual).all()) for case in cases):
        return (
            "There are values in it that are not finite (nan or inf): look for a division by zero "
            "or memory that was never filled, such as torch.empty."
        )
    return None


def _other_dtype(cases: Sequence[Case]) -> str | None:
    if all(
        case.actual.dtype != case.expected.dtype
        and case.actual.shape == case.expected.shape
        and _near(case.actual.to(case.expected.dtype), case.expected)
        for case in cases
    ):
        return "The values themselves are right; only their dtype is not."
    return None


def _transposed(cases: Sequence[Case]) -> str | None:
    rank = cases[0].expected.dim()
    for a, b in itertools.combinations(range(rank), 2):
        if all(
            case.expected.dim() == case.actual.dim() == rank
            and _near(case.actual, case.expected.transpose(a, b))
            for case in cases
        ):
            axes = cases[0].axes
            names = (axes[a], axes[b]) if len(axes) == rank else (f"axis {a}", f"axis {b}")
            return f"Your result is the right one with {names[0]} and {names[1]} swapped."
    return None


def _same_elements(cases: Sequence[Case]) -> str | None:
    """Right elements in the wrong order: a reshape where a transpose was meant, most often."""
    if all(
        case.actual.shape == case.expected.shape
        and case.expected.numel() > 1
        and _near(case.actual.flatten().sort()[0], case.expected.flatten().sort()[0])
        for case in cases
    ):
        return (
            "All the right elements are there, in the wrong places: reshape and view never move "
            "elements between axes."
        )
    return None


def _repeated(cases: Sequence[Case]) -> str | None:
    sides = [(set(c.actual.flatten().tolist()), set(c.expected.flatten().tolist())) for c in cases]
    if (
        all(case.actual.shape == case.expected.shape for case in cases)
        and all(mine <= right for mine, right in sides)
        and sum(mine < right for mine, right in sides) >= 3
        and any(len(right) > 2 for _, right in sides)
    ):
        return (
            "All that your result holds is in the right one, but it repeats some elements and "
            "leaves out others: is the same part taken again and again?"
        )
    return None


def _shifted(cases: Sequence[Case]) -> str | None:
    def late(case: Case) -> bool:
        return _near(case.actual[1:], case.expected[:-1])

    def early(case: Case) -> bool:
        return _near(case.actual[:-1], case.expected[1:])

    long = [case for case in cases if case.expected.dim() and case.expected.shape[0] > 1]
    if not long or any(case.actual.shape != case.expected.shape for case in cases):
        return None
    if len(long) == len(cases) and all(map(late, long)):
        return "Your results come one step late: each row is what the row before should be."
    if len(long) == len(cases) and all(map(early, long)):
        return "Your results come one step early: each row is what the next one should be."
    return None


def _right_until(cases: Sequence[Case]) -> str | None:
    if not all(
        len(case.axes) == 3
        and case.axes[0] == "seq"
        and case.actual.shape == case.expected.shape
        and case.expected.shape[0] > 1
        and _near(case.actual[0], case.expected[0])
        for case in cases
    ):
        return None
    return (
        "The first step is right, and a later one is not: look at what one step hands on to the "
        "next."
    )


def _right_first_row(cases: Sequence[Case]) -> str | None:
    if not all(
        case.axes[:1] == ("seq*batch",)
        and case.actual.shape == case.expected.shape
        and case.expected.shape[0] > 1
        and case.actual.is_floating_point()
        and _near(case.actual[0], case.expected[0])
        for case in cases
    ):
        return None
    return (
        "The first row is right, and a later one is not: look at which axis is time, and at what "
        "one step hands on to the next."
    )


def _factor(cases: Sequence[Case]) -> str | None:
    factors = set()
    for case in cases:
        if case.actual.shape != case.expected.shape or not case.expected.is_floating_point():
            return None
        used = case.expected.abs() > 1e-3
        if not bool(used.any()):
            return None
        ratio = case.actual[used] / case.expected[used]
        if not _near(ratio, ratio[:1].expand_as(ratio)):
            return None
        if not _near(case.actual, case.expected * ratio[0]):
            return None
        factors.add(round(float(ratio[0]), 3))
    if len(factors) == 1 and factors != {0.0}:
        return f"Every element is {factors.pop():g} times what it should be."
    return None


def _only_beyond_one(cases: Sequence[Case]) -> str | None:
    axes = cases[0].axes
    if "batch" not in axes or any(len(case.axes) != case.expected.dim() for case in cases):
        return None
    if all(case.expected.shape[case.axes.index("batch")] > 1 for case in cases):
        return "It goes wrong only with more than one sample in the batch."
    return None


_OBSERVATIONS: tuple[Callable[[Sequence[Case]], str | None], ...] = (
    _not_finite, _other_dtype, _transposed, _shifted, _factor, _same_elements, _repeated,
    _right_until, _right_first_row, _only_beyond_one,
)  # fmt: skip


def _near(one: Tensor, other: Tensor) -> bool:
    return (
        one.shape == other.shape
        and one.dtype == other.dtype
        and torch.allclose(one.double(), other.double(), rtol=1e-4, atol=1e-5)
    )
