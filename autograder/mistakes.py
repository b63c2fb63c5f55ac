"""Known mistakes: which of them answers as the student did, and what to tell about it.

A known mistake is a small file under ``mistakes/<task>/``: code that is wrong in one way, with a
docstring that says so in a tutor's voice. It is trusted, and runs here. A mistake is named only if
it answers as the student's code did on every call it was compared on, so that what is said of it is
true of the student's code too.
"""

from __future__ import annotations

import ast
import json
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from autograder.assignment import BadAssignment
from autograder.checks import alike
from autograder.reference import across
from autograder.sandbox import dynamo
from autograder.sandbox.performer import perform
from autograder.sandbox.program import own
from autograder.sandbox.wire import Answer, Call, Model, Raised

LANGUAGES = ("en", "zh")

BUNDLE = "mistakes.json"
"""Beside the released checks."""

# After some epochs, where ways of adding up differ in the end.
_TRAINED_TOLERANCE = 1e-3  # of weights
_LOSS_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake, not yet run.

    Args:
        id: the name of its file.
        task: whose folder it is in.
        advice: by language, one sentence for whoever made it.
        fails: the checks of the task that it fails first.
        defines: the functions and classes that it gets wrong, and those that come with them.
        source: the file's text.
    """

    id: str
    task: str
    advice: Mapping[str, str]
    fails: tuple[str, ...]
    defines: frozenset[str]
    source: str

    def concerns(self, call: Call) -> bool:
        """Whether everything that a call needs is defined by the mistake."""
        names = {arg.class_name for arg in call.args if isinstance(arg, Model)}
        return names | ({call.function} if call.function[0] != "." else set()) <= self.defines


@dataclass(frozen=True, slots=True)
class Observed:
    """How a student answered the calls of one check."""

    check: str
    seed: int
    calls: Sequence[Call]
    answers: Sequence[Answer | Raised]


@dataclass(slots=True)
class Catalogue:
    """The known mistakes of an assignment, and their answers as far as they were asked for."""

    mistakes: Sequence[Mistake]
    _namespaces: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    _answers: dict[tuple[str, str, str, int], Answer | Raised] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Catalogue:
        """The mistakes under ``<folder>/mistakes``, in the order of tasks and names; of a released
        assignment, those in its bundle.

        Raises:
            BadAssignment: when a file does not say what the mistake is.
        """
        bundle = folder / BUNDLE
        if bundle.is_file():
            entries = json.loads(bundle.read_text(encoding="utf-8"))
            return cls([_from_dict(entry) for entry in entries])
        return cls([_read(path) for path in sorted(folder.glob("mistakes/*/*.py"))])

    def explaining(self, task: str, failed: Observed, seen: Iterable[Observed]) -> Mistake | None:
        """The first known mistake that answers as the student did, everywhere it was compared.

        Args:
            task: the task that the failed check belongs to.
            failed: the check to be explained.
            seen: the student's answers to all checks of the task, the failed one among them.
        """
        observed = list(seen)
        for mistake in self.mistakes:
            if mistake.task == task and self._answers_alike(mistake, failed, observed):
                return mistake
        return None

    def answer(self, mistake: Mistake, observed: Observed, index: int) -> Answer | Raised:
        """How a mistake answers one of the calls of a check; computed once."""
        key = (mistake.task, mistake.id, observed.check, index)
        if key not in self._answers:
            namespace = self._namespace(mistake)
            torch.manual_seed(observed.seed)
            self._answers[key] = across(perform(own(observed.calls[index]), namespace))
        return self._answers[key]

    def _answers_alike(
        self, mistake: Mistake, failed: Observed, observed: Sequence[Observed]
    ) -> bool:
        if not any(
            mistake.concerns(call) and not _unwritten(answer)
            for call, answer in zip(failed.calls, failed.answers, strict=True)
        ):
            return False
        # The failed check first: most mistakes part from the student's code on its first call.
        for one in (failed, *observed):
            for index, call in enumerate(one.calls):
                # A part that is not written yet says nothing about the others.
                if (
                    mistake.concerns(call)
                    and not _unwritten(one.answers[index])
                    and not same_answer(one.answers[index], self.answer(mistake, one, index), call)
                ):
                    return False
        return True

    def _namespace(self, mistake: Mistake) -> dict[str, Any]:
        key = (mistake.task, mistake.id)
        if key not in self._namespaces:
            dynamo.postpone()
            module = types.ModuleType(mistake.id)
            code = compile(mistake.source, f"{key}", "exec", dont_inherit=True)
            exec(code, module.__dict__)
            self._namespaces[key] = module.__dict__
        return self._namespaces[key]


def bundle(folder: Path) -> str:
    """The mistakes of an assignment's source as one file, for its release."""
    entries = [
        {
            "id": mistake.id,
            "task": mistake.task,
            "advice": dict(mistake.advice),
            "fails": list(mistake.fails),
            "defines": sorted(mistake.defines),
            "source": mistake.source,
        }
        for mistake in Catalogue.of(folder).mistakes
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def same_answer(one: Answer | Raised, other: Answer | Raised, call: Call) -> bool:
    """Whether two answers to a call are the same, but for rounding and the wording of errors."""
    if isinstance(one, Raised) or isinstance(other, Raised):
        return (
            isinstance(one, Raised) and isinstance(other, Raised) and one.types[0] == other.types[0]
        )
    if not _trains(call):
        return alike(one.value, other.value) and alike(one.extra, other.extra)
    return alike(one.value, other.value, tolerance=_LOSS_TOLERANCE) and alike(
        one.extra, other.extra, tolerance=_TRAINED_TOLERANCE
    )


def _unwritten(answer: Answer | Raised) -> bool:
    return isinstance(answer, Raised) and answer.is_unwritten


def _trains(call: Call) -> bool:
    return call.want == "arguments" and any(isinstance(arg, Model) for arg in call.args)


def _from_dict(entry: Mapping[str, Any]) -> Mistake:
    return Mistake(
        id=entry["id"],
        task=entry["task"],
        advice=entry["advice"],
        fails=tuple(entry["fails"]),
        defines=frozenset(entry["defines"]),
        source=entry["source"],
    )


def _read(path: Path) -> Mistake:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    fields = dict(re.findall(r"^(\w+): (.+)$", ast.get_docstring(tree) or "", re.MULTILINE))
    lacking = [name for name in ("en", "fails") if not fields.get(name, "").strip()]
    if lacking:
        raise BadAssignment(
            f"a known mistake needs a line `{lacking[0]}: …` in its docstring", path=path, line=1
        )
    return Mistake(
        id=path.stem,
        task=path.parent.name,
        advice={name: fields[name].strip() for name in LANGUAGES if name in fields},
        fails=tuple(name.strip() for name in fields["fails"].split(",")),
        defines=frozenset(
            node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        ),
        source=source,
    )
