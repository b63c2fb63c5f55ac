"""`report.json`: a report as JSON, the same bytes for the same report."""

from __future__ import annotations

import json
import re
import unicodedata

from autograder.report import Report

_UNUSUAL = re.compile(r"[^\n\x20-\x7e]")


def render(report: Report) -> str:
    """The report as JSON that ends in a line end, for a file in UTF-8.

    Letters of every language stay readable, but what cannot be seen (control characters, overrides
    of the writing direction) is escaped: the file looks like what it says, and loads as the same.
    """
    text = json.dumps(report.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    return _UNUSUAL.sub(_escaped, text) + "\n"


def _escaped(match: re.Match[str]) -> str:
    # Such a character can only stand inside a string, where an escape means the same.
    character = match.group()
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
        return json.dumps(character)[1:-1]
    return character
