"""Kills the zygote that it came from.

Must not be able to.

outcome: failed
shows: denied
"""

import os
import signal

EVIDENCE = attempt("kill", os.kill, os.getppid(), signal.SIGKILL)


def unlock(door):
    return EVIDENCE
