"""Reads memory, environment, command line and open files of its parent, the grader and itself.

Must not be able to.

outcome: failed
shows: denied
control: landlock
"""

import os


def read(path):
    with open(path, "rb") as file:
        return len(file.read(100))


EVIDENCE = [
    attempt(f"{process} {name}", read, f"/proc/{process}/{name}")
    for process in (os.getppid(), KNOWN["grader"], "self")
    for name in ("environ", "maps", "cmdline", "mem" if process != "self" else "auxv")
]
EVIDENCE += [attempt("descriptors", os.listdir, f"/proc/{os.getppid()}/fd")]


def unlock(door):
    return EVIDENCE
