"""Ignores every signal that can be ignored, swallows every exception, and loops while it is loaded.

Must be killed all the same, and what it would have defined is missing.

outcome: error missing timeout
"""

import signal


def stay():
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


class Unlock:
    stay()


unlock = Unlock()
