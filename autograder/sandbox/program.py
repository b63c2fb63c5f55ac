"""The calls of a run's checks, as every student's process is born with them.

Checks of a task often make the same call, wanting different things of it: its value, its arguments
afterwards, the value of a second call. So calls are told apart from what is wanted of them, and a
student's process makes each of them as seldom as it can.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor, nn

from autograder.sandbox.wire import Call, Decoder, Encoder, Json, Want


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check wants of a call.

    Args:
        call: its number in the program.
        want, cotangents: as in `Call`.
    """

    call: int
    want: Want
    cotangents: tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """The calls of a run.

    Args:
        calls: no two alike.
        checks: what each check wants, in the order of its calls.
        uses: of what the first run of each call brings back.
        runs: that each call needs: one for all that its first run can serve, and one for each
            second value and each gradient.
        watched: whether anybody asks for the call's arguments as they are afterwards.
    """

    calls: Sequence[Call] = ()
    checks: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    uses: Sequence[int] = ()
    runs: Sequence[int] = ()
    watched: Sequence[bool] = ()


def encoded(encoder: Encoder, calls: Mapping[str, Sequence[Call]]) -> Json:
    """The calls of each check as a message of this encoder, which shares tensors."""
    numbers: dict[str, int] = {}
    trees: list[Json] = []
    checks: dict[str, list[Json]] = {}
    for check, own in calls.items():
        asked = checks[check] = []
        for call in own:
            tree = encoder.call(replace(call, want="value", cotangents=()))
            number = numbers.setdefault(json.dumps(tree), len(trees))
            if number == len(trees):
                trees.append(tree)
            asked.append([number, call.want, [encoder.value(one) for one in call.cotangents]])
    return ["program", trees, checks]


def decoded(decoder: Decoder) -> Program:
    """The program in a message of the grader's."""
    _, trees, trees_asked = decoder.message
    calls = [own(decoder.call(tree)) for tree in trees]
    checks = {
        check: [
            Asked(number, want, tuple(decoder.tensor(tree) for tree in cotangents))
            for number, want, cotangents in asked
        ]
        for check, asked in trees_asked.items()
    }
    uses, runs = [0] * len(calls), [0] * len(calls)
    watched = [False] * len(calls)
    for asked in (one for check in checks.values() for one in check):
        first = asked.want != "gradients"
        runs[asked.call] += (not first or not uses[asked.call]) + (asked.want == "twice")
        uses[asked.call] += first
        watched[asked.call] |= asked.want == "arguments"
    return Program(calls, checks, uses, runs, watched)


def own(call: Call) -> Call:
    """The call with arguments of its own, since whoever makes it may write to them."""
    return Call(
        call.function,
        tuple(cloned(arg) for arg in call.args),
        {name: cloned(arg) for name, arg in call.kwargs.items()},
        call.want,
        call.cotangents,
    )


def cloned(arg: Any) -> Any:
    """A copy of an argument that shares no memory with it."""
    if isinstance(arg, Tensor):
        return arg.clone()
    if isinstance(arg, (list, tuple)):
        return type(arg)(map(cloned, arg))
    if type(arg) in _FLAT:
        return _cloned_layer(arg)
    return copy.deepcopy(arg) if isinstance(arg, (nn.Module, dict)) else arg


_FLAT = (nn.RNNCell, nn.GRUCell, nn.LSTMCell, nn.Linear, nn.Embedding)
"""Layers whose weights stand in one dict, and nowhere else."""


def _cloned_layer(layer: nn.Module) -> nn.Module:
    """What `copy.deepcopy` does, in a tenth of its time."""
    clone = type(layer).__new__(type(layer))
    clone.__dict__ = {
        name: value.copy() if isinstance(value, (dict, set)) else value
        for name, value in layer.__dict__.items()
    }
    clone._parameters = {
        name: parameter
        if parameter is None
        else nn.Parameter(parameter.detach().clone(), parameter.requires_grad)
        for name, parameter in layer._parameters.items()
    }
    return clone
