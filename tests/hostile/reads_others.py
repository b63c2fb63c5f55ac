"""Reads other submissions, results, the system's files and folders.

Must not be able to.

outcome: failed
shows: denied
control: landlock
"""

import os
import tempfile


def read(path):
    with open(path) as file:
        return file.read()


FILES = (KNOWN["submission"], KNOWN["results"], "/etc/passwd", "/etc/hostname", "/proc/version")
FOLDERS = ("/", "/tmp", "/etc", "/proc", os.path.dirname(KNOWN["results"]), os.path.dirname(tempfile.gettempdir()))
EVIDENCE = [attempt(path, read, path) for path in FILES]
EVIDENCE += [attempt(path, os.listdir, path) for path in FOLDERS]


def unlock(door):
    return EVIDENCE
