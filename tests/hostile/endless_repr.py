"""Returns an object whose repr never ends.

Must end at the deadline.

outcome: timeout
"""


class Endless:
    def __repr__(self):
        while True:
            pass


def unlock(door):
    return Endless()
