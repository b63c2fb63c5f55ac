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

from autograder.sandbox.statements import (
    binds,
    definitions,
    is_demonstration,
    parsed,
    unwritten,
    without_magics,
)
from autograder.sandbox.wire import Raised

STUDENT_FILE = "<student "
"""How the names begin under which a student's texts are compiled."""

_LABELS: dict[str, str] = {}  # of each student text's file name
_UNMADE: dict[str, str] = {}  # why a name is not defined, where that is known
_BECAUSE = ", because "


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
    _UNMADE.clear()
    statements: list[_Statement] = []
    dropped: list[str] = []
    for number, cell in enumerate(cells):
        statements.extend(_statements(number, cell, loaded, dropped))
    loaded.notes.extend(_left_out(dropped))
    bound = _explain_demonstrations(statements, loaded)
    for line in prelude:
        if binds(ast.parse(line).body[0]) - bound:
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
        if isinstance(error, NameError) and error.name in _UNMADE:
            message += _BECAUSE + _UNMADE[error.name]
    except BaseException:
        message = ""
    # Where an object happens to lie in memory differs from run to run.
    return Raised(types_, re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", message), _where(error))


@dataclass(slots=True)
class _Runner:
    loaded: Loaded
    skip: Mapping[tuple[int, int], str]
    seconds: float
    progress: Callable[[tuple[int, int]], None]
    failures: dict[tuple[int, int], Failure] = field(default_factory=dict)
    future_flags: int = 0
    unbound: set[tuple[int, int]] = field(default_factory=set)
    unwritten: dict[str, int] = field(default_factory=dict)  # functions in a definition that ran

    def run(self, statement: _Statement) -> Failure | None:
        if self._hides_an_answer(statement):
            return None
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
            if isinstance(error, SyntaxError) and error.filename == statement.filename:
                # The parser let it pass, and the compiler does not: a `return` at the margin.
                return self._fail(
                    statement, "syntax", error.msg, _place(statement.filename, error.lineno)
                )
            told = raised(error)
            message = f"{told.types[0]}: {told.message}" if told.message else told.types[0]
            if not binds(statement.node):  # nobody will ask, and the cause is reported by itself
                message = message.partition(_BECAUSE)[0]
            return self._fail(statement, "raised", message, told.where or statement.place)
        self.failures.pop(statement.key, None)
        self.unwritten.update(dict.fromkeys(binds(statement.node), unwritten(statement.node)))
        return None

    def _hides_an_answer(self, statement: _Statement) -> bool:
        """Whether it is the starter's stub again, below the student's answer.

        Pasted by accident, or merged into the notebook by a tool; an answer it is not.
        """
        earlier = self.unwritten.get(getattr(statement.node, "name", ""))
        if earlier is None or unwritten(statement.node) <= earlier:
            return False
        self.loaded.notes.append(
            f"{statement.place} is the unwritten stub again, below your answer; "
            "your answer was graded."
        )
        return True

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
                rebound = set().union(*(binds(s.node) for s in later), ())
                if binds(statement.node) & rebound:
                    waiting.remove(statement)
                elif self.run(statement) is None:
                    waiting.remove(statement)
                    progressed = True
                    self.loaded.notes.append(
                        f"{statement.place} needs something that is defined further down; "
                        "it was run again after that."
                    )

    def _fail(self, statement: _Statement, kind: str, message: str, where: str) -> Failure:
        failure = Failure(kind, message, where, tuple(sorted(binds(statement.node))))
        self.failures[statement.key] = failure
        _explain(failure)
        return failure


def _statements(
    number: int, cell: Cell, loaded: Loaded, dropped: list[str]
) -> Iterator[_Statement]:
    source, magics = without_magics(cell.source)
    filename = f"{STUDENT_FILE}{number}>"
    _LABELS[filename] = cell.label
    place = f"{cell.label}: " if cell.label else ""
    dropped.extend(f"{place}`{text[:60]}`" for text in magics)
    padded = "\n" * (cell.first_line - 1) + source
    lines = padded.splitlines(keepends=True)
    linecache.cache[filename] = (len(padded), None, lines, filename)
    body, broken = parsed(padded, filename)
    for piece in broken:
        failure = Failure("syntax", piece.message, _place(filename, piece.line), piece.binds)
        loaded.failures.append(failure)
        _explain(failure)
    for index, node in enumerate(body):
        yield _Statement(number, index, node, filename)


def _left_out(dropped: Sequence[str]) -> list[str]:
    """One note for all lines that are IPython's: there may be many, and little hangs on them."""
    if not dropped:
        return []
    if len(dropped) == 1:
        return [f"{dropped[0]} is not Python and was left out."]
    more = f" and {len(dropped) - 2} more" if len(dropped) > 2 else ""
    return [
        f"{len(dropped)} lines are not Python and were left out: {', '.join(dropped[:2])}{more}."
    ]


def _explain(failure: Failure) -> None:
    """Remembers why names are missing, for whoever stumbles over it later."""
    cause = failure.message.partition(_BECAUSE)[0]  # not a whole chain of them
    for name in failure.binds:
        _UNMADE.setdefault(name, f"this failed: {failure.where} ({cause})")


def _explain_demonstrations(statements: Sequence[_Statement], loaded: Loaded) -> set[str]:
    """Says what stands under ``if __name__ == "__main__":``; returns the names made elsewhere."""
    demonstrations = [s for s in statements if is_demonstration(s.node)]
    made = set().union(*(binds(s.node) for s in statements if not is_demonstration(s.node)), ())
    for statement in demonstrations:
        line = statement.place.partition(": ")[0]
        under = f'under `if __name__ == "__main__":` ({line})'
        for name in binds(statement.node) - made:
            _UNMADE.setdefault(
                name, f"it is made only {under}, and that does not run when your work is graded"
            )
        lost = sorted(definitions(statement.node) - made)
        if lost:
            loaded.notes.append(
                f"What stands {under} does not run when your work is graded, so there is "
                f"no {', '.join(lost)}. Move the definitions out of it."
            )
    return made


def _future_flags(node: ast.stmt) -> int:
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in node.names]
    return sum(feature.compiler_flag for feature in features if feature is not None)


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
