"""A page of a terminal: lines of at most its width, of characters that it can show."""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from autograder.writers.plain import one_line, plain

_NARROWEST = 24
_MESSAGE_CHARACTERS = 800


@dataclass(frozen=True, slots=True)
class Glyphs:
    passed: str
    failed: str
    broken: str
    absent: str
    full: str
    empty: str
    dot: str
    edge: str
    arrow: str
    more: str
    times: str
    mine: str
    right: str
    corner: str
    dash: str


_UNICODE = Glyphs("✓", "✗", "!", "–", "█", "░", "·", "│", "→", "…", "×", "●", "○", "└", "─")
_ASCII = Glyphs("+", "x", "!", "-", "#", ".", "-", "|", "->", "...", "x", "*", "o", "+", "-")


class Page:
    """Lines of at most `width` columns, collected."""

    def __init__(self, width: int, color: bool, encoding: str | None) -> None:
        self.width = max(width, _NARROWEST)
        try:
            self._encoding = codecs.lookup(encoding or "ascii").name
        except LookupError:
            self._encoding = "ascii"
        self.glyphs = _UNICODE if self._can_show(_UNICODE) else _ASCII
        self._file = io.StringIO()
        # The page depends on the arguments alone, so that nothing is left for rich to find out.
        self._console = Console(
            file=self._file,
            width=self.width,
            force_terminal=color,
            force_jupyter=False,
            color_system="standard" if color else None,
            no_color=not color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
        )

    def _can_show(self, glyphs: Glyphs) -> bool:
        try:
            "".join(getattr(glyphs, name) for name in Glyphs.__slots__).encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True

    def clean(self, text: str, limit: int = _MESSAGE_CHARACTERS) -> str:
        """Lines that this terminal can show."""
        return self._shown(plain(text, limit))

    def clean_line(self, text: str, limit: int = _MESSAGE_CHARACTERS) -> str:
        return self._shown(one_line(text, limit))

    def _shown(self, text: str) -> str:
        text = text.replace(_UNICODE.more, self.glyphs.more)
        return text.encode(self._encoding, "backslashreplace").decode(self._encoding)

    def line(self, *parts: str | tuple[str, str] | Text) -> None:
        """One line of clean parts, each a text or a text and its style."""
        text = Text.assemble(*parts)
        text.rstrip()
        text.truncate(self.width, overflow="crop")
        self._console.print(text, soft_wrap=True)

    def paragraph(
        self,
        text: str | Text,
        *,
        style: str = "",
        indent: int = 0,
        first: str = "",
        first_style: str = "",
    ) -> None:
        """Clean text, wrapped between words; `first` stands in front, and later lines align."""
        hanging = indent + cell_len(first)
        room = max(self.width - hanging, 8)
        body = Text(text, style) if isinstance(text, str) else text
        for number, line in enumerate(body.wrap(self._console, room, overflow="fold")):
            front = (" " * indent + first, first_style) if number == 0 else " " * hanging
            self.line(front, line)

    def items(self, items: Sequence[str], *, first: str) -> None:
        """Clean texts in a row; lines break between them, not inside."""
        dot = f" {self.glyphs.dot} "
        front, row = first, ""
        for item in items:
            if row and cell_len(front + row + dot + item) > self.width:
                self.line((front, "dim"), row)
                front, row = " " * cell_len(first), ""
            row = row + dot + item if row else item
        self.line((front, "dim"), row)

    def crop(self, text: str, room: int) -> str:
        """One line of clean text, at most `room` columns wide."""
        if cell_len(text) <= room:
            return text
        more = self.glyphs.more
        return set_cell_size(text, max(room - cell_len(more), 0)).rstrip() + more

    def heading(self, text: str) -> None:
        self.line()
        self.line((self.crop(text, self.width), "bold"))

    def bar(self, fraction: float, length: int, style: str) -> list[tuple[str, str]]:
        # Only everything fills the bar, and only nothing leaves it empty.
        full = round(fraction * length)
        if 0 < fraction < 1:
            full = min(max(full, 1), length - 1)
        return [(self.glyphs.full * full, style), (self.glyphs.empty * (length - full), "dim")]

    def text(self) -> str:
        return self._file.getvalue()
