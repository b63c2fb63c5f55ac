"""Returns an object whose repr is ten megabytes of escapes, and one whose repr raises.

Must be shown as harmless text, cut to size.

outcome: failed
"""


class Loud:
    def __repr__(self):
        return "\x1b[31m\ud800" * 10**6


class Silent:
    def __repr__(self):
        raise SystemExit


class Wrong:
    def __repr__(self):
        return 7


def unlock(door):
    return [Loud(), Silent(), Wrong(), type("\x1b[31m" * 10**5, (), {})()]
