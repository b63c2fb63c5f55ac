"""Writes more than it may and answers at once, before anybody looks.

Must be killed for it.

outcome: crashed
kind: output_limit
"""


def unlock(door):
    for number in range(20):
        with open(f"hoard-{number}", "wb") as file:
            file.write(bytes(2**20))
    return door
