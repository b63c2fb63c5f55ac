"""Leaves traps for its own end: exit hooks, finalisers and signal handlers that never return.

Must be ended without being asked.

outcome: failed
"""

import atexit
import signal
import sys
import weakref


def forever(*arguments):
    while True:
        pass


class Trap:
    __del__ = forever


TRAP = Trap()
atexit.register(forever)
weakref.finalize(TRAP, forever)
signal.signal(signal.SIGTERM, forever)
sys.excepthook = sys.unraisablehook = forever


def unlock(door):
    return door
