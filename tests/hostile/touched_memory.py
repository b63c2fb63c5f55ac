"""Touches more and more memory, up to 3 GiB.

Must be told that there is no more, long before the machine has none.

outcome: memory
"""

FULL = []


def fill():
    kept = []
    for _ in range(96):
        kept.append(bytearray(b"x") * 2**25)
    return "through"


def unlock(door):
    if not FULL:
        try:
            return fill()
        except MemoryError as error:
            FULL.append(error.with_traceback(None))
    raise FULL[0]
