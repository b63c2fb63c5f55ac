"""Examples drawn at release and shipped, so that `ohlol check` need not draw them again.

A file holds what Hypothesis drew for each check, the calls that the check makes with it, and
digests of right answers, in the encoding of the sandbox's wire: no pickle, and nothing that is not
also seen by whoever runs the public checks. It names the checks that it was drawn for; for any
others it is of no use, and they are drawn anew.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.wire import (
    FROM_GRADER,
    Call,
    Decoder,
    Encoder,
    Opaque,
    WireError,
    read_frame,
)

FILE_NAME = "examples.bin"
"""Beside the released checks."""

PRACTICE_SEED = 0
"""Everybody practises on the same examples."""

_VERSION = 4


@dataclass(frozen=True, slots=True)
class Shipped:
    """What was learned of one check.

    Args:
        arguments: of each example.
        calls: that the check makes with them, one after the other.
        counts: how many of the calls belong to each example.
        passing: digests of answers for which it passes.
    """

    arguments: Sequence[Mapping[str, object]]
    calls: Sequence[Call]
    counts: Sequence[int]
    passing: frozenset[bytes]


def dump(learned: Mapping[str, Shipped], checks: Path) -> bytes:
    """The file for these checks; one whose arguments cannot be encoded is left out."""
    encoder = Encoder(share=True)
    trees = {
        check: [
            [
                {name: encoder.value(value) for name, value in arguments.items()}
                for arguments in shipped.arguments
            ],
            [encoder.call(call) for call in shipped.calls],
            list(shipped.counts),
            sorted(digest.hex() for digest in shipped.passing),
        ]
        for check, shipped in learned.items()
        if not any(_is_opaque(value) for one in shipped.arguments for value in one.values())
    }
    return zlib.compress(encoder.frame(0, [_VERSION, key_of(checks), trees]), 9)


def load(path: Path, checks: Path) -> dict[str, Shipped]:
    """What is in a file; nothing when it is missing, damaged or of other checks."""
    return _read(path, checks) or {}


def is_current(path: Path, checks: Path) -> bool:
    """Whether a file is of these checks, and whole."""
    return _read(path, checks) is not None


def key_of(checks: Path) -> str:
    """What names the checks: their text, whatever its line ends."""
    return hashlib.sha256(checks.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _read(path: Path, checks: Path) -> dict[str, Shipped] | None:
    try:
        decoder = _decoded(zlib.decompress(path.read_bytes()))
        version, key, trees = decoder.message
        if version != _VERSION or key != key_of(checks):
            return None
        return {
            check: Shipped(
                [{name: decoder.value(tree) for name, tree in one.items()} for one in arguments],
                [decoder.call(call) for call in calls],
                list(map(int, counts)),
                frozenset(map(bytes.fromhex, passing)),
            )
            for check, (arguments, calls, counts, passing) in trees.items()
        }
    except (OSError, zlib.error, WireError, ValueError, TypeError, AttributeError, KeyError):
        return None


def _decoded(frame: bytes) -> Decoder:
    file = io.BytesIO(frame)

    def read(size: int) -> bytearray:
        data = bytearray(file.read(size))
        if len(data) < size:
            raise WireError("it ends too early")
        return data

    return read_frame(read, 0, FROM_GRADER).decoded(trusted=True)


def _is_opaque(value: object) -> bool:
    """Whether something in a value would not survive the wire."""
    encoder = Encoder()
    try:
        decoder = _decoded(encoder.frame(0, encoder.value(value)))
        return _holds_opaque(decoder.value(decoder.message))
    except (WireError, ValueError):
        return True


def _holds_opaque(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_opaque, value))
    if isinstance(value, dict):
        return any(map(_holds_opaque, value.values()))
    return isinstance(value, Opaque)
