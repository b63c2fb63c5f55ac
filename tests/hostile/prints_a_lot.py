"""Prints without end.

Must be stopped by the size of its output.

outcome: crashed
kind: output_limit
"""


def unlock(door):
    for _ in range(2**20):
        print("x" * 1024, flush=True)
