"""Runs a student's cells one statement at a time and keeps what they define.

Runs beyond the boundary. A statement that fails is reported and costs only what depends on it; a
cell that is not Python keeps the definitions in it that are. The grader's side never parses a
student's text, since a crafted source can crash the parser: that happens here as well.
"""

from __future__ import annotations
import __future__

import ast
import linecache
import re
import signal
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from autograder.sandbox.wire import Raised

RUN_CELL_MAGICS = {"time", "timeit", "capture", "prun"}
"""Cell magics whose body is ordinary Python."""

_LABELS: dict[str, str] = {}  # of each student text's file name


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a student's text; `label` is empty for a script."""

    label: str
    first_line: int
    source: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A statement that did not run, or text that is not Python.

    Args:
        kind: ``syntax``, ``raised`` or ``timeout``.
        where: for example ``cell 3, line 2: x = undefined``.
        binds: the names that it would have defined.
    """

    kind: str
    message: str
    where: str
    binds: tuple[str, ...]


@dataclass(slots=True)
class Loaded:
    """The namespace of a submission, and what happened on the way."""

    namespace: dict[str, Any]
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Statement:
    cell: int
    index: int
    node: ast.stmt
    filename: str

    @property
    def key(self) -> tuple[int, int]:
        return self.cell, self.index

    @property
    def place(self) -> str:
        return _place(self.filename, self.node.lineno)


class _TooSlow(BaseException):
    """Raised in a statement that runs longer than it may."""


def load(
    cells: Sequence[Cell],
    *,
    name: str,
    prelude: Sequence[str] = (),
    skip: Mapping[tuple[int, int], str] | None = None,
    statement_seconds: float = 10.0,
    progress: Callable[[tuple[int, int]], None] = lambda key: None,
) -> Loaded:
    """Runs the cells from top to bottom in a fresh module.

    Args:
        name: the module's ``__name__``.
        prelude: import statements of the starter, run for the names that the cells do not bind.
        skip: statements that ended an earlier process, with the reason; they are reported, not run.
        statement_seconds: how long one statement may take.
        progress: told each statement before it runs.
    """
    module = types.ModuleType(name)
    sys.modules[name] = module
    loaded = Loaded(module.__dict__)
    loaded.namespace["display"] = lambda *values, **options: None
    statements: list[_Statement] = []
    for number, cell in enumerate(cells):
        statements.extend(_statements(number, cell, loaded))
    bound = set().union(*(_binds(statement.node) for statement in statements), ())
    for line in prelude:
        missing = _binds(ast.parse(line).body[0]) - bound
        if missing:
            exec(line, loaded.namespace)

    runner = _Runner(loaded, skip or {}, statement_seconds, progress)
    failed = [statement for statement in statements if runner.run(statement) is not None]
    runner.run_again(failed, statements)
    loaded.failures.extend(runner.failures.values())
    return loaded


def raised(error: BaseException) -> Raised:
    """What an exception tells, with the innermost line of the student's own text."""
    types_ = tuple(kind.__name__ for kind in type(error).__mro__ if kind is not object)[:32]
    try:
        message = str(error.args[0] if isinstance(error, KeyError) and error.args else error)
    except BaseException:
        message = ""
    return Raised(types_, message, _where(error))


@dataclass(slots=True)
class _Runner:
    loaded: Loaded
    skip: Mapping[tuple[int, int], str]
    seconds: float
    progress: Callable[[tuple[int, int]], None]
    failures: dict[tuple[int, int], Failure] = field(default_factory=dict)
    future_flags: int = 0
    unbound: set[tuple[int, int]] = field(default_factory=set)

    def run(self, statement: _Statement) -> Failure | None:
        if statement.key in self.skip:
            reason = self.skip[statement.key]
            return self._fail(statement, "raised", reason, statement.place)
        self.progress(statement.key)
        module = ast.Module([statement.node], [])
        try:
            self.future_flags |= _future_flags(statement.node)
            code = compile(module, statement.filename, "exec", self.future_flags, True)
            with _time_limit(self.seconds):
                exec(code, self.loaded.namespace)
        except _TooSlow:
            message = f"this statement ran longer than {self.seconds:g} seconds"
            return self._fail(statement, "timeout", message, statement.place)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: a student's own
            if isinstance(error, NameError):
                self.unbound.add(statement.key)
            told = raised(error)
            message = f"{told.types[0]}: {told.message}" if told.message else told.types[0]
            return self._fail(
                statement,
                "raised",
                message,
                told.where or statement.place,
            )
        self.failures.pop(statement.key, None)
        return None

    def run_again(self, failed: Sequence[_Statement], statements: Sequence[_Statement]) -> None:
        """Tries statements again that missed a name which a later cell defines.

        A notebook is often run out of order while it is written. A statement is left alone when
        what it defines was defined again after it: that later text is what counts.
        """
        waiting = [s for s in failed if s.key in self.unbound]
        progressed = True
        while waiting and progressed:
            progressed = False
            for statement in list(waiting):
                later = [s for s in statements if s.key > statement.key and s not in waiting]
                rebound = set().union(*(_binds(s.node) for s in later), ())
                if _binds(statement.node) & rebound:
                    waiting.remove(statement)
                elif self.run(statement) is None:
                    waiting.remove(statement)
                    progressed = True
                    self.loaded.notes.append(
                        f"{statement.place} needs something that is defined further down; "
                        "it was run again after that."
                    )

    def _fail(self, statement: _Statement, kind: str, message: str, where: str) -> Failure:
        failure = Failure(kind, message, where, tuple(sorted(_binds(statement.node))))
        self.failures[statement.key] = failure
        return failure


def _statements(number: int, cell: Cell, loaded: Loaded) -> Iterator[_Statement]:
    source, dropped = without_magics(cell.source)
    filename = f"<student {number}>"
    _LABELS[filename] = cell.label
    for text in dropped:
        place = f"{cell.label}: " if cell.label else ""
        loaded.notes.append(f"{place}`{text[:60]}` is not Python and was left out.")
    padded = "\n" * (cell.first_line - 1) + source
    lines = padded.splitlines(keepends=True)
    linecache.cache[filename] = (len(padded), None, lines, filename)
    body = _parsed(padded, filename, loaded)
    for index, node in enumerate(body):
        yield _Statement(number, index, node, filename)


def _parsed(source: str, filename: str, loaded: Loaded) -> list[ast.stmt]:
    try:
        return ast.parse(source, filename).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        message = getattr(error, "msg", None) or str(error) or type(error).__name__
        where = _place(filename, line)
    body: list[ast.stmt] = []
    broken: list[str] = []
    for first_line, chunk in _top_level(source):
        try:
            body.extend(ast.parse("\n" * (first_line - 1) + chunk, filename).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            broken.append(chunk)
    names = {name for chunk in broken for name in _defined_in(chunk)}
    loaded.failures.append(Failure("syntax", message, where, tuple(sorted(names))))
    return body


def _top_level(source: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text that does not parse, each with its first line.

    A tolerant parser finds them, so that brackets and quotes are respected where they close.
    """
    import parso

    module: Any = parso.parse(source)
    piece: list[Any] = []
    for node in module.children:
        broken = node.type in ("error_node", "error_leaf")
        if piece and not (broken and piece[-1].type in ("error_node", "error_leaf")):
            yield _piece(piece)
            piece = []
        piece.append(node)
    if piece:
        yield _piece(piece)


def _piece(nodes: Sequence[Any]) -> tuple[int, str]:
    return nodes[0].start_pos[0], "".join(
        node.get_code(include_prefix=index > 0) for index, node in enumerate(nodes)
    )


def without_magics(source: str) -> tuple[str, list[str]]:
    """The text without IPython's own lines, each replaced by `pass`, and the lines dropped.

    Only what the parser stumbles over is touched, so that a line of a string that begins with
    ``%`` or ``!`` stays as it is.
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
    lines = source.split("\n")
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


def _binds(node: ast.stmt) -> set[str]:
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


def _future_flags(node: ast.stmt) -> int:
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in node.names]
    return sum(feature.compiler_flag for feature in features if feature is not None)


def _defined_in(text: str) -> list[str]:
    return re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", text, re.MULTILINE)


def _where(error: BaseException) -> str:
    """The innermost line of the student's own text in a traceback."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if filename in _LABELS:
            found = _place(filename, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _place(filename: str, line: int | None) -> str:
    """For example ``cell 3, line 2: x = y``; a script's lines have no cell."""
    parts = [_LABELS[filename]] if _LABELS[filename] else []
    if line is not None:
        parts.append(f"line {line}")
    text = linecache.getline(filename, line).strip()[:200] if line is not None else ""
    return ", ".join(parts) + (f": {text}" if text else "")


class _time_limit:  # noqa: N801 - used as a statement
    """Raises `_TooSlow` in the main thread after some seconds, where the platform has timers.

    Student code can catch it; the grader's own deadline, beyond the boundary, cannot be caught.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._expired)
            signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *exception: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    @staticmethod
    def _expired(number: int, frame: object) -> NoReturn:
        raise _TooSlow


def nobody_to_ask(prompt: object = "") -> NoReturn:
    """Stands in for `input`."""
    raise EOFError("input() has nobody to ask while your work is graded")
