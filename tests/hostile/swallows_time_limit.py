"""Catches whatever would end a loop, and goes on.

Must end at the deadline, which is not an exception.

outcome: timeout
"""


def unlock(door):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
