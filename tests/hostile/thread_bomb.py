"""Starts up to 200 threads.

Must not start one.

outcome: failed
shows: denied
control: seccomp
"""

import threading
import time


def bomb():
    started = 0
    try:
        for _ in range(200):
            threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
            started += 1
    except RuntimeError as error:  # what Python makes of it
        if not started:
            raise PermissionError(errno.EPERM, str(error)) from None
    return f"{started} threads"


EVIDENCE = attempt("threads", bomb)


def unlock(door):
    return EVIDENCE
