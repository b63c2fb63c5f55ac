"""Leaves files in every place where anybody may write, and beside its own folder.

Must not be able to.

outcome: failed
shows: denied
control: landlock
"""

import os
import tempfile


def leave(path):
    with open(path, "w") as file:
        file.write("owned")


FOLDERS = ("/tmp", "/dev/shm", "/var/tmp", "/run", "/etc", os.path.dirname(tempfile.gettempdir()))
EVIDENCE = []
for folder in filter(os.path.isdir, FOLDERS):
    path = f"{folder}/{KNOWN['mark']}"
    EVIDENCE += [attempt(folder, leave, path), attempt(folder, os.mkdir, path + "-folder")]


def unlock(door):
    return EVIDENCE
