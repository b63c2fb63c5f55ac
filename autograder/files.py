"""Writes files so that a reader, or a crash, never meets half of one."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

_DRAFT = ".draft.tmp"


def drafts_in(folder: Path) -> list[Path]:
    """What was left by processes that were killed while they wrote to a folder or those in it."""
    return [path for depth in ("", "*/") for path in folder.glob(f"{depth}.*{_DRAFT}")]


def write_atomically(path: Path, content: bytes | str) -> None:
    """Writes all of `content` to `path` or nothing, making the folders above it.

    A reader, or a run that goes on after a crash, sees the old file or the new one. Text is written
    as UTF-8. The permissions of a file that was there are kept. What is no ordinary file, such as
    ``/dev/stdout``, is written to directly.

    Raises:
        OSError: when it cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    data = content.encode("utf-8") if isinstance(content, str) else content
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: its files are private to their owner, and stay so once they are renamed. And
    # beside the target, because a rename is atomic only within one file system.
    draft = target.with_name(f".{secrets.token_hex(8)}{_DRAFT}")
    try:
        with open(draft, "xb") as file:
            with suppress(FileNotFoundError):
                draft.chmod(target.stat().st_mode & 0o777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # a full disk names nobody
            error.filename = str(path)
        raise
