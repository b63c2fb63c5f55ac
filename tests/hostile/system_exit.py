"""Asks the interpreter to end, successfully.

Must be an exception like any other.

outcome: error
"""

import sys


def unlock(door):
    sys.exit(0)
