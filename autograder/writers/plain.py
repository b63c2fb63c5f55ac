"""Text that others wrote, made harmless: it can neither steer a terminal nor mislead its reader."""

from __future__ import annotations

import re
import unicodedata

# Whole escape sequences go, not just their first character: `[31m` would be left for the reader.
# The bodies stop at any control character, so that an unfinished sequence swallows nothing, and
# that long input is read only once.
_ESCAPES = re.compile(
    r"""
      (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]       # CSI: colours, the cursor
    | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])       # OSC, DCS and their kin: titles, links
      [^\x07\x1b\x80-\x9f]* (?:\x07|\x1b\\|\x9c)
    | \x1b [ -/]* [0-Z\\^-~]?                  # what is shorter, or broken off
    """,
    re.VERBOSE,
)
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNUSUAL = re.compile(r"[^\n\x20-\x7e]+")
_MARKS_IN_A_ROW = 3


def plain(text: str, limit: int = 20_000) -> str:
    r"""`text` as lines of visible characters, ended by ``\n``; a note says what `limit` cut off."""
    # Far more than the limit need not be cleaned: some of it would be cut off anyhow.
    clean = text[: 16 * limit]
    clean = _LINE_ENDS.sub("\n", _ESCAPES.sub("", clean)).expandtabs(4)
    clean = _UNUSUAL.sub(lambda match: _visible(match.group()), clean)
    whole = max(len(clean), len(text)) if len(text) > 16 * limit else len(clean)
    if whole <= limit:
        return clean
    kept = clean[:limit]
    return f"{kept}… cut, {whole - len(kept):,} more characters"


def one_line(text: str, limit: int = 500) -> str:
    """`text` as `plain` gives it, with every stretch of white space made one space."""
    return " ".join(plain(text, limit).split())


def _visible(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        # Letters may carry marks, but a tower of them climbs over the lines above.
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category == "Cs":
            kept.append("\ufffd")
        elif category == "Zs":
            kept.append(" ")
        elif category not in ("Cc", "Cf", "Zl", "Zp") and marks <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
