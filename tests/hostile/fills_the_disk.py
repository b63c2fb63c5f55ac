"""Writes up to 100 MB into its folder, and waits.

Must be killed for it.

outcome: crashed
kind: output_limit
"""

import os
import time


def unlock(door):
    for number in range(100):
        with open(f"hoard-{number}", "wb") as file:
            file.write(os.urandom(2**20))
    while True:
        time.sleep(3600)
