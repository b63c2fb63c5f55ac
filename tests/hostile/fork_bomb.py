"""Forks wherever it can, up to 40 processes that end by themselves.

Must not make one.

outcome: failed
shows: denied
control: seccomp
"""

import os
import platform
import signal
import time


def fork(start):
    if start() == 0:
        time.sleep(1)
        os._exit(0)


def bomb(start):
    for _ in range(10):
        fork(start)
    return "ten more"


FORK, VFORK, CLONE = {"x86_64": (57, 58, 56)}.get(platform.machine(), (None, None, 220))
EVIDENCE = [
    attempt("os.fork", bomb, os.fork),
    attempt("clone", bomb, lambda: syscall(CLONE, signal.SIGCHLD, 0, 0, 0, 0)),
]
if FORK is not None:
    EVIDENCE.append(attempt("fork", bomb, lambda: syscall(FORK)))


def unlock(door):
    return EVIDENCE
