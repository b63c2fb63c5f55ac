"""The bytes of a notebook or script -> its code cells as text.

Nothing is executed, compiled or parsed as Python: a crafted source can crash Python's parser, so
that happens in the sandbox. Here are only JSON, text encodings and the lines that mark cells.
"""

from __future__ import annotations

import codecs
import importlib
import json
import logging
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder.archive import ReadingLimits, UnreadableSubmission, shown


@dataclass(frozen=True, slots=True)
class Cell:
    """One code cell, or a whole script without cell marks."""

    source: str  # as the student wrote it, magics still inside; newlines are \n
    label: str  # "cell 3" for notebooks, counted from 1 over code cells alone; "" for scripts
    first_line: (
        int  # 1 for notebook cells; for scripts the line of the file that the source begins with
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """What a notebook or script holds."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...]


def read_cells(data: bytes, name: str, limits: ReadingLimits) -> Contents:
    """The code cells of a notebook or script, told apart by their contents rather than by name.

    Raises `UnreadableSubmission` if it is neither.
    """
    as_notebook = ".ipynb" in name.rpartition("/")[2].casefold()
    name = shown(name)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\f"):
        raise UnreadableSubmission(f"{name} is empty.")
    if other := other_format(data):
        raise UnreadableSubmission(f"{name} is {other}, not a notebook or script.")
    notes: list[str] = []
    text = _without_surrogates(_decoded(data, name, notes), name, notes)
    if _HTML.match(text[:2000]):
        raise UnreadableSubmission(
            f"{name} is a web page, not the notebook itself. Download the notebook from Jupyter "
            "(File > Download) or from the page's Raw or Download button."
        )
    if text.lstrip()[:1] in ("{", "["):
        if as_notebook or looks_like_notebook(text):
            if not as_notebook:
                notes.append(f"{name} is a Jupyter notebook by its contents, and was read as one.")
            return _bounded(_notebook(text, name, limits, notes), notes, name, limits)
    elif as_notebook:
        if not _PYTHON.search(text):
            raise UnreadableSubmission(f"{name} is not a notebook. {_SAVE_AGAIN}")
        notes.append(f"{name} is a Python script by its contents, and was read as one.")
    if len(text) > limits.code_characters:
        raise _too_much(name, f"{limits.code_characters:,} characters of code")
    if sum(1 for _ in _MARK.finditer(text)) > limits.code_cells:
        raise _too_much(name, f"{limits.code_cells:,} cells")
    return _bounded(script_cells(text, notes), notes, name, limits)


def _bounded(cells: list[Cell], notes: list[str], name: str, limits: ReadingLimits) -> Contents:
    if len(cells) > limits.code_cells:
        raise _too_much(name, f"{limits.code_cells:,} cells")
    if sum(len(cell.source) for cell in cells) > limits.code_characters:
        raise _too_much(name, f"{limits.code_characters:,} characters of code")
    if not any(cell.source.strip() for cell in cells):
        notes.append(f"{name} holds no code.")
    return Contents(tuple(cells), tuple(notes))


def _too_much(name: str, what: str) -> UnreadableSubmission:
    return UnreadableSubmission(f"{name} holds more than {what}.")


# --- What the bytes are ---

_MAGIC = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "a rich text document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"\x7fELF": "a program",
}
_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")
# Possessive throughout, so that no text makes these slow.
_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+|<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_PYTHON = re.compile(
    r"^[ \t]*+(?:import\s+\w|from\s+\w|def\s+\w|class\s+\w|@\w|#|[^\W\d][\w.]*\s*(?:=|\(|\[))", re.M
)
_SAVE_AGAIN = "Open it in Jupyter, save it, and hand in the file that was saved."


def other_format(data: bytes) -> str:
    """Which well-known format the bytes are that no notebook or script is, or the empty string."""
    if _BZIP2.match(data):
        return "a bzip2 archive"
    if data[257:263] in (b"ustar\0", b"ustar "):
        return "a tar archive"
    return next((what for magic, what in _MAGIC.items() if data.startswith(magic)), "")


def looks_like_notebook(text: str) -> bool:
    """Whether a text is meant as a notebook (a script may begin with a brace, too)."""
    return bool(
        re.match(r'\s*+\{\s*+"', text)
        and re.search(r'"(?:cells|worksheets)"\s*+:\s*+\[', text)
        and re.search(r'"(?:cell_type|nbformat)"\s*+:', text)
    )


# --- Text ---

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#|$)")
# Other codecs that Python knows are no character sets, and some are slow enough to be an attack.
_TABLES = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|gb\w+|big5\w*|hz|euc_\w+|shift_jis\w*|iso2022_\w+|koi8-\w"
    r"|mac-\w+|tis-620|johab|ptcp154|kz1048"
)


def _decoded(data: bytes, name: str, notes: list[str]) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            break
    else:
        text = _without_mark(data, name, notes)
    if "\0" in text:
        raise UnreadableSubmission(
            f"{name} holds NUL bytes, so it is binary data or text in an unmarked encoding. "
            "Save it as UTF-8."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_mark(data: bytes, name: str, notes: list[str]) -> str:
    declared = _declared_encoding(data)
    if declared:
        try:
            encoding = codecs.lookup(declared).name
            if _TABLES.fullmatch(encoding):
                return data.decode(encoding)
        except (LookupError, ValueError):
            pass
    try:
        text = data.decode("utf-8")
        if declared and declared.casefold() not in ("utf-8", "utf8"):
            notes.append(f"{name} declares the encoding {shown(declared)}, but was read as UTF-8.")
        return text
    except UnicodeDecodeError:
        pass
    notes.append(f"{name} is not UTF-8 and was read as Windows-1252; save it as UTF-8.")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _declared_encoding(data: bytes) -> str:
    """The encoding that one of the first two lines declares (PEP 263), or the empty string."""
    for line in data[:1000].replace(b"\r", b"\n").split(b"\n", 2)[:2]:
        if cookie := _COOKIE.match(line):
            return cookie[1].decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return ""


def _without_surrogates(text: str, name: str, notes: list[str]) -> str:
    """The text with lone surrogates replaced: JSON can spell them, but no UTF-8 can carry them."""
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        notes.append(f"{name} holds broken characters, which were replaced.")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# --- Notebooks ---


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer of thousands of digits
        return json.loads(text, strict=False, parse_int=float)


def _notebook(text: str, name: str, limits: ReadingLimits, notes: list[str]) -> list[Cell]:
    if text.count(",") + text.count("[") + text.count("{") > limits.json_values:
        raise UnreadableSubmission(
            f"{name} holds more than {limits.json_values:,} values. "
            "Clear its outputs and save it again."
        )
    try:
        document = _json(text)
    except json.JSONDecodeError as error:
        raise _broken_json(text, name, error) from None
    except (ValueError, RecursionError):
        raise UnreadableSubmission(
            f"{name} is nested too deeply to be a notebook. {_SAVE_AGAIN}"
        ) from None
    if not isinstance(document, dict):
        raise UnreadableSubmission(f"{name} is JSON, but not a notebook. {_SAVE_AGAIN}")
    cells = document.get("cells")
    major = _major_version(document)
    if major > 4:
        raise UnreadableSubmission(
            f"{name} is in notebook format {major}; up to 4 is supported. Save it in format 4."
        )
    if (major < 4 or not isinstance(cells, list)) and (
        isinstance(document.get("worksheets"), list) or (major == 1 and isinstance(cells, list))
    ):
        cells = _upgraded(document, major, name)
        notes.append(f"{name} is in an old notebook format, and was converted.")
    if not isinstance(cells, list):
        raise UnreadableSubmission(
            f"{name} is JSON, but not a notebook: it has no cells. {_SAVE_AGAIN}"
        )
    language = _language(document.get("metadata"))
    if language and not language.casefold().startswith(("python", "ipython")):
        notes.append(f"{name} says it is for {shown(language)}; its cells were read as Python.")
    return _code_cells(cells, name, notes)


def _broken_json(text: str, name: str, error: json.JSONDecodeError) -> UnreadableSubmission:
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        found = f"{name} is incomplete: it breaks off at line {error.lineno}."
    elif re.search(r"^<{7} ", text, re.M):
        found = f"{name} holds the marks of a git merge conflict."
    else:
        found = f"{name} is not a valid notebook: {error.msg} at line {error.lineno}."
    return UnreadableSubmission(f"{found} {_SAVE_AGAIN}")


def _major_version(document: dict[str, Any]) -> int:
    default = 3 if "worksheets" in document else 4
    declared = document.get("nbformat")
    with suppress(TypeError, ValueError, OverflowError):
        if not isinstance(declared, bool):
            return int(declared or 0) or default
    return default


def _language(metadata: Any) -> str:
    for section, key in (("kernelspec", "language"), ("language_info", "name")):
        inner = metadata.get(section) if isinstance(metadata, dict) else None
        language = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(language, str) and language:
            return language
    return ""


def _upgraded(document: dict[str, Any], major: int, name: str) -> Any:
    """The cells of a notebook in format 1 to 3, as format 4 has them."""
    # This takes over a second to import, and format 4, which everyone writes, does not need it.
    nbformat: Any = importlib.import_module("nbformat")

    log = logging.getLogger("traitlets")
    was_disabled, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for sheet in document.get("worksheets", [document]):
                for cell in sheet["cells"]:
                    cell["outputs"] = []  # not needed, and the likeliest to be invalid
            plain = json.dumps({**document, "nbformat": max(1, min(major, 3))})
            return nbformat.reads(plain, as_version=4)["cells"]
    except Exception:  # whatever the converter stumbles over in a crafted notebook
        raise UnreadableSubmission(
            f"{name} is in an old notebook format, and could not be converted. {_SAVE_AGAIN}"
        ) from None
    finally:
        log.disabled = was_disabled


def _code_cells(cells: list[Any], name: str, notes: list[str]) -> list[Cell]:
    found: list[Cell] = []
    strange = 0
    for cell in cells:
        if not isinstance(cell, dict):
            strange += 1
            continue
        kind = cell.get("cell_type")
        if kind is None and ("outputs" in cell or "execution_count" in cell):
            kind = "code"
        if kind != "code":
            continue
        source = _joined(cell.get("source"))
        if source is None:
            strange += 1
            source = ""
        label = f"cell {len(found) + 1}"
        source = _without_surrogates(source, f"{name}, {label},", notes)
        found.append(Cell(source.replace("\r\n", "\n").replace("\r", "\n"), label, 1))
    if strange:
        notes.append(f"{name} has {strange} cell(s) without readable text.")
    return found


def _joined(source: Any) -> str | None:
    if isinstance(source, str):
        return source
    if not isinstance(source, list):
        return None
    lines = [line for line in source if isinstance(line, str)]
    # Some tools write the lines without their ends.
    return ("" if any("\n" in line for line in lines) else "\n").join(lines)


# --- Scripts ---

# jupytext, VS Code, Spyder and PyCharm write "# %%"; nbconvert writes "# In[3]:". "# %%time" is a
# magic in a comment.
_MARK = re.compile(r"^#[ \t]*(?:%%+(?:[ \t](?P<header>.*))?|In\[[\d *]*\]:?[ \t]*)$", re.M)
_TEXT_CELL = re.compile(r"(?:^|\s)\[(?:markdown|md|raw)\]", re.I)
_QUOTED_ONLY = re.compile(r"\s*[rR]?(\"\"\"|''').*?\1\s*", re.S)
_TOKEN = re.compile(
    r"[^#\"']*+(?:#[^\n]*+|(?P<triple>\"\"\"|''')"
    r"|\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"?|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?)",
    re.S,
)
_JOINED_AT_MOST = 20


def script_cells(text: str, notes: list[str]) -> list[Cell]:
    """The cells of a script in percent format; one cell if nothing marks any.

    Cells of text are left out, and so are those without a statement, such as jupytext's header.
    """
    pieces = _pieces(text)
    if len(pieces) == 1:
        return [Cell(text, "", 1)]
    cells = []
    for header, first_line, source in pieces:
        if all(line.lstrip()[:1] in ("", "#") for line in source.split("\n")):
            continue
        if _TEXT_CELL.search(header):
            if _QUOTED_ONLY.fullmatch(source):
                continue
            # Python would run it, and most likely the mark of the next code cell went missing.
            notes.append(f"The text cell above line {first_line} also holds code, which counts.")
        cells.append(Cell(source, "", first_line))
    return cells


def _pieces(text: str) -> list[tuple[str, int, str]]:
    """Header, first line and source of each piece, the one before the first mark included."""
    marks = list(_MARK.finditer(text))
    starts = [0, *(min(mark.end() + 1, len(text)) for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    headers = ["", *(mark["header"] or "" for mark in marks)]
    pieces = []
    line, counted, piece = 1, 0, 0
    while piece < len(starts):
        last = _last_piece(text, starts, ends, piece)
        line, counted = line + text.count("\n", counted, starts[piece]), starts[piece]
        pieces.append((headers[piece], line, text[starts[piece] : ends[last]]))
        piece = last + 1
    return pieces


def _last_piece(text: str, starts: list[int], ends: list[int], piece: int) -> int:
    """The piece in which the strings that this one opens are closed.

    A mark inside a string marks nothing. Where a string stays open the piece is broken and stands
    alone, so that it costs no other.
    """
    position = starts[piece]
    for last in range(piece, min(len(ends), piece + _JOINED_AT_MOST)):
        opened = _open_string(text, position, ends[last])
        if opened is None:
            return last
        position = opened
    return piece


def _open_string(text: str, start: int, end: int) -> int | None:
    """Where the triple-quoted string begins that is still open at the end, or None."""
    if text.find('"""', start, end) < 0 and text.find("'''", start, end) < 0:
        return None
    while token := _TOKEN.match(text, start, end):
        start = token.end()
        if quote := token["triple"]:
            closed = _closing(text, quote, start, end)
            if closed < 0:
                return start - len(quote)
            start = closed + 3
    return None


def _closing(text: str, quote: str, start: int, end: int) -> int:
    at = text.find(quote, start, end)
    while at >= 0:
        backslashes = at
        while backslashes > start and text[backslashes - 1] == "\\":
            backslashes -= 1
        if (at - backslashes) % 2 == 0:
            return at
        at = text.find(quote, at + 1, end)
    return -1
