"""A student's process: loads the submission, then answers calls until the grader hangs up.

Runs beyond the boundary, after `confine` has closed it. Everything here may be taken over by the
student, so nothing here decides anything: it computes answers and sends them.
"""

from __future__ import annotations

import builtins
import copy
import gc
import importlib.abc
import random
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from autograder.sandbox import loader
from autograder.sandbox.wire import (
    FROM_GRADER,
    Answer,
    Call,
    Decoder,
    Encoder,
    Json,
    Model,
    Raised,
    read_frame,
)

_GIVEN_WEIGHTS = "_ohlol_given_weights"  # of a model: the endings that the grader gave weights for

Send = Callable[[bytes], None]
Read = Callable[[int], bytearray]


def serve(
    read: Read, send: Send, hello: Json, program: Mapping[str, Sequence[Call]], nonce: int
) -> None:
    """Says hello, then answers one request at a time; returns when the grader hangs up.

    Args:
        hello: the layers in force, and what else the grader wants to know before it sends a word.
        program: the calls of each check, decoded before this process was born.
        nonce: of the first frame; each frame either way carries it, and each answer ends it.
    """
    send(Encoder().frame(nonce, hello))
    namespace: dict[str, Any] = {}
    programs = dict(program)
    while True:
        nonce += 1
        try:
            request = read_frame(read, nonce, FROM_GRADER).decoded(modules=True)
        except EOFError:
            return
        operation, *rest = request.message
        encoder = Encoder()
        message: Json
        if operation == "load":
            loaded = _load(rest, _reporter(send, nonce))
            namespace = loaded.namespace
            message = _loaded_message(loaded)
        elif operation == "program":
            programs.update(decoded_program(request))
            message = None
        elif operation == "check":
            check, seed = rest
            _fresh_state(seed)
            message = [encoder.answer(perform(call, namespace)) for call in programs.pop(check)]
        else:
            call, seed = rest
            _fresh_state(seed)
            message = [encoder.answer(perform(request.call(call), namespace))]
        send(encoder.frame(nonce, message))


def decoded_program(request: Decoder) -> dict[str, list[Call]]:
    """The calls of each check, from a frame ``["program", {check: [call, …]}]``."""
    return {
        check: [own(request.call(call)) for call in calls]
        for check, calls in request.message[1].items()
    }


def perform(call: Call, namespace: Mapping[str, Any]) -> Answer | Raised:
    """Makes the call and collects what is wanted. The arguments are used up by it."""
    try:
        args = [_built(arg, namespace) for arg in call.args]
        kwargs = {name: _built(arg, namespace) for name, arg in call.kwargs.items()}
        if call.function.startswith("."):
            function = getattr(args[0], call.function[1:])
            args = args[1:]
        else:
            function = namespace[call.function]
        return _WANTED[call.want](function, args, kwargs, call.cotangents)
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: a student's own
        return loader.raised(error)


def _value(function: Any, args: list[Any], kwargs: dict[str, Any], _: Any) -> Answer:
    return Answer(_plain(function(*args, **kwargs)))


def _twice(function: Any, args: list[Any], kwargs: dict[str, Any], _: Any) -> Answer:
    again = _cloned(args), {name: _cloned(arg) for name, arg in kwargs.items()}
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
    parameters = dict(model.named_parameters())
    found: dict[str, Tensor] = {}
    for ending in getattr(model, _GIVEN_WEIGHTS, ()):
        names = [name for name in parameters if name.split(".")[-1] in _spellings(ending)]
        if len(names) != 1:
            raise LookupError(
                f"the model needs exactly one weight called {ending}, and has {names or 'none'}"
            )
        found[ending] = parameters[names[0]]
    return found


def _spellings(ending: str) -> tuple[str, ...]:
    """`nn.RNNCell` says ``weight_ih``, a one-layer `nn.RNN` ``weight_ih_l0``: the same weight."""
    return (ending, f"{ending}_l0") if "_l" not in ending else (ending,)


def own(call: Call) -> Call:
    """The call with arguments of its own, since whoever makes it may write to them."""
    return Call(
        call.function,
        tuple(_cloned(arg) for arg in call.args),
        {name: _cloned(arg) for name, arg in call.kwargs.items()},
        call.want,
        call.cotangents,
    )


def _cloned(arg: Any) -> Any:
    if isinstance(arg, Tensor):
        return arg.clone()
    if isinstance(arg, (list, tuple)):
        return type(arg)(map(_cloned, arg))
    return copy.deepcopy(arg) if isinstance(arg, (nn.Module, dict)) else arg


def _fresh_state(seed: int) -> None:
    """Undoes what a student's code may have switched: checks do not depend on each other."""
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    torch.default_generator.manual_seed(seed)  # the only one there is, and 100 times faster
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)


def _load(request: Json, progress: Callable[[tuple[int, int]], None]) -> loader.Loaded:
    cells, name, prelude, skip, seconds, seed = request
    _fresh_state(seed)
    return loader.load(
        [loader.Cell(*cell) for cell in cells],
        name=name,
        prelude=prelude,
        skip={(cell, index): reason for cell, index, reason in skip},
        statement_seconds=seconds,
        progress=progress,
    )


def _reporter(send: Send, nonce: int) -> Callable[[tuple[int, int]], None]:
    def report(key: tuple[int, int]) -> None:
        send(Encoder().frame(nonce, ["at", *key]))

    return report


def _loaded_message(loaded: loader.Loaded) -> Json:
    names = [name for name, value in loaded.namespace.items() if callable(value)]
    failures = [[f.kind, f.message, f.where, list(f.binds)] for f in loaded.failures]
    others = [
        [name, "class" if isinstance(value, type) else type(value).__name__]
        for name, value in loaded.namespace.items()
        if isinstance(value, type) or not callable(value)
    ]
    return ["loaded", names, failures, loaded.notes, others]


class _AllowedImports(importlib.abc.MetaPathFinder):
    """Names the packages that exist during grading, instead of a bare "No module named …".

    Kind words only: what cannot be imported is decided by what the process may read.
    """

    def __init__(self, packages: Sequence[str], named: Sequence[str]) -> None:
        self.packages = packages
        self.named = named

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        known = fullname in self.packages or fullname in sys.stdlib_module_names
        if path is None and not known and _asked_by_student():
            raise ModuleNotFoundError(
                f"{fullname} is not available while your work is graded; what can be imported: "
                f"{', '.join(self.named)} and Python's standard library",
                name=fullname,
            )


def _asked_by_student() -> bool:
    """Whether the import under way stands in a student's text: libraries look for many others."""
    frame = sys._getframe(2)
    while frame.f_back is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(loader.STUDENT_FILE)


def furnish(packages: Sequence[str], named: Sequence[str]) -> None:
    """Prepares the interpreter for student code: what can be imported, and nobody to ask.

    Args:
        packages: everything that can be imported besides the standard library.
        named: the part of it that somebody chose.
    """
    sys.meta_path.insert(0, _AllowedImports(packages, named))
    gc.set_threshold(50_000, 20, 20)  # a short life with many small tensors and few cycles
    builtins.input = loader.nobody_to_ask
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]
    # The released notebook may call the kit's own `check`; here that must do nothing.
    kit = types.ModuleType("autograder")
    kit.check = lambda *names, **options: 0.0  # type: ignore[attr-defined]
    sys.modules["autograder"] = kit
