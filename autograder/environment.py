"""The versions that a grade was found with."""

from __future__ import annotations

import functools
import platform
from importlib import metadata

import autograder


@functools.cache
def environment() -> dict[str, str]:
    """What may change what a check sees; nothing is imported for it."""
    return {
        "ohlol": autograder.__version__,
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "hypothesis": metadata.version("hypothesis"),
        "pytest": metadata.version("pytest"),
        "platform": f"{platform.system()} {platform.machine()}",
    }
