"""Would kill every process that it may; asks with signal 0, which kills none.

Must not be able to.

outcome: failed
shows: denied
control: seccomp+landlock
"""

import os

EVIDENCE = [
    attempt("everyone", os.kill, -1, 0),
    attempt("parent", os.kill, os.getppid(), 0),
    attempt("grader", os.kill, KNOWN["grader"], 0),
    attempt("first process", os.kill, 1, 0),
]


def unlock(door):
    return EVIDENCE
