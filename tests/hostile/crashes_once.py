"""Ends its process at the first call, hoping that a second try is judged more kindly.

Must count as a crash.

outcome: crashed
"""

import os

calls = []


def unlock(door):
    calls.append(door)
    if len(calls) == 1:
        os._exit(1)
    return door
