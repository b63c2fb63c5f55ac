"""A student's text -> the statements in it, however broken the rest of the text is.

Runs beyond the boundary, since a crafted text can crash the parser. Nothing is run here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

RUN_CELL_MAGICS = {"time", "timeit", "capture", "prun"}
"""Cell magics whose body is ordinary Python."""

_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Broken:
    """Text that is not Python.

    Args:
        line: where the parser gave up, if it knows.
        binds: the functions and classes that the text would have defined.
    """

    message: str
    line: int | None
    binds: tuple[str, ...]


def parsed(source: str, filename: str) -> tuple[list[ast.stmt], list[Broken]]:
    """The statements of a text, and what of it is not Python.

    A definition that is broken costs itself alone. What is broken and defines nothing is told once
    at most: a page of prose would fill a report.
    """
    try:
        return ast.parse(source, filename).body, []
    except _NOT_PYTHON as error:
        whole = _told(error)
    body: list[ast.stmt] = []
    broken: list[Broken] = []
    for first_line, piece in _pieces(source):
        cuts = [(first_line, piece)] if _is_python(piece) else _at_definitions(first_line, piece)
        for line, text in cuts:
            try:
                nodes = ast.parse(text, filename).body
                body.extend(ast.increment_lineno(node, line - 1) for node in nodes)
            except _NOT_PYTHON as error:
                broken.append(_broken(text, line, _told(error), whole))
    telling = [piece for piece in broken if piece.binds]
    return body, telling or broken[:1] or [Broken(*whole, ())]


def without_magics(source: str) -> tuple[str, list[str]]:
    """The text without IPython's own lines, each replaced by `pass`, and the lines dropped.

    Only what the parser stumbles over is touched, so that a line of a string that begins with
    ``%`` or ``!`` stays as it is. As in IPython, a cell may be indented as a whole.
    """
    dropped: list[str] = []
    stripped = source.lstrip()
    if stripped.startswith("%%"):
        first, _, rest = stripped.partition("\n")
        dropped.append(first)
        blank = "\n" * (source[: len(source) - len(stripped)].count("\n") + 1)
        magic = re.match(r"%%(\w+)", first)
        if magic is None or magic[1] not in RUN_CELL_MAGICS:
            return "", dropped
        source = blank + rest
    lines = _dedented(source.split("\n"))
    if not any(map(_is_magic, lines)):
        return "\n".join(lines), dropped
    for _ in range(len(lines)):
        number = _unparsable_line(lines)
        if number is None or not _is_magic(lines[number]):
            break
        text = lines[number]
        timed = re.match(r"(\s*)%time\s+(\S.*)", text)
        if timed:
            lines[number] = timed[1] + timed[2]
            continue
        dropped.append(text.strip())
        while lines[number].rstrip().endswith("\\") and number + 1 < len(lines):
            lines[number] = ""  # one command over several lines
            number += 1
        lines[number] = text[: len(text) - len(text.lstrip())] + "pass"
    return "\n".join(lines), dropped


def binds(node: ast.stmt) -> set[str]:
    """The names that a top-level statement defines."""
    names: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(item.name)
        elif isinstance(item, ast.alias):
            names.add(item.asname or item.name.partition(".")[0])
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            names.add(item.id)
        elif not isinstance(item, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp)):
            pending.extend(ast.iter_child_nodes(item))
    return names


def unwritten(node: ast.AST) -> int:
    """How many functions of a definition are nothing but the starter's placeholder."""
    if isinstance(node, ast.ClassDef):
        return sum(map(unwritten, node.body))
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return 0
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return 0
    error = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return int(isinstance(error, ast.Name) and error.id == "NotImplementedError")


def is_demonstration(node: ast.stmt) -> bool:
    """Whether it stands under ``if __name__ == "__main__":``, which is false in grading."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "__name__ == '__main__'", "'__main__' == __name__",
    )  # fmt: skip


def definitions(node: ast.stmt) -> set[str]:
    """The functions and classes that stand directly in a statement, such as an `if`."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {item.name for item in ast.iter_child_nodes(node) if isinstance(item, kinds)}


def _told(error: Exception) -> tuple[str, int | None]:
    message = getattr(error, "msg", None) or str(error) or type(error).__name__
    return message, getattr(error, "lineno", None)


def _broken(
    text: str, first_line: int, told: tuple[str, int | None], whole: tuple[str, int | None]
) -> Broken:
    """What the parser said of a piece, or of the whole text where that is the same place."""
    message, line = told
    if line is not None:
        line += first_line - 1
    if whole[1] is not None and whole[1] - first_line in range(text.count("\n") + 1):
        message, line = whole  # it says it best when it sees what follows
    return Broken(message, line, _defined_in(text))


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except _NOT_PYTHON:
        return False
    return True


def _pieces(source: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text that does not parse, each with its first line.

    A tolerant parser finds them, so that brackets and quotes are respected where they close. A
    piece begins at the margin: the body of a function whose head is broken belongs to the head.
    """
    import parso

    module: Any = parso.parse(source)
    pieces: list[list[Any]] = []
    for node in module.children:
        if not pieces or node.start_pos[1] == 0:
            pieces.append([])
        pieces[-1].append(node)
    for nodes in pieces:
        first_line = nodes[0].start_pos[0]
        codes = [node.get_code(include_prefix=index > 0) for index, node in enumerate(nodes)]
        yield first_line, " " * nodes[0].start_pos[1] + "".join(codes)


_DEFINITION = re.compile(r"^(?:(?:async\s+)?def|class)\s+(\w+)", re.MULTILINE)
# With its decorators.
_HEAD = re.compile(r"^(?:@.*\n)*(?:(?:async\s+)?def|class)\s", re.MULTILINE)


def _at_definitions(first_line: int, text: str) -> Iterator[tuple[int, str]]:
    """Cuts a broken piece at the definitions at its margin.

    It holds several where something before them stays open, such as a string.
    """
    cuts = [match.start() for match in _HEAD.finditer(text)]
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        if start < end:
            yield first_line + text.count("\n", 0, start), text[start:end]


def _defined_in(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_DEFINITION.findall(text))))


def _dedented(lines: list[str]) -> list[str]:
    first = next((line for line in lines if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(margin) for line in lines] if margin else lines


def _unparsable_line(lines: Sequence[str]) -> int | None:
    try:
        ast.parse("\n".join(lines))
    except SyntaxError as error:
        number = (error.lineno or 0) - 1
        return number if 0 <= number < len(lines) else None
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _is_magic(line: str) -> bool:
    text = line.strip()
    return bool(
        re.match(r"[%!?]", text) or text.endswith("?") or re.match(r"[\w, ]+=\s*[!%]", text)
    )
