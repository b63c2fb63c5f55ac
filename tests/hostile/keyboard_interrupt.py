"""Pretends that the instructor pressed Ctrl-C.

Must be an exception like any other.

outcome: error
"""


def unlock(door):
    raise KeyboardInterrupt
