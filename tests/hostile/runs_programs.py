"""Runs another program, in a child and in its own place, with a library of its own put in front.

Must run none.

outcome: failed
shows: denied
control: seccomp+landlock
"""

import os
import subprocess
import sys

os.environ["LD_PRELOAD"] = "/tmp/of-my-own.so"


def shell():
    if os.system("true"):
        raise PermissionError(errno.EPERM, "no shell")


EVIDENCE = [
    attempt("posix_spawn", os.posix_spawn, "/bin/true", ["true"], {}),
    attempt("subprocess", subprocess.run, ["/bin/true"]),
    attempt("shell", shell),
    attempt("python", subprocess.run, [sys.executable, "-c", ""]),
]
if all("denied" in line for line in EVIDENCE):
    EVIDENCE.append(attempt("execve", os.execv, "/bin/true", ["true"]))


def unlock(door):
    return EVIDENCE
