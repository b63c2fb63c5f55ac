"""Examples drawn at release and shipped, so that `ohlol check` need not draw them again.

A file holds what Hypothesis drew for each check, in the encoding of the sandbox's wire: no pickle,
and nothing that is not also seen by whoever reads the public checks. It names the checks that it
was drawn for; for any others it is of no use, and they are drawn anew.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.sandbox.wire import FROM_GRADER, Encoder, Opaque, WireError, read_frame

FILE_NAME = "examples.bin"
"""Beside the released checks."""

PRACTICE_SEED = 0
"""Everybody practises on the same examples."""

_VERSION = 1


def dump(drawn: Mapping[str, Sequence[Mapping[str, object]]], checks: Path) -> bytes:
    """The file for these examples; a check whose arguments cannot be encoded is left out."""
    encoder = Encoder(share=True)
    trees = {
        check: [
            {name: encoder.value(value) for name, value in arguments.items()}
            for arguments in examples
        ]
        for check, examples in drawn.items()
        if not any(_is_opaque(value) for arguments in examples for value in arguments.values())
    }
    return zlib.compress(encoder.frame(0, [_VERSION, key_of(checks), trees]), 9)


def load(path: Path, checks: Path) -> dict[str, list[dict[str, object]]]:
    """The examples in a file; none when it is missing, damaged or of other checks."""
    return _read(path, checks) or {}


def is_current(path: Path, checks: Path) -> bool:
    """Whether a file holds examples of these checks, as far as they can be written down."""
    return _read(path, checks) is not None


def key_of(checks: Path) -> str:
    """What names the checks: their text, whatever its line ends."""
    return hashlib.sha256(checks.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _read(path: Path, checks: Path) -> dict[str, list[dict[str, object]]] | None:
    try:
        file = io.BytesIO(zlib.decompress(path.read_bytes()))

        def read(size: int) -> bytearray:
            data = bytearray(file.read(size))
            if len(data) < size:
                raise WireError("it ends too early")
            return data

        decoder = read_frame(read, 0, FROM_GRADER).decoded(modules=True)
        version, key, trees = decoder.message
        if version != _VERSION or key != key_of(checks):
            return None
        return {
            check: [
                {name: decoder.value(tree) for name, tree in arguments.items()}
                for arguments in examples
            ]
            for check, examples in trees.items()
        }
    except (OSError, zlib.error, WireError, ValueError, TypeError, AttributeError, KeyError):
        return None


def _is_opaque(value: object) -> bool:
    """Whether something in a value would not survive the wire."""
    encoder = Encoder()
    try:
        frame = encoder.frame(0, encoder.value(value))
        file = io.BytesIO(frame)
        decoder = read_frame(lambda size: bytearray(file.read(size)), 0, FROM_GRADER).decoded(
            modules=True
        )
        return _holds_opaque(decoder.value(decoder.message))
    except (WireError, ValueError):
        return True


def _holds_opaque(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_opaque, value))
    if isinstance(value, dict):
        return any(map(_holds_opaque, value.values()))
    return isinstance(value, Opaque)
