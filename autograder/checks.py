"""What authors of checks use: tasks, points, and comparisons that explain themselves.

A check is an ordinary pytest test with Hypothesis strategies and a `student` fixture::

    @task("one_hot", points=2, provides=("one_hot",), hints=("...", "..."))
    class TestOneHot:
        @points(2)
        @given(case=indices())
        def test_values(self, student, case):
            \"\"\"Every row marks its own class.\"\"\"
            close(student.one_hot(*case), F.one_hot(*case).float(), axes="seq class")

The docstring's first line is the title that students read. A comparison that does not hold raises
`Mismatch`, which carries what differs as data; sentences are made of it last.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import torch
from torch import Tensor, nn

from autograder.display import value_text
from autograder.sandbox.wire import Answer, Model, Opaque
from autograder.student import StudentFunction, StudentModel, StudentRaised

if TYPE_CHECKING:
    from autograder.convergence import Lesson

RTOL, ATOL = 1e-4, 1e-5
"""Tolerances for float32 results of other, equally right, orders of summation."""

MismatchKind = Literal[
    "type", "shape", "dtype", "value", "gradient", "mutated_argument", "nondeterministic",
    "convergence", "raised",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What `task` notes on a class of checks."""

    name: str
    points: float
    provides: tuple[str, ...]
    hints: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class PointsSpec:
    """What `points` notes on a check."""

    points: float
    after: str | None
    shown_anyway: bool
    compared: bool


class Mismatch(Exception):
    """The student's answer is not what it should be.

    Args:
        kind: what differs, as in the report.
        message: one sentence for the student.
        expected, actual: the two sides, as values.
        axes: the names of their axes, where they are tensors with such names.
        shapes: of the student's tensor and of the right one, where these differ.

    Attributes:
        lesson: the training that it speaks of, if it speaks of one.
    """

    lesson: Lesson | None = None

    def __init__(
        self,
        kind: MismatchKind,
        message: str,
        *,
        expected: object = None,
        actual: object = None,
        axes: Sequence[str] = (),
        shapes: tuple[Sequence[int], Sequence[int]] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: MismatchKind = kind
        self.message = message
        self.expected = expected
        self.actual = actual
        self.axes = tuple(axes)
        self.shapes = shapes

    @property
    def is_vague(self) -> bool:
        """Whether several axes of one length leave open which is missing."""
        return self.shapes is not None and len(_missing_axes(*self.shapes)) > 1


_T = TypeVar("_T", bound=type)
_F = TypeVar("_F", bound=Callable[..., object])


def task(
    name: str,
    *,
    points: float,
    provides: Sequence[str] = (),
    hints: Sequence[str] = (),
    title: str = "",
) -> Callable[[_T], _T]:
    """Makes a class of checks the checks of a task.

    Args:
        name: the task's id, as in the notebook's metadata and the report.
        points: what the task is worth; its checks' points add up to it.
        provides: the functions and classes that the student writes; the task's name by default.
        hints: from a nudge to nearly the answer.
        title: what the task is called for people; the name by default.
    """
    spec = TaskSpec(name, float(points), tuple(provides) or (name,), tuple(hints), title or name)

    def note(checks: _T) -> _T:
        checks.__ohlol_task__ = spec  # type: ignore[attr-defined]
        return checks

    return note


def points(
    value: float, *, after: str | None = None, shown_anyway: bool = False, compared: bool = True
) -> Callable[[_F], _F]:
    """Gives a check its points.

    Args:
        value: earned when the check passes.
        after: another check of the same task without which this one would say nothing new; when
            that one did not pass, this one is skipped and earns nothing.
        shown_anyway: run it in practice all the same, for what it shows; it earns nothing then.
        compared: known mistakes are recognised by its answers; not so where equally right code may
            answer differently.
    """

    def note(check: _F) -> _F:
        check.__ohlol_points__ = PointsSpec(float(value), after, shown_anyway, compared)  # type: ignore[attr-defined]
        return check

    return note


def close(
    actual: object,
    expected: object,
    *,
    axes: str | Sequence[str] = "",
    names: Sequence[str] = (),
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Compares by type, then shape, then dtype, then values.

    Args:
        actual: the student's.
        expected: the right value; numbers, texts, lists, tuples, dicts and tensors may be nested.
            A list and a tuple with equal items count as equal.
        axes: the names of a tensor's axes, ``"seq batch hidden"``; for a tuple of tensors, one such
            text for each.
        names: what the items of a tuple are called, ``("outputs", "last hidden state")``.
        rtol, atol: relative and absolute tolerance for floating point numbers.

    Raises:
        Mismatch: at the first difference.
    """
    if isinstance(expected, (list, tuple)) and (names or not isinstance(axes, str)):
        _compare_items(actual, expected, axes, names, rtol, atol)
    else:
        _compare(actual, expected, axes if isinstance(axes, str) else "", "the result", rtol, atol)


def same_form(
    actual: object,
    expected: Tensor | Sequence[Tensor],
    *,
    axes: str | Sequence[str] = "",
    names: Sequence[str] = (),
) -> None:
    """Compares types and shapes like `close`, whatever the values and their dtype.

    Args:
        axes, names: as in `close`.

    Raises:
        Mismatch: at the first difference; what is expected is told as a form, not as values.
    """
    if isinstance(expected, Tensor):
        pairs = [(actual, expected, axes if isinstance(axes, str) else "", "the result")]
    else:
        _compare_length(actual, expected, names)
        assert isinstance(actual, (list, tuple))
        pairs = [
            (
                mine,
                right,
                axes[i] if i < len(axes) else "",
                names[i] if i < len(names) else f"item {i}",
            )
            for i, (mine, right) in enumerate(zip(actual, expected, strict=True))
        ]
    for mine, right, item_axes, name in pairs:
        form = Opaque("Tensor", f"a tensor of shape {tuple(right.shape)}")
        if not isinstance(mine, Tensor):
            mismatch = _wrong_type(name, mine, right)
            mismatch.expected = form
            raise mismatch
        if mine.shape != right.shape:
            message = explain_shape(mine.shape, right.shape, item_axes.split(), name)
            raise Mismatch(
                "shape", message, expected=form, actual=mine, axes=item_axes.split(),
                shapes=(mine.shape, right.shape),
            )  # fmt: skip


def same_gradients(
    function: StudentFunction,
    reference: Callable[..., Any],
    *args: object,
    of: nn.Module | None = None,
    **kwargs: object,
) -> None:
    """Compares the gradients that flow back through a function with those of a reference.

    Both are given the same cotangents; the gradients are those of every floating point tensor among
    the arguments and of every weight of a module among them.

    Args:
        function: the student's.
        reference: computes the right result in torch.
        of: for a method of a student's model, the module that has the right weights; `reference`
            itself where that is a module.

    Raises:
        Mismatch: ``gradient`` when they differ or the result is cut off from its inputs; otherwise
            what is wrong with the result itself.
    """
    sources: dict[str, Tensor] = {}
    tracked = [
        _tracked(arg, function.parameter(i, "argument {}"), sources) for i, arg in enumerate(args)
    ]
    tracked_kwargs = {name: _tracked(arg, f"`{name}`", sources) for name, arg in kwargs.items()}
    for model in function.bound:
        weights = dict(_module_of(reference, of).named_parameters())
        assert isinstance(model, Model)
        sources.update((f"the weight {name}", weights[name]) for name in model.weights)
    results = list(_tensors_in(reference(*tracked, **tracked_kwargs)))
    generator = torch.Generator().manual_seed(0)
    cotangents = [torch.randn(result.shape, generator=generator) for result in results]
    # A scalar: given cotangents as such, torch would import sympy before its first gradient.
    total = sum((result * ct).sum() for result, ct in zip(results, cotangents, strict=True))
    expected = torch.autograd.grad(total, list(sources.values()), allow_unused=True)  # type: ignore[arg-type]

    answer = _returned(function.ask("gradients", args, kwargs, cotangents))
    shapes = [tuple(tensor.shape) for tensor in _tensors_in(answer.value)]
    right_shapes = [tuple(result.shape) for result in results]
    if shapes != right_shapes:
        raise Mismatch(
            "shape",
            f"The result has the shape {_listed(shapes)}; it should have {_listed(right_shapes)}, "
            "so no gradient can be compared.",
            expected=right_shapes,
            actual=shapes,
        )
    connected, *actual = _gradient_list(answer.extra, len(expected))
    if connected is not True:
        raise Mismatch(
            "gradient",
            "The result is cut off from the inputs, so nothing that stands before this function "
            "could learn. Something like .detach(), .data, .item(), torch.no_grad() or a new "
            "tensor made from numbers breaks the chain.",
        )
    for (name, source), wanted, found in zip(sources.items(), expected, actual, strict=True):
        right = torch.zeros_like(source) if wanted is None else wanted
        mine = torch.zeros_like(source) if found is None else found
        if not isinstance(mine, Tensor) or mine.shape != right.shape or not _near(mine, right):
            raise Mismatch(
                "gradient",
                f"The values may be right, but the gradient of {name} is not: part of the way back "
                "through your code is missing, or goes twice.",
                expected=right.detach(),
                actual=mine,
            )


def unchanged_arguments(function: StudentFunction, *args: object, **kwargs: object) -> None:
    """Asks that a call leaves the values of its arguments as they were.

    Raises:
        Mismatch: ``mutated_argument``, with the argument before and after.
    """
    answer = _returned(function.ask("arguments", args, kwargs))
    given = [*args, *kwargs.values()]
    names = [function.parameter(i, "Argument {}") for i in range(len(args))]
    names += [f"`{name}`" for name in kwargs]
    after = answer.extra if isinstance(answer.extra, list) else []
    for index, (name, before) in enumerate(zip(names, given, strict=True)):
        before = _weights_of(before)
        now = after[index] if index < len(after) else None
        if not _identical(now, before):
            raise Mismatch(
                "mutated_argument",
                f"{name} has other values after the call than before. Whoever called your function "
                "may still need it: work on a new tensor instead of changing this one in place.",
                expected=before,
                actual=now,
            )


def repeatable(function: StudentFunction, *args: object, **kwargs: object) -> None:
    """Asks that two calls with the same arguments return the same.

    Raises:
        Mismatch: ``nondeterministic``, with both results.
    """
    answer = _returned(function.ask("twice", args, kwargs))
    again = answer.extra[0] if isinstance(answer.extra, list) and answer.extra else None
    # Not to the last bit: torch's kernels may round differently where memory is aligned otherwise.
    if not alike(again, answer.value):
        raise Mismatch(
            "nondeterministic",
            "Two calls with the same arguments returned different results. Nothing here should be "
            "random, or remember an earlier call.",
            expected=answer.value,
            actual=again,
        )


def _returned(answer: Answer) -> Answer:
    """Doing nothing changes nothing, and always returns the same: no points for that."""
    if answer.value is None:
        raise Mismatch("type", "The function returns nothing: is there a return statement?")
    return answer


def raises(
    exception: type[BaseException], function: StudentFunction, *args: object, **kwargs: object
) -> None:
    """Asks that a call ends with an exception of this class.

    Raises:
        Mismatch: ``raised`` when it returns or raises another one.
    """
    wanted = exception.__name__
    right = Opaque(wanted, f"raises {wanted}")
    try:
        value = function(*args, **kwargs)
    except StudentRaised as error:
        if wanted in error.raised.types:
            return
        found = error.raised.types[0]
        message = error.raised.message
        raise Mismatch(
            "raised", f"This should raise {wanted}, and raised {found}.", expected=right,
            actual=Opaque(found, f"raises {found}: {message}" if message else f"raises {found}"),
        ) from None  # fmt: skip
    raise Mismatch(
        "raised", f"This should raise {wanted}, and returned something.",
        expected=right, actual=value,
    )  # fmt: skip


def _compare_items(
    actual: object,
    expected: Sequence[object],
    axes: Sequence[str],
    names: Sequence[str],
    rtol: float,
    atol: float,
) -> None:
    _compare_length(actual, expected, names)
    assert isinstance(actual, (list, tuple))
    for index, (mine, right) in enumerate(zip(actual, expected, strict=True)):
        name = names[index] if index < len(names) else f"item {index}"
        item_axes = axes[index] if index < len(axes) else ""
        _compare(mine, right, item_axes, name, rtol, atol)


def _compare_length(actual: object, expected: Sequence[object], names: Sequence[str]) -> None:
    if not isinstance(actual, (list, tuple)):
        raise _wrong_type("the result", actual, expected)
    if len(actual) != len(expected):
        listed = f" ({', '.join(names)})" if names else ""
        raise Mismatch(
            "type",
            f"The result should have {_items(len(expected))}{listed}, and has {len(actual)}.",
            expected=expected,
            actual=actual,
        )


def _compare(
    actual: object, expected: object, axes: str, name: str, rtol: float, atol: float
) -> None:
    if isinstance(expected, Tensor):
        _compare_tensors(actual, expected, axes.split(), name, rtol, atol)
    elif isinstance(expected, (list, tuple)):
        _compare_sequences(actual, expected, name, rtol, atol)
    elif isinstance(expected, dict):
        if not isinstance(actual, dict):
            raise _wrong_type(name, actual, expected)
        if not alike(actual, expected):
            message = f"{_capital(name)} differs: {_first_difference(actual, expected)}."
            raise Mismatch("value", message, expected=expected, actual=actual)
    elif type(actual) is not type(expected):
        raise _wrong_type(name, actual, expected)
    elif isinstance(expected, float):
        assert isinstance(actual, float)
        if not _near_numbers(actual, expected, rtol, atol):
            raise Mismatch("value", f"{_capital(name)} differs.", expected=expected, actual=actual)
    elif actual != expected:
        message = f"{_capital(name)} differs: {actual!r} instead of {expected!r}."
        raise Mismatch("value", message[:400], expected=expected, actual=actual)


def _compare_sequences(
    actual: object, expected: Sequence[object], name: str, rtol: float, atol: float
) -> None:
    if not isinstance(actual, (list, tuple)):
        raise _wrong_type(name, actual, expected)
    if len(actual) != len(expected):
        raise Mismatch(
            "value",
            f"{_capital(name)} should have {_items(len(expected))}, and has {len(actual)}.",
            expected=expected,
            actual=actual,
        )
    for index, (mine, right) in enumerate(zip(actual, expected, strict=True)):
        try:
            _compare(mine, right, "", f"item {index} of {name}", rtol, atol)
        except Mismatch as mismatch:
            raise Mismatch(
                mismatch.kind, mismatch.message, expected=expected, actual=actual
            ) from None


def _compare_tensors(
    actual: object, expected: Tensor, axes: Sequence[str], name: str, rtol: float, atol: float
) -> None:
    if not isinstance(actual, Tensor):
        raise _wrong_type(name, actual, expected)
    if actual.shape != expected.shape:
        message = explain_shape(actual.shape, expected.shape, axes, name)
        shapes = (actual.shape, expected.shape)
        raise Mismatch("shape", message, expected=expected, actual=actual, axes=axes, shapes=shapes)
    if actual.dtype != expected.dtype:
        message = f"{_capital(name)} holds {_dtype(actual)}; it should hold {_dtype(expected)}."
        raise Mismatch("dtype", message, expected=expected, actual=actual, axes=axes)
    if _near(actual, expected, rtol, atol):
        return
    inexact = expected.is_floating_point() or expected.is_complex()
    wrong = (
        ~torch.isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=True)
        if inexact
        else actual != expected
    )
    place = wrong.nonzero()[0].tolist()
    where = ", ".join(
        f"{axis}={index}" for axis, index in zip(axes or map("axis {}".format, range(9)), place)
    )
    count, total = int(wrong.sum()), wrong.numel()
    at = tuple(place)
    message = f"In {name}, {count} of {total} elements {'is' if count == 1 else 'are'} wrong"
    if where:
        message += f", first at {where}"
    message += f": {_number(actual[at])} instead of {_number(expected[at])}"
    raise Mismatch("value", message + ".", expected=expected, actual=actual, axes=axes)


def explain_shape(
    actual: Sequence[int], expected: Sequence[int], axes: Sequence[str], name: str
) -> str:
    """One sentence that says which axis is what."""
    mine, right = tuple(actual), tuple(expected)
    named = f"({', '.join(axes)}) = " if len(axes) == len(right) else ""
    start = f"{_capital(name)} should have the shape {named}{right}, and has {mine}"
    if not named:
        return start + "."
    if len(mine) == len(right):
        if sorted(mine) == sorted(right):
            order = ", ".join(axes[place] for place in _likeliest_order(mine, right))
            return f"{start}: do the axes stand in the order ({order})?"
        wrong = [i for i, (a, b) in enumerate(zip(mine, right)) if a != b]
        parts = [f"axis {i} ({axes[i]}) is {mine[i]} instead of {right[i]}" for i in wrong]
        return f"{start}: {', '.join(parts)}."
    if len(mine) > len(right):
        if [size for size in mine if size != 1] == [size for size in right if size != 1]:
            return f"{start}: there is an axis of length 1 too many."
        return f"{start}: that is {len(mine)} axes instead of {len(right)}."
    missing = [axes[i] for i in _missing_axes(mine, right)]
    if missing:
        return f"{start}: the axis {' or '.join(missing)} is missing."
    return f"{start}: that is {_axes(len(mine))} instead of {len(right)}."


def _missing_axes(mine: Sequence[int], right: Sequence[int]) -> list[int]:
    """The axes any one of which may be what is missing."""
    mine, right = tuple(mine), tuple(right)
    return [i for i in range(len(right)) if right[:i] + right[i + 1 :] == mine]


def _likeliest_order(mine: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    """Which axis of the right shape each axis may be, with as few out of place as possible."""
    orders = [
        order
        for order in itertools.permutations(range(len(right)))
        if all(right[place] == size for place, size in zip(order, mine))
    ]
    return min(orders, key=lambda order: sum(a != b for a, b in enumerate(order)))


def _wrong_type(name: str, actual: object, expected: object) -> Mismatch:
    note = ""
    if actual is None:
        note = " Is there a return statement on every way through the function?"
    elif isinstance(actual, Opaque) and actual.type_name == "numpy.ndarray":
        note = " Stay in torch: numpy breaks the chain of gradients."
    return Mismatch(
        "type",
        f"{_capital(name)} should be {_kind(expected)}, and is {_kind(actual)}.{note}",
        expected=expected,
        actual=actual,
    )


def _kind(value: object) -> str:
    if isinstance(value, Opaque):
        if value.type_name in ("int", "Tensor"):
            return f"{value.type_name} ({value.text})"
        return value.type_name
    if isinstance(value, Tensor):
        return "a tensor"
    names = {
        type(None): "None", bool: "a bool", int: "an int", float: "a float", str: "a string",
        list: "a list", tuple: "a tuple", dict: "a dict",
    }  # fmt: skip
    return names.get(type(value), type(value).__name__)


def _first_difference(actual: Mapping[object, object], expected: Mapping[object, object]) -> str:
    for key, value in expected.items():
        if key not in actual:
            return f"{key!r} is missing"
        if not alike(actual[key], value):
            return f"{key!r} has {value_text(actual[key])} instead of {value_text(value)}"
    extra = next(key for key in actual if key not in expected)
    return f"{extra!r} does not belong there"


def _near(actual: Tensor, expected: Tensor, rtol: float = RTOL, atol: float = ATOL) -> bool:
    if actual.shape != expected.shape or actual.dtype != expected.dtype:
        return False  # torch would refuse to compare them
    if torch.equal(actual, expected):
        return True
    if not expected.is_floating_point() and not expected.is_complex():
        return False
    return torch.allclose(actual, expected, rtol=rtol, atol=atol, equal_nan=True)


def _near_numbers(actual: float, expected: float, rtol: float, atol: float) -> bool:
    if math.isnan(actual) or math.isnan(expected):
        return math.isnan(actual) and math.isnan(expected)
    return actual == expected or abs(actual - expected) <= atol + rtol * abs(expected)


def alike(a: object, b: object, *, tolerance: float | None = None) -> bool:
    """Whether two answers are the same but for rounding; of what is opaque, only the type is known.

    Args:
        tolerance: absolute and relative; that of `close` by default.
    """
    rtol, atol = (RTOL, ATOL) if tolerance is None else (tolerance, tolerance)

    def near(one: Tensor, other: Tensor) -> bool:
        if not one.is_floating_point() and not one.is_complex():
            return torch.equal(one, other)
        return torch.allclose(one, other, rtol=rtol, atol=atol, equal_nan=True)

    if isinstance(a, Opaque) and isinstance(b, Opaque):
        return a.type_name == b.type_name
    if isinstance(a, float) and isinstance(b, float):
        return _near_numbers(a, b, rtol, atol)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(alike(x, y, tolerance=tolerance) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[k], b[k], tolerance=tolerance) for k in a)
    return _identical(a, b, near)


def _identical(a: object, b: object, same: Callable[[Tensor, Tensor], bool] = torch.equal) -> bool:
    """Equal in structure, types and values; NaN equals NaN."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        return same(a, b) or bool(((a == b) | ((a != a) & (b != b))).all())
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(_identical(x, y, same) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_identical(a[key], b[key], same) for key in a)
    return type(a) is type(b) and (a == b or (a != a and b != b))


def _weights_of(value: object) -> object:
    if isinstance(value, nn.Module):
        return {name: weight.detach() for name, weight in value.named_parameters()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_weights_of, value))
    return value


def _module_of(reference: object, of: nn.Module | None) -> nn.Module:
    module = reference if of is None else of
    if not isinstance(module, nn.Module):
        raise TypeError(
            "same_gradients of a model's method needs the module with the right weights"
        )
    return module


def _tracked(arg: Any, name: str, sources: dict[str, Tensor]) -> Any:
    if isinstance(arg, StudentModel):
        raise TypeError("gradients of a student's model: compare those of its own reference")
    if isinstance(arg, Tensor) and arg.is_floating_point():
        sources[name] = arg.detach().clone().requires_grad_()
        return sources[name]
    if isinstance(arg, (list, tuple)):
        return type(arg)(_tracked(item, f"{name}, item {i}", sources) for i, item in enumerate(arg))
    if isinstance(arg, nn.Module):
        sources.update((f"{name}.{key}", w) for key, w in sorted(arg.named_parameters()))
    return arg


def _tensors_in(value: object) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors_in(item)


def _gradient_list(extra: object, count: int) -> list[Any]:
    if isinstance(extra, list) and len(extra) == count + 1:
        return extra
    return [False] * (count + 1)


def _listed(shapes: Sequence[object]) -> str:
    few = [*map(str, shapes[:8]), *(["…"] if len(shapes) > 8 else [])]
    return ", ".join(few) or "no tensor"


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _number(tensor: Tensor) -> str:
    value = tensor.item()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _capital(text: str) -> str:
    """For the start of a sentence; names of variables stay as they are."""
    is_name = any(char.isdigit() or char == "_" for char in text.partition(" ")[0])
    return text if is_name else text[:1].upper() + text[1:]
