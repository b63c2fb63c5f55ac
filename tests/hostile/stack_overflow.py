"""Recurses through C code until the stack ends.

Must count as a crash or an exception.

outcome: crashed error
"""

import sys

sys.setrecursionlimit(2**31 - 1)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name + "a")


def unlock(door):
    return Endless().a
