"""The instructor's solution, and the starter's imports: the trusted text of an assignment."""

from __future__ import annotations

import ast
import json
import re
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, BadAssignment
from autograder.sandbox import dynamo
from autograder.sandbox.performer import perform
from autograder.sandbox.program import own
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Raised


class LearnedEnough(BaseException):
    """Ends a check's body after its first call, where there is no solution to answer it."""


class Reference:
    """Answers calls as the solution does, by the same way as a student's process would."""

    def __init__(self, assignment: Assignment | None = None) -> None:
        self.namespace: dict[str, Any] | None = None
        if assignment is not None and assignment.solution is not None:
            self.namespace = _run(assignment.solution, assignment.name)

    @property
    def complete(self) -> bool:
        """Whether every call of a check is learned, and its right answer."""
        return self.namespace is not None

    def recording(self) -> Recording:
        return Recording(self.namespace)


@dataclass(slots=True)
class Recording:
    """Answers the calls of one example, and remembers them."""

    namespace: dict[str, Any] | None
    calls: list[Call] = field(default_factory=list)
    answers: list[Answer | Raised] = field(default_factory=list)

    def answer(self, call: Call) -> Answer | Raised:
        opaque = re.search(r'\["\?", "([^"]*)"', json.dumps(Encoder().call(call)))
        if opaque:
            raise BadAssignment(
                f"it calls {call.function} with something of type {opaque[1]}, which cannot be "
                "sent to a student's process: numbers, texts, lists, tuples, dicts, tensors and "
                "torch's layers can."
            )
        self.calls.append(call)
        if self.namespace is None:
            raise LearnedEnough
        self.answers.append(across(perform(own(call), self.namespace)))
        return self.answers[-1]


def starter_imports(assignment: Assignment) -> list[str]:
    """The import statements of the text that students start from."""
    path = assignment.solution or assignment.starter
    if path is None:
        return []
    tree = _parsed(path)
    return [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and getattr(node, "module", None) != "__future__"
    ]


def parameter_names(assignment: Assignment) -> dict[str, tuple[str, ...]]:
    """What the parameters of the assignment's functions and methods are called."""
    path = assignment.solution or assignment.starter
    if path is None:
        return {}
    return {
        node.name: tuple(arg.arg for arg in node.args.args if arg.arg != "self")
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.FunctionDef)
    }


def _run(path: Path, name: str) -> dict[str, Any]:
    dynamo.postpone()
    module = types.ModuleType(name)
    sys.modules[name] = module  # dataclasses and the like look themselves up
    source = re.sub(r"^(\s*)[%!].*$", r"\1pass", path.read_text(encoding="utf-8"), flags=re.M)
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    except Exception as error:
        raise BadAssignment(
            f"it does not run: {type(error).__name__}: {error}", path=path
        ) from error
    return module.__dict__


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", path.read_text("utf-8"), flags=re.M))
    except SyntaxError as error:
        raise BadAssignment(str(error.msg), path=path, line=error.lineno) from error


def across(answer: Answer | Raised) -> Answer | Raised:
    """What would be left of the answer on the other side of the boundary."""
    encoder = Encoder()
    return Frame.of(encoder.frame(0, [encoder.answer(answer)])).decoded().answers(1)[0]
