"""Prints without end.

Must be stopped by the size of its output.

outcome: error
"""


def unlock(door):
    for _ in range(2**20):
        print("x" * 1024, flush=True)
