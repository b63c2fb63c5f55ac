"""A list of two hundred thousand numbers.

Must be refused, or told in short.

outcome: failed crashed timeout
"""


def unlock(door):
    return [0] * 200_000
