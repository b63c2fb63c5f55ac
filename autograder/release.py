"""Releases assignments: what leaves for students, and the copy that each of them starts from."""

from __future__ import annotations

import ast
import difflib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment, AssignmentError, BadAssignment, find_assignment
from autograder.files import write_atomically
from autograder.starter import cut_starter, read_text

DEFAULT_LANGUAGE = "en"

_LANGUAGE = re.compile(r"[a-z]{2}(_[A-Z]{2})?")
_IGNORED_FOLDERS = frozenset({"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".hypothesis"})
_DIFF_LINES = 20


class CannotRelease(AssignmentError):
    """The released files have nowhere to go."""


class CannotStart(AssignmentError):
    """There is nothing to copy, or no place to copy it to."""


class LanguageMissing(CannotStart):
    """The assignment was not released in this language."""


@dataclass(frozen=True, slots=True)
class StartResult:
    """What `start` did. Paths of files, sorted; `folder` is where they lie."""

    folder: Path
    written: tuple[Path, ...]
    """New files, and generated ones under `.ohlol/` that were brought up to date."""
    kept: tuple[Path, ...]
    """The student's own: they exist and differ from the release, and were left alone."""
    unchanged: tuple[Path, ...]
    """They exist just as released."""


def cut(assignment: Assignment) -> dict[str, bytes]:
    """Everything that leaves for students: path inside the released folder -> content.

    That is the starter as notebook and as percent script, the public checks, and a starter for
    each translation `<language>/<name>.py` beside the source. Answers, hidden checks and
    whatever else lies in the source folder stay. The bytes depend on the sources alone.

    Raises `BadAssignment`, with the line where it is known, and `AuthoringToolsMissing`.
    """
    if assignment.solution is None:
        raise BadAssignment(
            "this is a released assignment; starters are cut from a source under solutions/",
            path=assignment.folder,
        )
    files: dict[str, bytes] = {}
    for prefix, source in _sources(assignment, assignment.solution):
        notebook, script = cut_starter(source)
        files[f"{prefix}{assignment.name}.ipynb"] = notebook
        files[f"{prefix}{assignment.name}.py"] = script
    files[".ohlol/checks.py"] = _public_checks(assignment)
    if any(assignment.folder.glob("mistakes/*/*.py")):
        from autograder import mistakes  # imports torch

        files[f".ohlol/{mistakes.BUNDLE}"] = mistakes.bundle(assignment.folder).encode()
    return dict(sorted(files.items()))


def _sources(assignment: Assignment, solution: Path) -> Iterator[tuple[str, Path]]:
    """Where in the release each starter goes, and the script it is cut from."""
    yield "", solution
    for language in _languages(assignment.folder, assignment.name, ("py",)):
        yield f"{language}/", assignment.folder / language / f"{assignment.name}.py"


def _languages(folder: Path, name: str, suffixes: Iterable[str]) -> list[str]:
    """The translations in a source or released folder; the default language is not among them."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if _LANGUAGE.fullmatch(path.name)
        and any((path / f"{name}.{suffix}").is_file() for suffix in suffixes)
    )


def _public_checks(assignment: Assignment) -> bytes:
    """`checks.py` as it leaves, once it is sure that it can stand alone."""
    path = assignment.folder / "checks.py"
    text = read_text(path)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise BadAssignment(str(error.msg), path=path, line=error.lineno) from error
    beside = {
        entry.stem
        for entry in assignment.folder.iterdir()
        if entry.suffix == ".py" or (entry.is_dir() and entry.name.isidentifier())
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = ["." * node.level] if node.level else [(node.module or "").partition(".")[0]]
        else:
            continue
        for module in modules:
            if module in beside or module.startswith("."):
                raise BadAssignment(
                    f"it imports from its own folder ({ast.unparse(node)}), and of that folder "
                    "only checks.py leaves for students: move what it needs into it",
                    path=path,
                    line=node.lineno,
                )
    return text.encode()


def release_root(assignment: Assignment) -> Path:
    """Where a source's released folder belongs: in `assignments/` beside its `solutions/`."""
    parent = assignment.folder.parent
    return (parent.parent if parent.name == "solutions" else parent) / "assignments"


def release(assignment: Assignment, out_root: Path) -> list[Path]:
    """Bring `out_root/<name>` up to date, and return the files that were written.

    Files are replaced one by one, each in one step, and only after everything was cut. Generated
    files that nothing generates any more are removed; anything else is left for `compare` to name.
    Raises what `cut` raises, and `CannotRelease`.
    """
    folder = _released_folder(assignment, out_root)
    files = cut(assignment)
    written: list[Path] = []
    try:
        for relative, content in files.items():
            path = folder / relative
            if path.is_symlink() or not path.is_file() or path.read_bytes() != content:
                write_atomically(path, content)
                written.append(path)
        for relative in _existing(folder):
            if relative not in files and _is_generated(relative, assignment.name):
                _remove(folder / relative, folder)
    except OSError as error:
        raise CannotRelease(
            f"{error.filename or folder} cannot be written: {error.strerror or error}."
        ) from error
    return written


def compare(assignment: Assignment, out_root: Path) -> list[str]:
    """How `out_root/<name>` differs from what `release` would write; empty when it does not.

    Each entry is for a person to read: one line, with a short diff below it for a changed file.
    """
    folder = _released_folder(assignment, out_root)
    files = cut(assignment)
    differences: list[str] = []
    for relative in sorted({*files, *_existing(folder)}):
        path = folder / relative
        if relative not in files:
            if _is_generated(relative, assignment.name):
                differences.append(f"stale: {path} is no longer cut from the source")
            else:
                differences.append(f"stray: {path} is not cut from the source; move or delete it")
        elif not path.is_file():
            differences.append(f"missing: {path}")
        else:
            # A checkout may have converted the line ends.
            existing = path.read_bytes().replace(b"\r\n", b"\n")
            if existing != files[relative]:
                differences.append(f"changed: {path}\n{_short_diff(existing, files[relative])}")
    return differences


def draw_examples(assignment: Assignment, out_root: Path) -> Path:
    """Draws what `ohlol check` runs the public checks on, beside the released checks.

    Raises `BadAssignment` where the checks reject the solution, and `SandboxRefused`.
    """
    from autograder import examples  # torch and pytest: only here are they needed
    from autograder.grading import Grader

    with Grader(assignment, seed=examples.PRACTICE_SEED, practice=True) as grader:
        content = examples.dump(grader.learned(), assignment.folder / "checks.py")
    path = _released_folder(assignment, out_root) / ".ohlol" / examples.FILE_NAME
    write_atomically(path, content)
    return path


def has_current_examples(assignment: Assignment, out_root: Path) -> bool:
    """Whether the released examples were drawn for the checks as they are."""
    from autograder import examples

    path = _released_folder(assignment, out_root) / ".ohlol" / examples.FILE_NAME
    return examples.is_current(path, assignment.folder / "checks.py")


def _released_folder(assignment: Assignment, out_root: Path) -> Path:
    folder = out_root / assignment.name
    source = assignment.folder.resolve()
    # Released into its own source folder, the stub would replace the solution.
    if folder.resolve() == source or source in folder.resolve().parents:
        raise CannotRelease(
            f"{folder} is the source of {assignment.name}; release it to another folder."
        )
    return folder


def _existing(folder: Path) -> list[str]:
    """What a release is compared with: all files but the examples, which depend on the version of
    Hypothesis and are compared by what they are for."""
    return [name for name in _all_files(folder) if PurePosixPath(name).name != "examples.bin"]


def _all_files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir())
        and not _IGNORED_FOLDERS.intersection(path.relative_to(folder).parts)
        and path.name != ".DS_Store"
    )


def _is_generated(relative: str, name: str) -> bool:
    """Whether `release` writes, or once wrote, files of this path."""
    path = PurePosixPath(relative)
    if path.parts[0] == ".ohlol":
        return True
    if path.name not in {f"{name}.ipynb", f"{name}.py"}:
        return False
    return len(path.parts) == 1 or (
        len(path.parts) == 2 and _LANGUAGE.fullmatch(path.parts[0]) is not None
    )


def _remove(path: Path, root: Path) -> None:
    path.unlink()
    parent = path.parent
    while parent != root and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent


def _short_diff(existing: bytes, wanted: bytes) -> str:
    lines = list(
        difflib.unified_diff(
            existing.decode("utf-8", "replace").split("\n"),
            wanted.decode("utf-8", "replace").split("\n"),
            "released",
            "cut from the source",
            lineterm="",
            n=1,
        )
    )
    more = len(lines) - _DIFF_LINES
    return "\n".join([*lines[:_DIFF_LINES], *([f"… and {more} more lines"] if more > 0 else [])])


def start(
    assignment_name: str | Path, to: Path | None = None, *, lang: str = DEFAULT_LANGUAGE
) -> StartResult:
    """Copy a released assignment to a folder of the student's, `./<name>` by default.

    What exists there and differs is the student's work and stays; only `.ohlol/`, which is
    generated, is brought up to date. Nothing outside the release is touched.

    Raises `AssignmentNotFound`, `LanguageMissing` and `CannotStart`.
    """
    assignment = _released(assignment_name)
    files = _files_to_start(assignment, lang)
    folder = Path(assignment.name) if to is None else to
    if (folder / "checks.py").is_file():
        raise CannotStart(f"{folder} is an assignment's source. Choose another folder.")
    written: list[Path] = []
    kept: list[Path] = []
    unchanged: list[Path] = []
    try:
        for relative, source in files.items():
            path, content = folder / relative, source.read_bytes()
            if path.is_file() and path.read_bytes() == content:
                unchanged.append(path)
            elif os.path.lexists(path) and not relative.startswith(".ohlol/"):
                kept.append(path)
            else:
                write_atomically(path, content)
                written.append(path)
    except OSError as error:
        raise CannotStart(
            f"{error.filename or folder} cannot be written: {error.strerror or error}. "
            "Choose another folder."
        ) from error
    return StartResult(
        folder=folder, written=tuple(written), kept=tuple(kept), unchanged=tuple(unchanged)
    )


def _released(name: str | Path) -> Assignment:
    """The released form of an assignment; for a source, the one that was cut from it."""
    assignment = find_assignment(name)
    if assignment.solution is None:
        return assignment
    folder = release_root(assignment) / assignment.name
    if not (folder / ".ohlol" / "checks.py").is_file():
        raise CannotStart(
            f"{assignment.name} has not been released yet: ohlol release {assignment.name}"
        )
    return find_assignment(folder)


def _files_to_start(assignment: Assignment, lang: str) -> dict[str, Path]:
    """Path in the student's folder -> released file. A translation takes the originals' place."""
    translations = _languages(assignment.folder, assignment.name, ("ipynb", "py"))
    if lang not in {DEFAULT_LANGUAGE, *translations}:
        available = ", ".join([DEFAULT_LANGUAGE, *translations])
        raise LanguageMissing(
            f"{assignment.name} is not there in {lang!r}. Available: {available}."
        )
    files: dict[str, Path] = {}
    translated: dict[str, Path] = {}
    for relative in _all_files(assignment.folder):
        head, _, rest = relative.partition("/")
        if head == lang and head in translations:
            translated[rest] = assignment.folder / relative
        elif head not in translations:
            files[relative] = assignment.folder / relative
    return dict(sorted({**files, **translated}.items()))
