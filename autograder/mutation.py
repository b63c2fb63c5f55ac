"""Small changes to an assignment's solution, to prove that its checks would notice.

cosmic-ray changes operators and numbers; statements and calls are changed here. Each mutant is
judged like a submission. One that survives is either a hole in the checks or no real change, which
has to be argued in ``equivalent.toml`` beside the solution::

    [[mutant]]
    task = "run_cell"
    before = "outputs = []"
    after = "outputs = ()"
    why = "..."
"""

from __future__ import annotations

import ast
import itertools
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, BadAssignment
from autograder.starter import AuthoringToolsMissing, task_cells

EQUIVALENT = "equivalent.toml"

_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to the answer of one task.

    Args:
        task: the task's id.
        source: the task's cell with the change in it.
        before, after: the changed lines, stripped, joined by a line break.
    """

    task: str
    source: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Argument:
    """Why a change is none: it behaves the same for every input that the task allows."""

    task: str
    before: str
    after: str
    why: str

    def covers(self, mutant: Mutant) -> bool:
        return (self.task, self.before, self.after) == (mutant.task, mutant.before, mutant.after)


def mutants(assignment: Assignment) -> Iterator[Mutant]:
    """Every change that cosmic-ray knows to the answers of an assignment, each once.

    Raises:
        AuthoringToolsMissing: without cosmic-ray.
    """
    try:
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator, operator_names
    except ImportError:
        raise AuthoringToolsMissing(
            "Mutating a solution needs cosmic-ray: pip install 'ohlol[authoring]'"
        ) from None
    assert assignment.solution is not None
    kinds = [get_operator(name) for name in sorted(operator_names())]
    # Those that take arguments are told what to replace; none of it is for an answer in general.
    operators = [kind() for kind in kinds if not kind.arguments()]
    for task, source in task_cells(assignment.solution).items():
        answers = _answer_lines(source)
        seen = {source}
        changes = itertools.chain(_operated(mutate_code, operators, source), rewritten(source))
        for changed in changes:
            before, after, lines = _difference(source, changed)
            if changed not in seen and lines <= answers and _parses(changed):
                seen.add(changed)
                yield Mutant(task, changed, before, after)


def rewritten(source: str) -> Iterator[str]:
    """Changes to statements and calls, which cosmic-ray leaves alone.

    A statement goes; a call loses or swaps arguments, or is left out around its only argument; a
    method, an index or an attribute is left out; two items or two names change places.
    """
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = sorted({arg.arg for arg in function.args.args} | _assigned(function))
            for node in ast.walk(function):
                for text in _replacements(source, node, names):
                    yield _spliced(source, node, text)


def _replacements(source: str, node: ast.AST, names: Sequence[str]) -> Iterator[str]:
    def text(part: ast.AST) -> str:
        return ast.get_source_segment(source, part) or ""

    match node:
        case ast.Assign() | ast.AugAssign() | ast.Expr():
            yield "pass"
        case ast.Call(func=func, args=args, keywords=keywords):
            parts = [text(part) for part in (*args, *keywords)]
            if isinstance(func, ast.Attribute):
                yield text(func.value)
            if len(parts) == 1:
                yield parts[0].partition("=")[2] if keywords else parts[0]
            for i in range(len(parts)):
                yield f"{text(func)}({', '.join(parts[:i] + parts[i + 1 :])})"
            for i in range(len(args) - 1):
                swapped = [*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :]]
                yield f"{text(func)}({', '.join(swapped)})"
        case ast.Tuple(elts=items, ctx=ast.Load()) if len(items) > 1:
            parts = [text(item) for item in items]
            for i in range(len(parts) - 1):
                yield ", ".join([*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :]])
        case (
            ast.Subscript(value=value, ctx=ast.Load()) | ast.Attribute(value=value, ctx=ast.Load())
        ):
            yield text(value)
        case ast.IfExp(body=body, orelse=orelse):
            yield text(body)
            yield text(orelse)
        case ast.Name(id=name, ctx=ast.Load()) if name in names:
            yield from (other for other in names if other != name)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _spliced(source: str, node: Any, text: str) -> str:
    lines = source.encode().splitlines(keepends=True)
    start, end = node.lineno - 1, node.end_lineno - 1
    before = b"".join(lines[:start]) + lines[start][: node.col_offset]
    after = lines[end][node.end_col_offset :] + b"".join(lines[end + 1 :])
    changed: bytes = before + text.encode() + after
    return changed.decode()


def _assigned(function: ast.FunctionDef) -> set[str]:
    return {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _operated(mutate_code: Any, operators: Sequence[Any], source: str) -> Iterator[str]:
    for operator in operators:
        for occurrence in itertools.count():
            changed = mutate_code(source, operator, occurrence)
            if changed is None:
                break
            yield changed


def arguments(folder: Path) -> list[Argument]:
    """What is argued to be equivalent; nothing where there is no such file.

    Raises:
        BadAssignment: when the file does not say what it should.
    """
    path = folder / EQUIVALENT
    if not path.exists():
        return []
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
        found = [Argument(**entry) for entry in entries]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadAssignment(str(error), path=path) from error
    for argument in found:
        if not argument.why.strip():
            raise BadAssignment(f"{argument.before!r} is not argued for", path=path)
    return found


def _answer_lines(source: str) -> set[int]:
    inside, found = False, set()
    for number, line in enumerate(source.splitlines()):
        if line.strip() == _BEGIN:
            inside = True
        elif line.strip() == _END:
            inside = False
        elif inside:
            found.add(number)
    return found


def _difference(source: str, changed: str) -> tuple[str, str, set[int]]:
    """The lines that differ, and their numbers in the source."""
    old, new = source.splitlines(), changed.splitlines()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    return (
        "\n".join(line.strip() for line in before),
        "\n".join(line.strip() for line in after),
        set(range(start, len(old) - end)),
    )
