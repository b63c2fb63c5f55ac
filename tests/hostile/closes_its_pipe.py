"""Closes the pipe on which it should answer, and lives on.

Must not keep the grader waiting for its end.

outcome: crashed
kind: protocol
"""

import os
import time


def unlock(door):
    os.close(4)
    while True:
        time.sleep(3600)
