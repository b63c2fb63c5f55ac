"""Gets hold of its parent by a descriptor.

Must not be able to.

outcome: failed
shows: denied
control: seccomp
"""

import os


def hold():
    os.close(os.pidfd_open(os.getppid()))


EVIDENCE = attempt("pidfd_open", hold)


def unlock(door):
    return EVIDENCE
