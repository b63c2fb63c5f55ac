"""Forks twice with a session of its own, so that nobody waits for it.

Must not become two processes.

outcome: failed
shows: denied
control: seccomp
"""

import os
import time


def become_a_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(2)
        os._exit(0)
    return "a process more"


EVIDENCE = attempt("daemon", become_a_daemon)


def unlock(door):
    return EVIDENCE
