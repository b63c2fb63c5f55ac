"""Writes without end past Python's own output, and empties the file again before anybody looks.

Must be stopped by the size of its output.

outcome: failed
shows: denied
control: limits
"""

import os

CHUNK = bytes(2**20)


def write():
    try:
        for _ in range(64):
            os.write(1, CHUNK)
    finally:
        os.lseek(1, 0, os.SEEK_SET)
        os.ftruncate(1, 0)
    return "64 MiB"


EVIDENCE = attempt("output", write)


def unlock(door):
    return EVIDENCE
