"""What the HTML pages share: templates that escape everything, and text that is safe to show."""

from __future__ import annotations

import base64
import functools
import hashlib
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.report import Outcome
from autograder.writers.plain import one_line, plain
from autograder.writers.words import percent, points_text

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CODE = re.compile(r"`([^`\n]{1,60})`")

MARKS: dict[Outcome, str] = {
    "passed": "✓", "failed": "✗", "missing": "–", "skipped": "–",
}  # fmt: skip
BROKEN = "!"
"""The mark of every other outcome."""


def render_template(name: str, **values: object) -> str:
    """A page; whatever is no `Markup` is escaped, and what is not there is an error."""
    return _environment().get_template(name).render(**values)


def content_hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline script by."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def source(name: str) -> Markup:
    """A style sheet or a script of the kit's own, as it stands."""
    environment = _environment()
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def sentence(text: str, limit: int = 800) -> Markup:
    """A text with `names` set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(plain(text, limit)))))


def language_of(text: str) -> str:
    """The language of a sentence of the kit's: it is told in English or in Chinese."""
    return "zh" if _HAN.search(text) else "en"


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.writers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(
        line=one_line,
        lines=plain,
        sentence=sentence,
        points=points_text,
        percent=percent,
        language=language_of,
    )
    environment.globals["source"] = source
    return environment
