"""Takes everything from its parent: processor time, descriptors; and changes limits of its own.

Must not be able to.

outcome: failed
shows: denied
"""

import os
import resource


def limit(*arguments):
    try:
        return resource.prlimit(*arguments)
    except ValueError as error:  # what Python makes of EPERM
        raise PermissionError(errno.EPERM, str(error)) from None


EVIDENCE = [
    attempt("itself", limit, 0, resource.RLIMIT_CORE, (0, 0)),
    attempt("parent's", limit, os.getppid(), resource.RLIMIT_CPU),
    attempt("parent's time", limit, os.getppid(), resource.RLIMIT_CPU, (0, 0)),
    attempt("parent's descriptors", limit, os.getppid(), resource.RLIMIT_NOFILE, (0, 0)),
    attempt("niceness", os.setpriority, os.PRIO_PROCESS, os.getppid(), 19),
    attempt("affinity", os.sched_setaffinity, os.getppid(), {0}),
    attempt("scheduler", os.sched_setscheduler, 0, os.SCHED_IDLE, os.sched_param(0)),
]


def unlock(door):
    return EVIDENCE
