"""Raises an exception that cannot be told: its message raises, its class has no name.

Must be an exception all the same, or a breach.

outcome: error crashed
"""


class Nameless(type):
    @property
    def __name__(cls):
        raise KeyboardInterrupt

    @property
    def __mro__(cls):
        return 7


class Untold(Exception, metaclass=Nameless):
    def __str__(self):
        raise SystemExit


def unlock(door):
    raise Untold(Untold)
