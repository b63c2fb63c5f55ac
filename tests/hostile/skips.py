"""Raises what makes pytest skip a test, or something that looks just like it.

Must be an exception like any other.

outcome: error
"""

try:
    import pytest
except ImportError:

    class Skipped(BaseException):
        """pytest's own derives from BaseException too."""

    Skipped.__module__ = "Skipped"
else:
    Skipped = pytest.skip.Exception


def unlock(door):
    raise Skipped("not today")
