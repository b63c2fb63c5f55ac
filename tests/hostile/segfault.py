"""Reads where there is nothing.

Must count as a crash.

outcome: crashed
"""

import ctypes


def unlock(door):
    return ctypes.string_at(0)
