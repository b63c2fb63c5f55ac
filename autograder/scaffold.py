"""Starts a new assignment: a small complete one, to be changed step by step."""

from __future__ import annotations

import shutil
import sys
import tempfile
from importlib import resources
from pathlib import Path
from string import Template

from autograder.assignment import AssignmentError, name_problem

# In the solution and the released folder alike, `import torch` beside a torch.py finds that file.
_SHADOWED = frozenset({"torch", "numpy", "pytest", "hypothesis", "nbgrader", "jupytext", "IPython"})


class CannotScaffold(AssignmentError):
    """The folder exists, or the name cannot be used."""


def new(name: str, parent: Path) -> list[Path]:
    """Write `parent/solutions/<name>/` with `<name>.py` and `checks.py`, and return both paths.

    What it writes passes `ohlol verify` as it stands. Raises `CannotScaffold`.
    """
    problem = name_problem(name)
    if problem is None and (name in sys.stdlib_module_names or name in _SHADOWED):
        problem = f"{name!r} is a module that students import; their {name}.py would hide it"
    if problem is not None:
        raise CannotScaffold(f"{problem}. Choose another name.")
    solutions = parent / "solutions"
    folder = solutions / name
    if folder.exists() or folder.is_symlink():
        raise CannotScaffold(f"{folder} exists already. Choose another name, or remove it first.")
    contents = {
        f"{name}.py": _render("solution.py.template", name),
        "checks.py": _render("checks.py.template", name),
    }
    try:
        solutions.mkdir(parents=True, exist_ok=True)
        # Filled aside and renamed, so that an interrupted run leaves no half assignment behind.
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=solutions) as aside:
            draft = Path(aside) / name
            draft.mkdir()
            for file, text in contents.items():
                (draft / file).write_text(text, encoding="utf-8", newline="\n")
            shutil.move(draft, folder)
    except OSError as error:
        raise CannotScaffold(f"{folder} cannot be written: {error.strerror or error}.") from error
    return [folder / file for file in contents]


def _render(template: str, name: str) -> str:
    source = resources.files("autograder") / "templates" / template
    return Template(source.read_text(encoding="utf-8")).substitute(name=name)
