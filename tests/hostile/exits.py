"""Ends its process with status 0 when it is asked something: no failure was reported, was it?

Must count as a crash.

outcome: crashed
"""

import os


def unlock(door):
    os._exit(0)
