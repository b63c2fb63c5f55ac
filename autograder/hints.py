"""Gives the hints of a task one at a time, and remembers how far each student has come."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Unusable
from autograder.files import write_atomically


class NoHints(Unusable):
    """The task has no hints."""


class HintsNotRemembered(Unusable):
    """The state folder cannot be written, so the next hint would be the same again."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint of a task: the `number`-th of `total`, counted from 1."""

    number: int
    total: int
    text: str
    """What to show; once all were shown, the last of them and a word that there are no more."""
    repeated: bool = False
    """Whether this hint was shown before, because there are no more."""


def hints_in(checks: Path) -> dict[str, tuple[str, ...]]:
    """The hints of each task, read from the text of its checks without running it.

    Hints that are not written out as strings in ``@task(…)`` are not found.
    """
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(ast.parse(checks.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        for call in node.decorator_list:
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "task":
                words = {word.arg: word.value for word in call.keywords}
                try:
                    name = ast.literal_eval(call.args[0] if call.args else words["name"])
                    hints = ast.literal_eval(words["hints"]) if "hints" in words else ()
                except (KeyError, ValueError):
                    continue
                found[name] = tuple(hints)
    return found


def next_hint(assignment_name: str, task: str, hints: Sequence[str]) -> Hint:
    """The next hint of `task` for whoever runs this, one more each call.

    Raises `NoHints` for an empty sequence, `HintsNotRemembered` when the state cannot be kept.
    """
    if not hints:
        raise NoHints(f"The task {task} has no hints.")
    total = len(hints)
    path = _state_file(assignment_name)
    shown = _read(path)
    # A newer version of the assignment may have fewer hints than were shown of the older one.
    seen = min(shown.get(task, 0), total)
    if seen == total:
        text = f"{hints[-1]}\n(That was the last hint of {task}: there are no more.)"
        return Hint(number=total, total=total, text=text, repeated=True)
    _write(path, {**shown, task: seen + 1})
    return Hint(number=seen + 1, total=total, text=hints[seen])


def reset(assignment_name: str, task: str | None = None) -> None:
    """Forget which hints were shown: those of one task, or of the whole assignment."""
    path = _state_file(assignment_name)
    shown = _read(path)
    kept = {} if task is None else {name: seen for name, seen in shown.items() if name != task}
    if kept != shown:
        _write(path, kept)


def _state_file(assignment_name: str) -> Path:
    folder = os.environ.get("OHLOL_STATE_DIR")
    if not folder:
        import platformdirs

        folder = platformdirs.user_state_dir("ohlol", appauthor=False)
    return Path(folder) / "hints" / f"{assignment_name}.json"


def _read(path: Path) -> dict[str, int]:
    """Task -> how many of its hints were shown. Anything that is not that counts as nothing."""
    try:
        state = json.loads(path.read_bytes())
    # RecursionError: deeply nested brackets. The file is the student's; it may hold anything.
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(state, dict):
        return {}
    return {task: seen for task, seen in state.items() if type(seen) is int and seen >= 0}


def _write(path: Path, shown: dict[str, int]) -> None:
    text = json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise HintsNotRemembered(
            f"Which hints you have seen is kept in {path.parent}, which cannot be written "
            f"({error.strerror or error}). Set OHLOL_STATE_DIR to a folder that can."
        ) from error
