"""Raises what makes Hypothesis discard an example, or something that looks just like it.

Must be an exception like any other.

outcome: error
"""

try:
    from hypothesis.errors import UnsatisfiedAssumption
except ImportError:

    class UnsatisfiedAssumption(Exception):
        pass

    UnsatisfiedAssumption.__module__ = "hypothesis.errors"


def unlock(door):
    raise UnsatisfiedAssumption
