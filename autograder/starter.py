"""Cuts one starter from an instructor's percent script: as a notebook and as a script.

jupytext reads the script, nbgrader's own preprocessors take the answers out. Both are the optional
extra `ohlol[authoring]`. Most of this file is guards: an answer that slips out cannot be called
back, so whatever looks like one stops the cut, with the line to look at.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.assignment import BadAssignment
from autograder.errors import Unusable

if TYPE_CHECKING:
    from nbformat import NotebookNode

_GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Looser than what nbgrader looks for: a marker that nbgrader overlooks must not pass unseen. Text
# may speak of "the end solution" and have a heading "## Begin here", comments in code hardly.
_REGION = r"(HIDDEN[\s_-]*TESTS?|MARK[\s_-]*SCHEME|SOLUTIONS?)\b"
_MARKER_IN_TEXT = re.compile(rf"\b(BEGIN|END)[\s_-]*{_REGION}")
_MARKER_IN_CODE = re.compile(
    rf"#.*\b(begin|end)[\s_-]*{_REGION}|^\s*#{{2,}}\s*(begin|end)\b", re.IGNORECASE
)
# What jupytext notes down to write a script back as it was. In a cut notebook it is noise, and
# would make the script depend on blank lines in the source.
_JUPYTEXT_KEYS = frozenset(
    {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker", "cell_metadata_json"}
)
_PERCENT = {
    "extension": ".py",
    "format_name": "percent",
    "notebook_metadata_filter": "-all",
    "cell_metadata_filter": "nbgrader,-all",
}
# A shorter answer, such as `return x`, says nothing when the same line also stands in given code.
_TELLING_LENGTH = 24


class AuthoringToolsMissing(Unusable):
    """jupytext or nbgrader is not installed."""


def cut_starter(source: Path) -> tuple[bytes, bytes]:
    """The notebook and the script that students get of one percent script."""
    jupytext, nbformat = _authoring_tools()
    text = read_text(source)
    try:
        notebook = jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"})
    except Exception as error:
        # Whatever its YAML and metadata parsers raise.
        raise BadAssignment(f"jupytext cannot read it: {error}", path=source) from error
    lines = _cell_lines(text, notebook.cells)
    _check_source(source, notebook, lines)
    original = [cell.source for cell in notebook.cells]
    answers = [answer for cell in notebook.cells for answer in _answers(cell.source)]

    _clean_metadata(notebook)
    _run_preprocessors(source, notebook)
    _set_cell_ids(notebook)
    _check_cut(source, notebook, lines, original, answers)
    nbformat.validate(notebook)

    script = jupytext.writes(notebook, fmt=dict(_PERCENT)).rstrip("\n") + "\n"
    _check_reads_back(source, notebook, jupytext.reads(script, fmt=dict(_PERCENT)), lines)
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode(), script.encode()


def task_cells(source: Path) -> dict[str, str]:
    """The cells that students write in, answers included: grade id -> text."""
    jupytext, _ = _authoring_tools()
    notebook = jupytext.reads(read_text(source), fmt="py:percent")
    return {
        _grade_id(cell): cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and _is_solution(cell)
    }


def _authoring_tools() -> tuple[Any, Any]:
    try:
        import jupytext
        import nbformat
        import nbgrader.preprocessors  # noqa: F401
    except ImportError as error:
        raise AuthoringToolsMissing(
            "Cutting starters needs jupytext and nbgrader "
            f"(missing: {error.name or error}). Install them: pip install 'ohlol[authoring]'"
        ) from error
    return jupytext, nbformat


def _clean_metadata(notebook: NotebookNode) -> None:
    """Keep what the author wrote; drop versions and what reading the script left behind."""
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        for key in _JUPYTEXT_KEYS & set(cell.metadata):
            del cell.metadata[key]


def _run_preprocessors(source: Path, notebook: NotebookNode) -> None:
    """What `nbgrader generate_assignment` does, without its course, database and configuration."""
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )

    # The errors come as exceptions; nbgrader would print the answers to stderr as well.
    quiet = logging.Logger("nbgrader")
    quiet.addHandler(logging.NullHandler())
    # nbgrader's order. The checksums are computed again for cells that lost their hidden tests.
    steps = (
        LockCells,
        ClearSolutions,
        ClearOutput,
        CheckCellMetadata,
        ComputeChecksums,
        ClearHiddenTests,
        ClearMarkScheme,
        ComputeChecksums,
        CheckCellMetadata,
    )
    resources: dict[str, Any] = {}
    for step in steps:
        try:
            step(log=quiet).preprocess(notebook, resources)
        except Exception as error:
            # nbgrader raises RuntimeError, ValueError, KeyError and jsonschema's ValidationError.
            raise BadAssignment(f"nbgrader cannot cut it: {error}", path=source) from error


def _set_cell_ids(notebook: NotebookNode) -> None:
    """Replace random ids by the grade id, or by a digest of the cell, numbered where it repeats."""
    taken = {cell.metadata.nbgrader.grade_id for cell in notebook.cells if _grade_id(cell)}
    for cell in notebook.cells:
        identifier = _grade_id(cell)
        if not identifier:
            digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
            identifier, number = digest, 1
            while identifier in taken:
                number += 1
                identifier = f"{digest}-{number}"
            taken.add(identifier)
        cell["id"] = identifier


def _check_source(source: Path, notebook: NotebookNode, lines: list[int]) -> None:
    """Refuse, with the line, whatever would make nbgrader leave an answer in or wipe a stub."""
    from nbgrader.nbgraderformat import MetadataValidator

    validator = MetadataValidator()
    first_with: dict[str, int] = {}
    for cell, line in zip(notebook.cells, lines, strict=True):

        def refuse(message: str, line: int = line) -> BadAssignment:
            return BadAssignment(message, path=source, line=line)

        if "incorrectly_encoded_metadata" in cell.metadata:
            raise refuse(
                "this cell's metadata cannot be read; write nbgrader={…} as one JSON object "
                "(double quotes, true and false, no comma at the end)"
            )
        grade_id = _grade_id(cell)
        if grade_id and not _GRADE_ID.fullmatch(grade_id):
            # nbgrader knows no limit; a cell's id in a notebook has one.
            raise refuse(
                f"the grade_id {grade_id!r} may hold letters, digits, _ and - only, at most 64"
            )
        if "nbgrader" in cell.metadata:
            try:
                validator.validate_cell(cell)
            except Exception as error:
                reason = getattr(error, "message", None) or str(error)
                raise refuse(f"this cell's nbgrader metadata is not valid: {reason}") from error
        if grade_id:
            if grade_id in first_with:
                raise refuse(f"the grade_id {grade_id!r} is taken, by line {first_with[grade_id]}")
            first_with[grade_id] = line
        elif cell.metadata.get("deletable") is False or cell.metadata.get("editable") is False:
            raise refuse("this cell is locked and has no nbgrader metadata: give it a grade_id")
        regions = _check_markers(source, cell, line)
        if regions and not _is_solution(cell):
            raise refuse(
                "this cell holds an answer and is no solution cell: give its marker nbgrader={…} "
                'with "solution": true and a grade_id'
            )
        if _is_solution(cell) and cell.cell_type == "code" and not regions:
            raise refuse(
                f"the solution cell {grade_id!r} has no ### BEGIN SOLUTION, so all of it would go, "
                "its def lines too: mark the answer (or all of the cell, if that is meant)"
            )


def _check_markers(source: Path, cell: NotebookNode, first: int) -> int:
    """The number of answers in a cell whose markers are well formed."""
    opened: int | None = None
    regions = 0
    for line, text in enumerate(cell.source.split("\n"), start=first):
        begins, ends = "BEGIN SOLUTION" in text, "END SOLUTION" in text
        if begins and ends:
            raise BadAssignment("two markers in one line", path=source, line=line)
        if begins and opened is not None:
            raise BadAssignment(
                f"BEGIN SOLUTION inside the answer that line {opened} began", path=source, line=line
            )
        if ends and opened is None:
            raise BadAssignment("END SOLUTION without a BEGIN", path=source, line=line)
        if begins:
            opened, regions = line, regions + 1
        elif ends:
            opened = None
    if opened is not None:
        raise BadAssignment(
            "this BEGIN SOLUTION has no END SOLUTION in its cell", path=source, line=opened
        )
    return regions


def _check_cut(
    source: Path,
    notebook: NotebookNode,
    lines: list[int],
    original: list[str],
    answers: list[tuple[str, ...]],
) -> None:
    """Nothing that was to go may still be there, and what is left has to be whole."""
    given = [_squeeze(cell.source) for cell in notebook.cells]
    for index, cell in enumerate(notebook.cells):
        before, line = original[index], lines[index]
        is_code = cell.cell_type == "code"
        for text in cell.source.split("\n"):
            if _MARKER_IN_TEXT.search(text) or (is_code and _MARKER_IN_CODE.search(text)):
                raise BadAssignment(
                    f"{text.strip()!r} is left after cutting, so what it marks would leave too; "
                    "write ### BEGIN SOLUTION and ### END SOLUTION",
                    path=source,
                    line=_line_of(text, before, line),
                )
        kept = Counter(_squeeze(_outside(before)))
        # The stub is nbgrader's; every other line has to come from outside the answers.
        stub = {"# YOUR CODE HERE", "raise NotImplementedError()", "YOUR ANSWER HERE"}
        for text, count in Counter(given[index]).items():
            if count > kept[text] and text not in stub:
                raise BadAssignment(
                    f"a line of an answer is left after cutting: {text!r}",
                    path=source,
                    line=_line_of(text, before, line),
                )
        if _is_solution(cell) and (not _grade_id(cell) or "checksum" not in cell.metadata.nbgrader):
            raise BadAssignment("a solution cell lost its metadata", path=source, line=line)
        if is_code and _parses(before) and not _parses(cell.source):
            raise BadAssignment(
                "without its answers this cell is no valid Python; the stub takes the place of "
                "BEGIN SOLUTION, with its indentation",
                path=source,
                line=line,
            )
    for answer in answers:
        if len(answer) < 2 and sum(map(len, answer)) < _TELLING_LENGTH:
            continue
        for index, block in enumerate(given):
            if _contains(block, answer):
                raise BadAssignment(
                    f"an answer stands in given text as well, from {answer[0]!r} on",
                    path=source,
                    line=_line_of(answer[0], _outside(original[index]), lines[index]),
                )


def _check_reads_back(
    source: Path, notebook: NotebookNode, again: NotebookNode, lines: list[int]
) -> None:
    """The script has to hold the notebook's cells, or the two starters would differ."""
    wanted = [(cell.cell_type, cell.source, _grade_id(cell)) for cell in notebook.cells]
    found = [(cell.cell_type, cell.source, _grade_id(cell)) for cell in again.cells]
    for index, cell in enumerate(wanted):
        if index >= len(found) or found[index] != cell:
            raise BadAssignment(
                "this cell does not survive being written as a script and read back; "
                "look for lines that begin with # %% or, as a comment, with a magic",
                path=source,
                line=lines[index],
            )
    if len(found) > len(wanted):
        raise BadAssignment("the script reads back with more cells than it has", path=source)


def _answers(text: str) -> Iterator[tuple[str, ...]]:
    """The lines of each answer in a cell, stripped; blank lines and comments left out."""
    answer: list[str] | None = None
    for line in text.split("\n"):
        if "BEGIN SOLUTION" in line:
            answer = []
        elif "END SOLUTION" in line:
            if answer:
                yield tuple(answer)
            answer = None
        elif answer is not None and line.strip() and not line.strip().startswith("#"):
            answer.append(line.strip())


def _outside(text: str) -> str:
    """A cell without its answers and their markers, every other line in place."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if "BEGIN SOLUTION" in line:
            inside = True
        kept.append("" if inside or "END SOLUTION" in line else line)
        if "END SOLUTION" in line:
            inside = False
    return "\n".join(kept)


def _squeeze(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _contains(block: list[str], part: tuple[str, ...]) -> bool:
    code = [line for line in block if not line.startswith("#")]
    return any(tuple(code[at : at + len(part)]) == part for at in range(len(code)))


def _line_of(text: str, cell: str, first: int) -> int:
    """The line in the file of the first line of a cell that says `text`."""
    for number, line in enumerate(cell.split("\n"), start=first):
        if line.strip() == text.strip():
            return number
    return first


def _cell_lines(text: str, cells: list[NotebookNode]) -> list[int]:
    """For each cell, the line in the script where its content begins, for error messages.

    jupytext does not tell. Each cell is found by its first line, behind the cell before it;
    markdown and magics are comments in the script, so the comment signs are looked past.
    """
    script = [line.lstrip("# ").rstrip() for line in text.split("\n")]
    found: list[int] = []
    position = 0
    for cell in cells:
        content = cell.source.split("\n")
        wanted = content[0].lstrip("# ").rstrip()
        if wanted:
            with contextlib.suppress(ValueError):
                position = script.index(wanted, position)
        found.append(position + 1)
        position += len(content)
    return found


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


def _grade_id(cell: NotebookNode) -> str:
    return str(_nbgrader(cell).get("grade_id", ""))


def _is_solution(cell: NotebookNode) -> bool:
    return bool(_nbgrader(cell).get("solution", False))


def _nbgrader(cell: NotebookNode) -> dict[str, Any]:
    metadata = cell.metadata.get("nbgrader")
    return metadata if isinstance(metadata, dict) else {}


def read_text(path: Path) -> str:
    """A source file with its line ends normalised, so that every checkout cuts the same bytes."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadAssignment(f"not UTF-8 at byte {error.start}", path=path) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
