"""Finds an assignment: by name or by path, as an instructor wrote it or as students received it."""

from __future__ import annotations

import difflib
import keyword
import os
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import Unusable

# The folder of a source holds `<name>.py` beside these, so an assignment cannot bear their names.
_RESERVED = frozenset({"checks", "hidden", "mistakes", "conftest", "autograder"})


class AssignmentError(Unusable):
    """Something about an assignment stands in the way; the message says what to do."""


class AssignmentNotFound(AssignmentError):
    """Nothing of that name or at that path."""


class BadAssignment(AssignmentError):
    """An assignment is there, and cannot be used as it stands.

    `path` and `line` (1-based) say where, as far as that is known.
    """

    def __init__(self, message: str, *, path: Path | None = None, line: int | None = None) -> None:
        self.path = path
        self.line = line
        place = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(place + message)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where the parts of one assignment lie. Paths are absolute; nothing has been read yet."""

    name: str
    folder: Path
    """`solutions/<name>` (a source) or `assignments/<name>` (released)."""
    checks: tuple[Path, ...]
    """The public checks; then, in a source that has them, the hidden ones."""
    solution: Path | None
    """The instructor's `<name>.py`; None where released."""
    starter: Path | None
    """The released `<name>.py`; None in a source."""


def find_assignment(name_or_path: str | Path, *, start: Path | None = None) -> Assignment:
    """Find an assignment as seen from the folder `start` (default: the current one).

    A path (anything with a separator, `.` and `..`) names a folder. A bare name is looked for in
    `solutions/` here and in every folder above, then among the installed assignments, then as a
    folder right here. That folder comes last on purpose: it may well be a student's own, and its
    checks must not pass for the course's unless it is asked for by path.

    Raises `AssignmentNotFound`, or `BadAssignment` where a folder lacks what it needs.
    """
    here = _absolute(Path.cwd() if start is None else start)
    wanted = os.fspath(name_or_path)
    if _is_path(wanted):
        return _assignment_at_path(here, wanted)
    if wanted:
        for folder in (parent / "solutions" / wanted for parent in (here, *here.parents)):
            if os.path.isdir(folder):
                return _read_folder(folder)
        installed = installed_assignments().get(wanted)
        if installed is not None:
            return _read_folder(installed)
        if _holds_assignment(here / wanted):
            return _read_folder(here / wanted)
    raise AssignmentNotFound(_not_found(wanted, here))


def installed_assignments() -> dict[str, Path]:
    """The released assignments that came with the package: name -> folder, sorted by name.

    A wheel carries them inside the package, a checkout beside it.
    """
    package = Path(__file__).resolve().parent
    found: dict[str, Path] = {}
    for root in (package.parent / "assignments", package / "assignments"):
        for folder in _subfolders(root):
            if (folder / ".ohlol" / "checks.py").is_file() and name_problem(folder.name) is None:
                found[folder.name] = folder
    return dict(sorted(found.items()))


def name_problem(name: str) -> str | None:
    """Why an assignment cannot be called `name`, or None when it can."""
    if not name.isidentifier():
        better = re.sub(r"\W+", "_", name).strip("_")
        hint = f" ({better} would do)" if better.isidentifier() else ""
        return f"{name!r} is no Python identifier: letters, digits and _ only, no digit first{hint}"
    if keyword.iskeyword(name):
        return f"{name!r} is a word of the Python language"
    if name in _RESERVED:
        return f"{name!r} is the name of something that an assignment's folder holds already"
    return None


def _assignment_at_path(here: Path, wanted: str) -> Assignment:
    folder = _absolute(here / wanted)
    # os.path answers False, where Path raises, for what cannot be a path ("\0", 300 letters).
    if os.path.isfile(folder):
        raise AssignmentNotFound(
            f"{wanted} is a file. An assignment is a folder: try {os.path.dirname(wanted) or '.'}."
        )
    if not os.path.isdir(folder):
        raise AssignmentNotFound(_not_found(wanted, here))
    return _read_folder(folder)


def _read_folder(folder: Path) -> Assignment:
    name = folder.name
    problem = name_problem(name)
    if problem is not None:
        raise BadAssignment(f"{problem}. Rename the folder.", path=folder)
    script = folder / f"{name}.py"
    released_checks = folder / ".ohlol" / "checks.py"
    if released_checks.is_file() and not (folder / "checks.py").is_file():
        if not script.is_file() and not (folder / f"{name}.ipynb").is_file():
            raise BadAssignment(
                f"{name}.py is missing. A released assignment holds {name}.py, {name}.ipynb and "
                ".ohlol/checks.py; the folder bears the assignment's name.",
                path=folder,
            )
        return Assignment(
            name=name,
            folder=folder,
            checks=(released_checks,),
            solution=None,
            starter=script if script.is_file() else None,
        )
    missing = [file for file in (f"{name}.py", "checks.py") if not (folder / file).is_file()]
    if missing:
        raise BadAssignment(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing. "
            f"An assignment's folder holds {name}.py (text and answers) and checks.py.",
            path=folder,
        )
    hidden = folder / "hidden.py"
    return Assignment(
        name=name,
        folder=folder,
        checks=(folder / "checks.py", *([hidden] if hidden.is_file() else [])),
        solution=script,
        starter=None,
    )


def _holds_assignment(folder: Path) -> bool:
    return os.path.isfile(folder / ".ohlol" / "checks.py") or (
        os.path.isfile(folder / "checks.py") and os.path.isfile(folder / f"{folder.name}.py")
    )


def _is_path(wanted: str) -> bool:
    separators = {"/", os.sep, os.altsep or os.sep}
    return wanted in {".", ".."} or any(separator in wanted for separator in separators)


def _absolute(path: Path) -> Path:
    """Absolute, without `..`; symbolic links stay, so that messages show what the user typed."""
    return Path(os.path.abspath(path))


def _subfolders(root: Path) -> list[Path]:
    try:
        return sorted(folder for folder in root.iterdir() if folder.is_dir())
    except OSError:
        return []


def _not_found(wanted: str, here: Path) -> str:
    known = dict.fromkeys(installed_assignments(), "installed")
    for folder in _subfolders(here):
        if _holds_assignment(folder):
            known[folder.name] = "here"
    for parent in (here, *here.parents):
        for folder in _subfolders(parent / "solutions"):
            if _holds_assignment(folder):
                known[folder.name] = "solutions"
    sentences = [
        f"There is no folder {wanted}."
        if _is_path(wanted)
        else f"No assignment is called {wanted!r}."
    ]
    # Compared in lower case: `Hello_RNN` is one slip, not eight.
    by_lower = {name.lower(): name for name in known}
    name = Path(wanted).name.lower()
    nearest = difflib.get_close_matches(name.replace("-", "_"), by_lower, n=1)
    if nearest:
        sentences.append(f"Did you mean {by_lower[nearest[0]]}?")
    if known:
        listed = ", ".join(f"{name} ({place})" for name, place in sorted(known.items()))
        sentences.append(f"These exist: {listed}.")
    else:
        sentences.append(
            "None is installed, and neither this folder nor any above it has a solutions/ folder."
        )
    return " ".join(sentences)
