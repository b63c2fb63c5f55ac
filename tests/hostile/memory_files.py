"""Files that live in memory and count as no process's.

Must not be made.

outcome: failed
shows: denied
control: seccomp
"""

import os
import platform

MEMFD_SECRET = {"x86_64": 447, "aarch64": 447}[platform.machine()]


def secret():
    return syscall(MEMFD_SECRET, 0)


EVIDENCE = [attempt("memfd_create", os.memfd_create, "hoard")]
EVIDENCE.append(attempt("memfd_secret", secret) if "denied" in EVIDENCE[0] else "")


def unlock(door):
    return EVIDENCE
