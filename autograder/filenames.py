"""What the name of a file says: what kind it is, and how near it is to the one asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from autograder.archive import shown

# "alice.ipynb.txt" is what browsers make of "alice.ipynb".
_SUFFIX = re.compile(r"(?<=.)(?:\.ipynb|\.py|\.tar)?\.[A-Za-z0-9_]{1,10}\Z", re.S)
_KIND = re.compile(
    r"\.(?:(?P<notebook>ipynb)|(?P<script>py))(?:\.(?:txt|json))?\Z|\.(?P<zip>zip)\Z", re.I
)


def stem_of(name: str) -> str:
    return _SUFFIX.sub("", name)


def kind_of(name: str) -> str:
    """`notebook`, `script` or `zip` by the suffix, else the empty string."""
    found = _KIND.search(name)
    return (found and found.lastgroup) or ""


def exact_names(assignment: str) -> tuple[str, str]:
    return f"{assignment}.ipynb", f"{assignment}.py"


def simplified(stem: str) -> str:
    """Letters and digits alone, with an underscore between: `Hello-RNN (1)` is `hello_rnn_1`."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", stem).casefold()).strip("_")


EXACT, SPELT_OTHERWISE, DECORATED, OTHER = range(4)


def closeness(path: str, assignment: str) -> int:
    """How far the name of a file is from the one that was asked for; 0 is that name itself."""
    name = path.rpartition("/")[2]
    if name in exact_names(assignment):
        return EXACT
    stem, wanted = simplified(stem_of(name)), simplified(assignment)
    if stem.replace("_", "") == wanted.replace("_", ""):
        return SPELT_OTHERWISE
    if re.search(rf"(?:^|_){re.escape(wanted)}(?:_|\d|$)", stem):
        return DECORATED
    return OTHER


def listed(paths: Sequence[str], most: int) -> str:
    named = ", ".join(shown(path) for path in paths[:most])
    return named if len(paths) <= most else f"{named} and {len(paths) - most} more"
