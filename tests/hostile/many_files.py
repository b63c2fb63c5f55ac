"""Makes more files than it may, all empty, and answers at once.

Must be killed for it.

outcome: crashed
kind: output_limit
"""


def unlock(door):
    for number in range(1000):
        open(f"file-{number}", "w").close()
    return door
