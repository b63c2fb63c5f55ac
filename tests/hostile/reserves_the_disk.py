"""Reserves space without writing, which takes no time at all.

Must not be able to.

outcome: failed
shows: denied
control: seccomp
"""

import os


def reserve():
    with open("hoard", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, 2**20)
    return os.stat("hoard").st_blocks


EVIDENCE = attempt("fallocate", reserve)


def unlock(door):
    return EVIDENCE
