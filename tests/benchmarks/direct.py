"""A student that is called directly, in the same process: no boundary, no copies.

This is what an instructor who puts the checks into grade cells would write, and what the floor is
measured with.
"""

from __future__ import annotations

import importlib.util
import inspect
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from hypothesis import HealthCheck, settings
from torch import Tensor, nn

from autograder.sandbox.wire import Answer, Call, Model, Raised
from autograder.student import Student


def student_of(namespace: Mapping[str, Any]) -> Student:
    """What a check calls ``student``, answered by the functions of this namespace."""
    student = Student()
    student._backend = Direct(namespace)
    return student


class Direct:
    """Answers calls by making them."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace

    def answer(self, call: Call) -> Answer | Raised:
        args = [self._built(arg) for arg in call.args]
        if call.function.startswith("."):
            function = getattr(args[0], call.function[1:])
            model, *args = args
        else:
            function, model = self.namespace[call.function], None
        try:
            if call.want == "gradients":
                return _gradients(function, args, call.kwargs, call.cotangents, model)
            if call.want == "arguments":
                args = _copied(args)
            value = function(*args, **call.kwargs)
            if call.want == "value":
                return Answer(value)
            if call.want == "twice":
                return Answer(value, [function(*args, **call.kwargs)])
            given = (*call.args[len(call.args) - len(args) :], *call.kwargs.values())
            left = (*args, *call.kwargs.values())
            return Answer(value, [_state(arg, was) for arg, was in zip(left, given)])
        except Exception as error:
            names = tuple(kind.__name__ for kind in type(error).__mro__)
            return Raised(names, str(error))

    def _built(self, arg: Any) -> Any:
        if not isinstance(arg, Model):
            return arg
        model = self.namespace[arg.class_name](*arg.args)
        with torch.no_grad():
            for name, weight in _named(model, arg).items():
                weight.copy_(arg.weights[name])
        return model


def load_checks(path: Path) -> types.ModuleType:
    """The assignment's checks as a module."""
    spec = importlib.util.spec_from_file_location("checks", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_classes(checks: types.ModuleType) -> list[type]:
    return [value for value in vars(checks).values() if hasattr(value, "__ohlol_task__")]


def tests_of(checks: type) -> dict[str, Any]:
    return {name: test for name, test in vars(checks).items() if name.startswith("test_")}


def plain_settings() -> None:
    """Hypothesis as for any test suite in a notebook: nothing stored, no deadline."""
    settings.register_profile(
        "plain", database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    settings.load_profile("plain")


RUN_SEED = 20261123
"""For checks that draw by themselves."""


def fixtures_of(test: Any, student: Student) -> dict[str, Any]:
    """What pytest would hand to a check."""
    given: dict[str, Any] = {"student": student, "run_seed": RUN_SEED}
    return {name: given[name] for name in inspect.signature(test).parameters if name in given}


def score(checks: type, student: Student) -> float:
    """Runs every check of a class by plain Hypothesis; the points earned."""
    instance = checks()
    earned = 0.0
    for name, test in tests_of(checks).items():
        try:
            getattr(instance, name)(**fixtures_of(test, student))
        except Exception as error:
            print(f"{name}: {error}")
        else:
            earned += test.__ohlol_points__.points
    return float(earned)


def _gradients(
    function: Any, args: list[Any], kwargs: Mapping[str, Any], cotangents: Any, model: Any
) -> Answer:
    sources: list[Tensor] = []

    def tracked(arg: Any) -> Any:
        if isinstance(arg, Tensor) and arg.is_floating_point():
            sources.append(arg.detach().clone().requires_grad_())
            return sources[-1]
        if isinstance(arg, (list, tuple)):
            return type(arg)(map(tracked, arg))
        if isinstance(arg, nn.Module):
            sources.extend(weight for _, weight in sorted(arg.named_parameters()))
        return arg

    args = [tracked(arg) for arg in args]
    kwargs = {name: tracked(arg) for name, arg in kwargs.items()}
    if model is not None:
        sources.extend(model.parameters())
    value = function(*args, **kwargs)
    results = list(_tensors(value))
    if not any(result.requires_grad for result in results):
        return Answer(value, [False, *[None] * len(sources)])
    gradients = torch.autograd.grad(results, sources, cotangents, allow_unused=True)
    return Answer(value, [True, *gradients])


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)


def _copied(arg: Any) -> Any:
    if isinstance(arg, Tensor):
        return arg.clone()
    return type(arg)(map(_copied, arg)) if isinstance(arg, (list, tuple)) else arg


def _state(arg: Any, given: Any) -> Any:
    if isinstance(given, Model):
        return {name: weight.detach() for name, weight in _named(arg, given).items()}
    if isinstance(arg, nn.Module):
        return {name: weight.detach() for name, weight in arg.named_parameters()}
    if isinstance(arg, (list, tuple)):
        return type(arg)(_state(item, was) for item, was in zip(arg, given))
    return arg


def _named(model: nn.Module, given: Model) -> dict[str, Tensor]:
    """The parameters by the names that the grader gave their weights."""
    endings = {name.split(".")[-1]: weight for name, weight in model.named_parameters()}
    return {
        ending if ending in given.weights else ending.removesuffix("_l0"): weight
        for ending, weight in endings.items()
    }
