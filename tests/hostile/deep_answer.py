"""Lists nested a hundred thousand deep.

Must be refused by whoever meets them first.

outcome: failed
"""


def unlock(door):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
