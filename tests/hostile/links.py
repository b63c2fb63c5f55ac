"""Puts links, pipes and devices where the grader may follow them; swaps its own folder.

Must not be able to.

outcome: failed
shows: denied
"""

import os
import stat
import tempfile

OWN = tempfile.gettempdir()
PARENT = os.path.dirname(OWN)
os.mkdir("inner")
open("plain", "w").close()

EVIDENCE = [
    attempt("symlink", os.symlink, KNOWN["solution"], "link"),
    attempt("link", os.link, "plain", "second"),
    attempt("link out", os.link, "/etc/passwd", "passwords"),
    attempt("FIFO", os.mkfifo, "pipe"),
    attempt("device", os.mknod, "null", stat.S_IFCHR | 0o666, os.makedev(1, 3)),
    attempt("move own folder", os.rename, OWN, OWN + "~"),
    attempt("swap own folder", os.rename, "inner", OWN + "~"),
    attempt("a folder beside", os.mkdir, PARENT + "/beside"),
    attempt("own folder for the lock", os.rename, "plain", PARENT + "/lock"),
    attempt("removal of the lock", os.unlink, PARENT + "/lock"),
]


def unlock(door):
    return EVIDENCE
