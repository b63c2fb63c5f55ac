"""One arithmetic operation that no signal handler interrupts, since it never returns to Python.

Must end at the deadline.

outcome: timeout
"""


def unlock(door):
    return 7 ** (7**11)
