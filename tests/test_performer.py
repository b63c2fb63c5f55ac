"""Calls that several checks make are run as seldom as they can be, and never spoil each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from autograder.sandbox.performer import Performer, perform
from autograder.sandbox.program import Program, decoded, encoded, own
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Raised

X = torch.tensor([1.0, 2.0])
VALUE = Call("f", (X,))
CHECKS = {
    "shape": [VALUE],
    "values": [Call("f", (X.clone(),)), Call("f", (X + 1,))],
    "unchanged": [Call("f", (X,), want="arguments")],
    "repeatable": [Call("f", (X,), want="twice")],
    "gradients": [Call("f", (X,), want="gradients", cotangents=(torch.ones(2),))],
}


def program(checks: Mapping[str, Sequence[Call]] = CHECKS) -> Program:
    encoder = Encoder(share=True)
    frame = encoder.frame(0, encoded(encoder, checks))
    return decoded(Frame.of(frame).decoded(trusted=True))


def answers(namespace: dict[str, Any], check: str, performer: Performer) -> list[Answer | Raised]:
    encoder = Encoder()
    frame = encoder.frame(0, performer.answers(check, encoder))
    return Frame.of(frame).decoded().answers(len(CHECKS[check]))


def all_answers(f: Any) -> dict[str, list[Answer | Raised]]:
    namespace = {"f": f}
    performer = Performer(program(), namespace)
    return {check: answers(namespace, check, performer) for check in CHECKS}


def alone(f: Any, call: Call) -> bytes:
    encoder = Encoder()
    return encoder.frame(0, [encoder.answer(perform(own(call), {"f": f}))])


def test_equal_calls_are_made_once() -> None:
    calls = []

    def f(x: torch.Tensor) -> torch.Tensor:
        calls.append(x)
        return x * 2

    all_answers(f)

    # Of X: one for the values, a second value, and the gradients; of X + 1: one.
    assert len(calls) == 4


def test_each_answer_is_what_the_call_alone_brings_back() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        return x * 2

    found = all_answers(f)

    for check, calls in CHECKS.items():
        for call, answer in zip(calls, found[check], strict=True):
            encoder = Encoder()
            assert encoder.frame(0, [encoder.answer(answer)]) == alone(f, call)


def test_who_writes_to_its_arguments_is_seen_by_that_check_alone() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        x.mul_(2)
        return x

    found = all_answers(f)

    assert found["values"][0].value.tolist() == [2.0, 4.0]  # type: ignore[union-attr]
    assert found["unchanged"][0].extra[0].tolist() == [2.0, 4.0]  # type: ignore[union-attr,index]
    assert found["repeatable"][0].extra[0].tolist() == [2.0, 4.0]  # type: ignore[union-attr,index]


def test_an_answer_is_kept_as_it_was_returned() -> None:
    buffer = torch.zeros(2)

    def f(x: torch.Tensor) -> torch.Tensor:
        return buffer.copy_(x.detach())

    found = all_answers(f)

    assert found["values"][1].value.tolist() == [2.0, 3.0]  # type: ignore[union-attr]
    assert found["unchanged"][0].value.tolist() == [1.0, 2.0]  # type: ignore[union-attr]


def test_who_counts_calls_is_not_repeatable() -> None:
    calls = []

    def f(x: torch.Tensor) -> torch.Tensor:
        calls.append(1)
        return x * len(calls)

    (answer,) = all_answers(f)["repeatable"]

    assert isinstance(answer, Answer)
    assert answer.value.tolist() != answer.extra[0].tolist()  # type: ignore[attr-defined,index]


def test_an_exception_is_everybodys_answer() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        raise ValueError("no")

    found = all_answers(f)

    assert {type(answer) for check in found.values() for answer in check} == {Raised}
    (repeatable,) = found["repeatable"]
    assert isinstance(repeatable, Raised)
    assert repeatable.types[0] == "ValueError"


def test_too_large_an_answer_is_only_named() -> None:
    """They cannot cross together, and must not fill the process's memory either."""
    large = torch.zeros(9 * 2**20)

    def f(x: torch.Tensor) -> torch.Tensor:
        return large

    found = all_answers(f)

    assert {type(answer.value).__name__ for answer in found["values"]} == {"Opaque"}  # type: ignore[union-attr]


def test_layers_are_copied_whole() -> None:
    cell = torch.nn.RNNCell(2, 3)
    (copy,) = own(Call("f", (cell,))).args

    assert isinstance(copy, torch.nn.RNNCell)
    assert copy(X[None]).tolist() == cell(X[None]).tolist()
    with torch.no_grad():
        for weight in copy.parameters():
            weight.zero_()
    assert all(weight.abs().sum() > 0 for weight in cell.parameters())
    assert [name for name, _ in copy.named_parameters()] == [n for n, _ in cell.named_parameters()]
