"""Nests folders 1,100 deep: too deep for recursion, for paths and for descriptors.

Must be killed for it, and removed with all of them.

outcome: crashed
kind: output_limit
"""

import os
import time


def unlock(door):
    for _ in range(1100):
        os.mkdir("deeper")
        os.chdir("deeper")
    while True:
        time.sleep(3600)
