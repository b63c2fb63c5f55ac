"""Makes Python's own functions say yes.

Must change nothing but the student's own process, which may break over it.

outcome: failed error crashed
"""

import builtins


def yes(*arguments, **options):
    return True


def unlock(door):
    for name in ("all", "any", "isinstance", "issubclass", "abs", "hash", "callable"):
        setattr(builtins, name, yes)
    return door
