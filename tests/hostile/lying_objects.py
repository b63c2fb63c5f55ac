"""Returns things that equal everything: an object, a number, a text, a tuple, a dict.

Must not be taken for what they pretend to be.

outcome: failed
"""


def agreeable(base):
    class Agreeable(base):
        __hash__ = object.__hash__

        def yes(self, *arguments):
            return True

        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = yes

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return lambda *arguments, **options: self

    return Agreeable


class Pretender(agreeable(object)):
    @property
    def __class__(self):
        return type(DOOR)


def unlock(door):
    global DOOR
    DOOR = door
    return (
        Pretender(), agreeable(int)(1), agreeable(float)(1), agreeable(str)("a"),
        agreeable(tuple)((1, 2)), agreeable(dict)(a=1),
    )
