"""What a check talks to: ``student.run_cell(cell, inputs, hidden)`` is answered by the sandbox.

Where the answer comes from differs: while examples are drawn, from the instructor's solution; while
a submission is judged, from the answers that came in one frame; while a failure is made smaller,
from the student's process, call by call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn

from autograder.sandbox.wire import Answer, Call, Encoder, Model, Raised, Want


class Backend(Protocol):
    """Answers calls."""

    def answer(self, call: Call) -> Answer | Raised: ...


class StudentRaised(Exception):
    """The student's code ended with an exception.

    Attributes:
        raised: what is known of it.
    """

    def __init__(self, raised: Raised) -> None:
        super().__init__(f"{raised.types[0]}: {raised.message}")
        self.raised = raised


class Student:
    """The functions and classes of a submission, as attributes."""

    def __init__(self, parameters: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """
        Args:
            parameters: what the parameters of each function and method are called.
        """
        self._parameters = dict(parameters or {})
        self._backend: Backend | None = None
        self._last_call: Call | None = None

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self, name)


@dataclass(frozen=True, slots=True)
class StudentFunction:
    """A function (or class, or method) of the student's."""

    student: Student
    name: str
    bound: tuple[object, ...] = ()

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """What the function returns, as a plain value.

        Raises:
            StudentRaised: when it raises.
            StudentGone: when its process ends or takes too long.
        """
        return self.ask("value", args, kwargs).value

    @property
    def _names(self) -> tuple[str, ...]:
        return self.student._parameters.get(self.name.lstrip("."), ())

    def parameter(self, index: int, otherwise: str) -> str:
        """What its parameter at this place is called, in the starter; or else its number."""
        names = self._names
        return f"`{names[index]}`" if index < len(names) else otherwise.format(index + 1)

    def build(self, *args: object, weights: Mapping[str, Tensor] | None = None) -> StudentModel:
        """An instance of the student's class, with these weights, found by their names' endings."""
        return StudentModel(self.student, Model(self.name, args, dict(weights or {})))

    def ask(
        self,
        want: Want,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        cotangents: Sequence[Tensor] = (),
    ) -> Answer:
        """Like calling it, with more to bring back; see `autograder.sandbox.wire.Call`."""
        sent = tuple(arg.model if isinstance(arg, StudentModel) else arg for arg in args)
        call = Call(
            self.name, (*self.bound, *sent), dict(kwargs), want, tuple(cotangents), self._names
        )
        student = self.student
        student._last_call = call
        assert student._backend is not None, "a student is asked only while a check runs"
        answer = student._backend.answer(call)
        if isinstance(answer, Raised):
            raise StudentRaised(answer)
        return answer


@dataclass(frozen=True, slots=True)
class StudentModel:
    """An instance of a student's class; its methods are asked like functions."""

    student: Student
    model: Model

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self.student, f".{name}", (self.model,))


@dataclass(slots=True)
class Replaying:
    """Answers that are already here; a call that nobody foresaw is made after all."""

    calls: Sequence[Call]
    answers: Sequence[Answer | Raised]
    live: Callable[[Call], Answer | Raised]
    _next: int = 0

    def answer(self, call: Call) -> Answer | Raised:
        index = self._next
        if index < len(self.calls) and _same(call, self.calls[index]):
            self._next += 1
            return self.answers[index]
        return self.live(call)


@dataclass(frozen=True, slots=True)
class Live:
    """Answers by a function, call by call."""

    answer: Callable[[Call], Answer | Raised]


def _same(call: Call, foreseen: Call) -> bool:
    return (
        call.function == foreseen.function
        and call.want == foreseen.want
        and len(call.args) == len(foreseen.args)
        and call.kwargs.keys() == foreseen.kwargs.keys()
        and all(map(_equal, call.args, foreseen.args))
        and all(_equal(arg, foreseen.kwargs[name]) for name, arg in call.kwargs.items())
    )


def _equal(a: object, b: object) -> bool:
    """Whether two arguments are certainly the same."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and a.dtype == b.dtype and bool((a == b).all())
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    if isinstance(a, Model) and isinstance(b, Model):
        return (
            a.class_name == b.class_name
            and _equal(a.args, b.args)
            and a.weights.keys() == b.weights.keys()
            and all(_equal(weight, b.weights[name]) for name, weight in a.weights.items())
        )
    if isinstance(a, nn.Module):
        return _sent(a) == _sent(b)
    return bool(a == b) if isinstance(a, (int, float, str, dict, type(None))) else False


def _sent(value: object) -> bytes:
    """What would cross the boundary of it."""
    encoder = Encoder()
    return encoder.frame(0, encoder.value(value))
