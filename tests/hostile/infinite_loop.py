"""Never comes back.

Must end at the deadline.

outcome: timeout
"""


def unlock(door):
    while True:
        pass
