"""Stops its own process: it neither ends nor answers.

Must end at the deadline.

outcome: timeout
"""

import os
import signal


def unlock(door):
    os.kill(os.getpid(), signal.SIGSTOP)
