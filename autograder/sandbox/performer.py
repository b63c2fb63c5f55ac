"""Makes the grader's calls with a student's functions, and collects what is wanted of them.

Runs beyond the boundary, like `worker`, and decides nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from autograder.sandbox import loader
from autograder.sandbox.program import Asked, Program, cloned, own
from autograder.sandbox.wire import Answer, Call, Encoder, Json, Model, Raised, Want

_GIVEN_WEIGHTS = "_ohlol_given_weights"  # of a model: the endings that the grader gave weights for
_MOST_KEPT = 32 * 2**20  # bytes of answers that further checks will ask for


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of an answer, as it was when the call returned: student code may write to it."""

    tree: Json
    tensors: Encoder

    @classmethod
    def of(cls, value: object) -> _Part:
        encoder = Encoder()
        return cls(encoder.value(value), encoder)


@dataclass(frozen=True, slots=True)
class _Returned:
    """The first run of a call that is asked for more than once."""

    value: _Part
    arguments: _Part | None


class Performer:
    """Makes a program's calls with one submission's functions.

    A call that several checks make is run once for all of them, and once more for each second value
    and for each gradient that is wanted.
    """

    def __init__(self, program: Program, namespace: Mapping[str, Any]) -> None:
        self._program = program
        self._namespace = namespace
        self._uses = list(program.uses)
        self._runs = list(program.runs)
        self._kept: dict[int, _Returned | Raised] = {}
        self._bytes = 0

    def answers(self, check: str, encoder: Encoder) -> list[Json]:
        """The answers to a check's calls, as trees of this encoder."""
        return [self._answer(asked, encoder) for asked in self._program.checks[check]]

    def _answer(self, asked: Asked, encoder: Encoder) -> Json:
        number, want = asked.call, asked.want
        if want == "gradients":
            return encoder.answer(self._run(number, want, asked.cotangents))
        self._uses[number] -= 1
        if want == "value" and not self._uses[number] and number not in self._kept:
            return encoder.answer(self._run(number, want))
        first = self._first(number)
        second = self._run(number, "value") if want == "twice" else None
        for answer in (first, second):
            if isinstance(answer, Raised):
                return encoder.answer(answer)
        assert isinstance(first, _Returned)
        encoder.take(first.value.tensors)
        if want == "arguments" and first.arguments is not None:
            encoder.take(first.arguments.tensors)
            return [first.value.tree, first.arguments.tree]
        if isinstance(second, Answer):
            return [first.value.tree, ["l", encoder.value(second.value)]]
        return [first.value.tree]

    def _first(self, number: int) -> _Returned | Raised:
        first = self._kept.get(number)
        if first is None:
            answer = self._run(number, "arguments" if self._program.watched[number] else "value")
            first = answer if isinstance(answer, Raised) else _returned(answer)
            self._bytes += _bytes(first)
            if self._bytes <= _MOST_KEPT:
                self._kept[number] = first
        if not self._uses[number] and self._kept.pop(number, None) is not None:
            self._bytes -= _bytes(first)
        return first

    def _run(self, number: int, want: Want, cotangents: Sequence[Tensor] = ()) -> Answer | Raised:
        call = self._program.calls[number]
        self._runs[number] -= 1
        if self._runs[number] > 0:  # the last run may use the arguments up
            call = own(call)
        return _performed(call, want, cotangents, self._namespace)


def _returned(answer: Answer) -> _Returned:
    value = _Part.of(answer.value)
    return _Returned(value, None if answer.extra is None else _Part.of(answer.extra))


def _bytes(first: _Returned | Raised) -> int:
    if isinstance(first, Raised):
        return 0
    return first.value.tensors.size + (first.arguments.tensors.size if first.arguments else 0)


def perform(call: Call, namespace: Mapping[str, Any]) -> Answer | Raised:
    """Makes the call and collects what is wanted. The arguments are used up by it."""
    return _performed(call, call.want, call.cotangents, namespace)


def _performed(
    call: Call, want: Want, cotangents: Sequence[Tensor], namespace: Mapping[str, Any]
) -> Answer | Raised:
    try:
        args = [_built(arg, namespace) for arg in call.args]
        kwargs = {name: _built(arg, namespace) for name, arg in call.kwargs.items()}
        if call.function.startswith("."):
            function = getattr(args[0], call.function[1:])
            args = args[1:]
        else:
            function = namespace[call.function]
        return _WANTED[want](function, args, kwargs, cotangents)
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: a student's own
        return loader.raised(error)


def _value(function: Any, args: list[Any], kwargs: dict[str, Any], _: Any) -> Answer:
    return Answer(_plain(function(*args, **kwargs)))


def _twice(function: Any, args: list[Any], kwargs: dict[str, Any], _: Any) -> Answer:
    again = cloned(args), {name: cloned(arg) for name, arg in kwargs.items()}
    return Answer(_plain(function(*args, **kwargs)), [_plain(function(*again[0], **again[1]))])


def _arguments(function: Any, args: list[Any], kwargs: dict[str, Any], _: Any) -> Answer:
    value = _plain(function(*args, **kwargs))
    states = [_state(arg) for arg in (*args, *kwargs.values())]
    # Without gradients nobody could go on training: whoever asks for arguments may want to know.
    frozen = [name for arg in args if isinstance(arg, nn.Module) for name in _frozen(arg)]
    switched = [] if torch.is_grad_enabled() else ["off"]
    return Answer(value, [*states, frozen, switched] if frozen or switched else states)


def _gradients(
    function: Any, args: list[Any], kwargs: dict[str, Any], cotangents: Sequence[Tensor]
) -> Answer:
    sources: list[Tensor] = []

    def tracked(arg: Any) -> Any:
        if isinstance(arg, Tensor) and arg.is_floating_point():
            sources.append(arg.requires_grad_())
            return arg.clone()  # not a leaf: in-place changes are another check's business
        if isinstance(arg, (list, tuple)):
            return type(arg)(map(tracked, arg))
        if isinstance(arg, nn.Module):
            sources.extend(weight for _, weight in sorted(arg.named_parameters()))
        return arg

    args = [tracked(arg) for arg in args]
    kwargs = {name: tracked(arg) for name, arg in kwargs.items()}
    if isinstance(model := getattr(function, "__self__", None), nn.Module):
        sources.extend(_given_weights(model).values())
    value = function(*args, **kwargs)
    results = list(_tensors(value))
    fits = len(results) == len(cotangents) and all(
        result.shape == cotangent.shape for result, cotangent in zip(results, cotangents)
    )
    connected = [
        (result * cotangent).sum()
        for result, cotangent in zip(results, cotangents)
        if fits and result.requires_grad
    ]
    gradients: Sequence[Tensor | None] = [None] * len(sources)
    if connected and sources:
        # One scalar, as on the grader's side.
        gradients = torch.autograd.grad(sum(connected), sources, allow_unused=True)
    return Answer(_plain(value), [bool(connected), *gradients])


_WANTED: Mapping[str, Callable[..., Answer]] = {
    "value": _value,
    "twice": _twice,
    "arguments": _arguments,
    "gradients": _gradients,
}


def _tensors(value: Any) -> Any:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)


def _plain(value: Any) -> Any:
    return _weights(value) if isinstance(value, nn.Module) else value


def _state(arg: Any) -> Any:
    """What is left of an argument after the call: a module is its weights."""
    if isinstance(arg, nn.Module):
        return _given_weights(arg) or _weights(arg)
    if isinstance(arg, (list, tuple)):
        return type(arg)(map(_state, arg))
    return arg


def _frozen(model: nn.Module) -> list[str]:
    return [name for name, weight in _given_weights(model).items() if not weight.requires_grad]


def _weights(module: nn.Module) -> dict[str, Tensor]:
    return {name: weight.detach() for name, weight in module.named_parameters()}


def _built(arg: Any, namespace: Mapping[str, Any]) -> Any:
    if not isinstance(arg, Model):
        return arg
    model = namespace[arg.class_name](*arg.args)
    object.__setattr__(model, _GIVEN_WEIGHTS, tuple(arg.weights))
    with torch.no_grad():
        for ending, parameter in _given_weights(model).items():
            parameter.copy_(arg.weights[ending])
    return model


def _given_weights(model: nn.Module) -> dict[str, Tensor]:
    """The parameters that the grader gave weights for, by their ending, as they are now."""
    endings = getattr(model, _GIVEN_WEIGHTS, ())
    if not endings:
        return {}
    by_ending: dict[str, list[tuple[str, Tensor]]] = {}
    for name, parameter in model.named_parameters():
        by_ending.setdefault(name.rpartition(".")[2], []).append((name, parameter))
    found: dict[str, Tensor] = {}
    for ending in endings:
        candidates = by_ending.get(ending, [])
        if "_l" not in ending:
            # `nn.RNNCell` says ``weight_ih``, a one-layer `nn.RNN` ``weight_ih_l0``: the same.
            candidates = candidates + by_ending.get(f"{ending}_l0", [])
        if len(candidates) != 1:
            names = [name for name, _ in candidates]
            raise LookupError(
                f"the model needs exactly one weight called {ending}, and has {names or 'none'}"
            )
        found[ending] = candidates[0][1]
    return found
