"""Changes rights, owners, attributes and times of files, outside and inside of its folder.

Must not be able to: the grader has to look at them and remove them.

outcome: failed
shows: denied
control: seccomp
"""

import os

open("mine", "w").close()
EVIDENCE = []
for target in (KNOWN["results"], "mine"):
    EVIDENCE += [
        attempt("chmod", os.chmod, target, 0o600),
        attempt("chown", os.chown, target, os.getuid(), os.getgid()),
        attempt("setxattr", os.setxattr, target, "user.owned", b"1"),
        attempt("utime", os.utime, target),
    ]
with open("mine") as file:
    EVIDENCE += [
        attempt("fchmod", os.fchmod, file.fileno(), 0o600),
        attempt("fchown", os.fchown, file.fileno(), os.getuid(), os.getgid()),
    ]


def unlock(door):
    return EVIDENCE
