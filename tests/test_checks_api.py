"""What authors of checks call, and what it says: the student is a few functions in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn, tensor

from autograder import (
    Mismatch,
    close,
    points,
    raises,
    repeatable,
    same_form,
    same_gradients,
    task,
    unchanged_arguments,
)
from autograder.checks import explain_shape
from autograder.display import value_text
from autograder.sandbox.performer import perform
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Raised
from autograder.student import Live, Student, StudentRaised


def student(*written: Any) -> Student:
    """A student who wrote these functions and classes; values cross the wire as in earnest."""
    namespace = {thing.__name__: thing for thing in written}

    def answer(call: Call) -> Answer | Raised:
        encoder = Encoder()
        sent = Frame.of(encoder.frame(0, encoder.call(call))).decoded(trusted=True)
        result = perform(sent.call(sent.message), namespace)
        encoder = Encoder()
        return Frame.of(encoder.frame(0, [encoder.answer(result)])).decoded().answers(1)[0]

    found = Student()
    found._backend = Live(answer)
    return found


def mismatch(compare: Callable[..., object], *args: Any, **kwargs: Any) -> Mismatch:
    with pytest.raises(Mismatch) as caught:
        compare(*args, **kwargs)
    assert str(caught.value) == caught.value.message
    return caught.value


def said(compare: Callable[..., object], *args: Any, **kwargs: Any) -> tuple[str, str]:
    found = mismatch(compare, *args, **kwargs)
    return found.kind, found.message


# close


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3, 3),
        ("ohlol", "ohlol"),
        (None, None),
        (True, True),
        (1.0, 1.0 + 1e-6),
        (float("inf"), float("inf")),
        ([1, (2, "a")], (1, [2, "a"])),
        ({"a": 1}, {"a": 1}),
        ({"a": 1.0000001}, {"a": 1.0}),
        (tensor([1.0, 2.0]), tensor([1.0, 2.0 + 1e-6])),
        (tensor([float("inf")]), tensor([float("inf")])),
        (tensor([1, 2]), tensor([1, 2])),
        (torch.zeros(0, 3), torch.zeros(0, 3)),
        ([tensor([1.0]), 2], (tensor([1.0]), 2)),
        ({"w": tensor([1.0, 2.0])}, {"w": tensor([1.0, 2.0])}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_close(actual: object, expected: object) -> None:
    close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "kind", "message"),
    [
        (4, 3, "value", "The result differs"),
        (True, 1, "type", "The result should be an int, and is a bool."),
        (3.0, 3, "type", "The result should be an int, and is a float."),
        (3, 3.0, "type", "The result should be a float, and is an int."),
        ("3", 3, "type", "The result should be an int, and is a string."),
        (None, "a", "type", "The result should be a string, and is None. Is there a return "
         "statement on every way through the function?"),
        (tensor(2), 2, "type", "The result should be an int, and is a tensor."),
        (2, tensor(2), "type", "The result should be a tensor, and is an int."),
        ([1.0], tensor([1.0]), "type", "The result should be a tensor, and is a list."),
        (1.01, 1.0, "value", "The result differs"),
        (float("nan"), 1.0, "value", "The result differs"),
        ([1, 2], "ab", "type", "The result should be a string, and is a list."),
        (tensor([1, 2]), tensor([1.0, 2.0]), "dtype",
         "The result holds int64; it should hold float32."),
        (tensor([100_000]), tensor([100_001]), "value",
         "In the result, 1 of 1 elements is wrong, first at axis 0=0: 100000 instead of 100001."),
        (tensor([1, 2, 4]), tensor([1, 2, 3]), "value",
         "In the result, 1 of 3 elements is wrong, first at axis 0=2: 4 instead of 3."),
        (tensor([True, False]), tensor([True, True]), "value",
         "In the result, 1 of 2 elements is wrong, first at axis 0=1: False instead of True."),
        (tensor([float("nan"), 1.0]), tensor([0.0, 1.0]), "value",
         "In the result, 1 of 2 elements is wrong, first at axis 0=0: nan instead of 0."),
        ({"a": 1}, {"a": 1, "b": 2}, "value", "The result differs: 'b' is missing."),
        ({"a": 1, "b": 2}, {"a": 1}, "value", "The result differs: 'b' does not belong there."),
        ({"a": 1}, {"a": 2}, "value", "The result differs: 'a' has 1 instead of 2."),
        ([("a", 1)], {"a": 1}, "type", "The result should be a dict, and is a list."),
        ([1, 2], [1, 3], "value", "Item 1 of the result differs"),
        ([[1], [2, 3]], [[1], [2, 4]], "value", "Item 1 of item 1 of the result differs"),
        ([1], [1, 2], "value", "should have 2 items, and has 1"),
        (3, [1, 2], "type", "The result should be a list, and is an int."),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_close_says_what_differs(actual: object, expected: object, kind: str, message: str) -> None:
    found = mismatch(close, actual, expected)
    assert found.kind == kind
    assert message in found.message


def test_close_compares_type_then_shape_then_dtype_then_values() -> None:
    right = tensor([[1.0, 2.0]])
    assert mismatch(close, [[9]], right).kind == "type"
    assert mismatch(close, tensor([9]), right).kind == "shape"
    assert mismatch(close, tensor([[9, 9]]), right).kind == "dtype"
    assert mismatch(close, tensor([[9.0, 9.0]]), right).kind == "value"


def test_close_names_axes_and_both_sides() -> None:
    right = torch.zeros(2, 3)
    mine = right.clone()
    mine[1, 2] = 5
    mine[1, 0] = 1
    found = mismatch(close, mine, right, axes="batch hidden")
    assert found.message == (
        "In the result, 2 of 6 elements are wrong, first at batch=1, hidden=0: 1 instead of 0."
    )
    assert found.expected is right
    assert found.actual is mine


def test_close_of_a_number_in_a_tensor_shows_the_number() -> None:
    kind, message = said(close, tensor(1.0), tensor(2.0))
    assert kind == "value"
    assert "1 instead of 2" in message


def test_close_names_the_items_of_a_tuple() -> None:
    right = (torch.zeros(2, 1), torch.zeros(1))
    names, axes = ("outputs", "the last hidden state"), ("seq hidden", "hidden")
    assert said(close, torch.zeros(2, 1), right, axes=axes, names=names) == (
        "type", "The result should be a tuple, and is a tensor.",
    )  # fmt: skip
    assert said(close, [torch.zeros(2, 1)], right, axes=axes, names=names) == (
        "type", "The result should have 2 items (outputs, the last hidden state), and has 1.",
    )  # fmt: skip
    found = mismatch(close, (right[0], torch.ones(1)), right, axes=axes, names=names)
    assert found.message == (
        "In the last hidden state, 1 of 1 elements is wrong, first at hidden=0: 1 instead of 0."
    )
    assert found.actual.tolist() == [1.0]  # type: ignore[attr-defined]
    assert said(close, (right[0][0], right[1]), right, axes=axes, names=names) == (
        "shape",
        "Outputs should have the shape (seq, hidden) = (2, 1), and has (1,): "
        "the axis seq is missing.",
    )


def test_close_tolerance_is_the_authors() -> None:
    close(tensor([1.0]), tensor([1.5]), atol=1)
    close(tensor([1.0]), tensor([9.0]), atol=float("inf"), rtol=0)
    close(1.0, 1.4, atol=0.5)
    assert mismatch(close, 1.0, 1.0 + 1e-6, rtol=0, atol=1e-9).kind == "value"
    assert mismatch(close, tensor([1.0]), tensor([1.00001]), rtol=0, atol=1e-7).kind == "value"


def test_same_form_looks_at_types_and_shapes_alone() -> None:
    right = tensor([[1.0, 2.0]])
    same_form(tensor([[8.0, 9.0]]), right)
    same_form(tensor([[8, 9]]), right)
    same_form([tensor([8.0]), tensor([3])], (tensor([1.0]), tensor([4])), names=("a", "b"))
    assert mismatch(same_form, [[8.0, 9.0]], right).kind == "type"
    found = mismatch(same_form, [tensor([8.0]), tensor([3, 3])], [tensor([1.0]), tensor([4])])
    assert found.message.startswith("Item 1 should have the shape (1,), and has (2,)")
    found = mismatch(same_form, tensor([8.0]), right, axes="batch hidden")
    assert found.kind == "shape"
    # The values of what is expected would only mislead.
    assert value_text(found.expected) == "a tensor of shape (1, 2)"


# explain_shape


@pytest.mark.parametrize(
    ("actual", "expected", "end"),
    [
        ((3, 2, 1), (2, 3, 1), ": do the axes stand in the order (batch, seq, hidden)?"),
        ((2, 3, 4), (4, 2, 3), ": do the axes stand in the order (batch, hidden, seq)?"),
        ((2, 1, 2), (2, 2, 1), ": do the axes stand in the order (seq, hidden, batch)?"),
        ((2, 3, 9), (2, 3, 4), ": axis 2 (hidden) is 9 instead of 4."),
        ((9, 3, 8), (2, 3, 4), ": axis 0 (seq) is 9 instead of 2, "
         "axis 2 (hidden) is 8 instead of 4."),
        ((1, 2, 3, 4), (2, 3, 4), ": there is an axis of length 1 too many."),
        ((2, 3, 4, 5), (2, 3, 4), ": that is 4 axes instead of 3."),
        ((2, 4), (2, 3, 4), ": the axis batch is missing."),
        ((6, 4), (2, 3, 4), ": that is 2 axes instead of 3."),
        ((2,), (2, 2, 2), ": that is 1 axis instead of 3."),
        ((), (2, 3, 4), ": that is 0 axes instead of 3."),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_explain_shape(actual: tuple[int, ...], expected: tuple[int, ...], end: str) -> None:
    sentence = explain_shape(actual, expected, ["seq", "batch", "hidden"], "the result")
    assert sentence == (
        f"The result should have the shape (seq, batch, hidden) = {expected}, and has {actual}{end}"
    )


def test_explain_shape_without_names() -> None:
    assert explain_shape((3,), (2,), [], "outputs") == (
        "Outputs should have the shape (2,), and has (3,)."
    )


# A student's answers


def test_exotic_answers_are_named() -> None:
    class Odd:
        pass

    def odd() -> object:
        return Odd()

    def array() -> object:
        return tensor([1.0]).numpy()

    def huge() -> object:
        return 10**400

    def many() -> object:
        yield 1

    me = student(odd, array, huge, many)
    right = tensor([1.0])
    assert "Odd" in mismatch(close, me.odd(), right).message
    assert mismatch(close, me.array(), right).message == (
        "The result should be a tensor, and is numpy.ndarray. "
        "Stay in torch: numpy breaks the chain of gradients."
    )
    assert "and is int (" in mismatch(close, me.huge(), right).message
    assert "and is generator." in mismatch(close, me.many(), right).message


def test_raises() -> None:
    def key() -> None:
        raise KeyError("q")

    class Mine(KeyError):
        pass

    def derived() -> None:
        raise Mine("q")

    def value() -> None:
        raise ValueError("no q")

    def nothing() -> int:
        return 7

    me = student(key, derived, value, nothing)
    raises(KeyError, me.key)
    raises(LookupError, me.derived)
    found = mismatch(raises, KeyError, me.value)
    assert (found.kind, found.message) == (
        "raised", "This should raise KeyError, and raised ValueError.",
    )  # fmt: skip
    assert value_text(found.actual) == "raises ValueError: no q"
    assert value_text(found.expected) == "raises KeyError"
    found = mismatch(raises, KeyError, me.nothing)
    assert (found.kind, found.message) == (
        "raised", "This should raise KeyError, and returned something.",
    )  # fmt: skip
    assert found.actual == 7


def test_an_exception_of_the_student_comes_through() -> None:
    def broken(x: Tensor) -> Tensor:
        raise RuntimeError("sizes do not match")

    with pytest.raises(StudentRaised, match="RuntimeError: sizes do not match"):
        student(broken).broken(tensor([1.0]))


def test_repeatable() -> None:
    def same(x: Tensor) -> Tensor:
        return x + 1

    def rounded(x: Tensor) -> Tensor:
        rounded.calls = getattr(rounded, "calls", 0) + 1  # type: ignore[attr-defined]
        return x + 1e-7 * rounded.calls  # type: ignore[attr-defined]

    def random(x: Tensor) -> Tensor:
        return x + torch.rand(1)

    def undefined(x: Tensor) -> Tensor:
        return x / 0

    def growing(x: Tensor) -> list[int]:
        growing.seen = [*getattr(growing, "seen", []), 1]  # type: ignore[attr-defined]
        return growing.seen  # type: ignore[attr-defined,no-any-return]

    me, x = student(same, rounded, random, undefined, growing), torch.zeros(2)
    repeatable(me.same, x)
    repeatable(me.rounded, x)
    repeatable(me.undefined, x)  # NaN twice is the same twice
    for function in (me.random, me.growing):
        found = mismatch(repeatable, function, x)
        assert found.kind == "nondeterministic"
        assert found.message.startswith("Two calls with the same arguments returned different")
        assert str(found.expected) != str(found.actual)


def test_unchanged_arguments() -> None:
    def tidy(x: Tensor, names: list[str], cell: nn.Module, scale: float = 1.0) -> Tensor:
        return x * 2

    def writes(x: Tensor, names: list[str], cell: nn.Module, scale: float = 1.0) -> Tensor:
        return x.zero_()

    def appends(x: Tensor, names: list[str], cell: nn.Module, scale: float = 1.0) -> Tensor:
        names.append("!")
        return x

    def trains(x: Tensor, names: list[str], cell: nn.Module, scale: float = 1.0) -> Tensor:
        with torch.no_grad():
            next(cell.parameters()).add_(1)
        return x

    def reshapes(x: Tensor, names: list[str], cell: nn.Module, scale: float = 1.0) -> Tensor:
        return x.unsqueeze_(0)

    me = student(tidy, writes, appends, trains, reshapes)
    x, names, cell = torch.ones(2), ["a"], nn.RNNCell(1, 1)
    unchanged_arguments(me.tidy, x, names, cell, scale=2.0)
    unchanged_arguments(me.tidy, tensor([float("nan")]), names, cell)
    for function, argument in [
        (me.writes, 1), (me.appends, 2), (me.trains, 3), (me.reshapes, 1),
    ]:  # fmt: skip
        kind, message = said(unchanged_arguments, function, x, names, cell)
        assert kind == "mutated_argument"
        assert message.startswith(f"Argument {argument} has other values after the call")
    found = mismatch(unchanged_arguments, me.appends, x, names=names, cell=cell)
    assert found.message.startswith("`names` has other values")
    assert (found.expected, found.actual) == (["a"], ["a", "!"])
    assert x.tolist() == [1.0, 1.0]  # the check's own arguments stay
    assert names == ["a"]


def test_same_gradients() -> None:
    def good(x: Tensor, y: Tensor) -> Tensor:
        return y @ x

    def cut(x: Tensor, y: Tensor) -> Tensor:
        return y.detach() @ x.detach()

    def half(x: Tensor, y: Tensor) -> Tensor:
        return y.detach() @ x

    def wide(x: Tensor, y: Tensor) -> Tensor:
        return y @ torch.cat([x, x], dim=1)

    def listed(x: Tensor, y: Tensor) -> Any:
        return (y @ x).tolist()

    me = student(good, cut, half, wide, listed)
    x, y = torch.ones(2, 3), torch.ones(4, 2)

    def right(x: Tensor, y: Tensor) -> Tensor:
        return y @ x

    same_gradients(me.good, right, x, y)
    kind, message = said(same_gradients, me.cut, right, x, y)
    assert kind == "gradient"
    assert message.startswith("The result is cut off from the inputs")
    found = mismatch(same_gradients, me.half, right, x, y)
    assert found.kind == "gradient"
    assert "the gradient of argument 2 is not" in found.message
    assert not torch.equal(found.actual, found.expected)  # type: ignore[arg-type]
    kind, message = said(same_gradients, me.half, right, x, y=y)
    assert "the gradient of `y` is not" in message
    assert said(same_gradients, me.wide, right, x, y) == (
        "shape",
        "The result has the shape (4, 6); it should have (4, 3), so no gradient can be compared.",
    )
    kind, message = said(same_gradients, me.listed, right, x, y)
    assert kind == "shape"
    assert message.startswith("The result has the shape no tensor")


def test_same_gradients_reach_the_weights_of_modules() -> None:
    def good(cell: nn.RNNCell, x: Tensor) -> Tensor:
        return cell(x)

    def unweighted(cell: nn.RNNCell, x: Tensor) -> Tensor:
        return cell(x).detach() + 0 * x.sum()

    me, cell, x = student(good, unweighted), nn.RNNCell(2, 3), torch.ones(1, 2)
    same_gradients(me.good, lambda cell, x: cell(x), cell, x)
    kind, message = said(same_gradients, me.unweighted, lambda cell, x: cell(x), cell, x)
    assert kind == "gradient"
    assert "the gradient of argument 1." in message or "the gradient of argument 2" in message


def test_same_gradients_of_a_model_built_with_given_weights() -> None:
    class Model(nn.Module):
        def __init__(self, inputs: int, hidden: int) -> None:
            super().__init__()
            self.inner = nn.ModuleDict({"whatever": nn.RNNCell(inputs, hidden)})

        def forward(self, x: Tensor) -> Tensor:
            return self.inner["whatever"](x)  # type: ignore[no-any-return]

    class Frozen(Model):
        def forward(self, x: Tensor) -> Tensor:
            with torch.no_grad():
                return super().forward(x)

    cell = nn.RNNCell(2, 3)
    weights = {name: weight.detach() for name, weight in cell.named_parameters()}
    me, x = student(Model, Frozen), torch.ones(1, 2)
    model = me.Model.build(2, 3, weights=weights)
    close(model.forward(x), cell(x).detach())
    same_gradients(model.forward, cell, x)
    assert said(same_gradients, me.Frozen.build(2, 3, weights=weights).forward, cell, x)[0] == (
        "gradient"
    )


def test_a_model_without_the_weights_is_told_so() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Tensor:
            return x

    model = student(Model).Model.build(weights={"weight_ih": torch.zeros(2, 2)})
    with pytest.raises(StudentRaised, match="exactly one weight called weight_ih"):
        model.forward(torch.ones(1, 2))


# task and points


def test_task_and_points_are_only_notes() -> None:
    @task("t", points=1, hints=("a", "b"))
    class TestT:
        @points(1)
        def test_it(self) -> int:
            return 5

    assert TestT().test_it() == 5
    assert TestT.__name__ == "TestT"
