"""Makes folders into which nobody can look who is not root, to hide files in them.

Must not be able to.

outcome: failed
shows: denied
control: seccomp
"""

import os

EVIDENCE = [
    attempt("no rights", os.mkdir, "closed", 0),
    attempt("no reading", os.mkdir, "blind", 0o300),
    attempt("umask", os.umask, 0o777),
]
os.mkdir("open", 0o700)


def unlock(door):
    return EVIDENCE
