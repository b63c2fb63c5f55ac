"""Writes garbage into every descriptor that there is.

Must be a breach.

outcome: crashed
kind: protocol
"""

import os


def unlock(door):
    for descriptor in range(64):
        try:
            os.write(descriptor, os.urandom(4096))
        except OSError:
            pass
    return door
