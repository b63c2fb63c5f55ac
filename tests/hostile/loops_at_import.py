"""A statement that never ends, before the function is defined.

Must cost that statement alone: what follows it is graded.

outcome: failed
note: ran longer
"""

while True:
    pass


def unlock(door):
    return door
