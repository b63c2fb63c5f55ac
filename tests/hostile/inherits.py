"""Looks for descriptors and variables of the environment that its parents left open.

Must have its input, its output and two pipes, and know nothing.

outcome: failed
shows: 5 descriptors, 0 secrets
"""

import os

OPEN = []
for descriptor in range(2**16):
    try:
        os.fstat(descriptor)
    except OSError:
        continue
    OPEN.append(descriptor)
SECRETS = [name for name in os.environ if "OHLOL" in name or "TOKEN" in name]


def unlock(door):
    return f"{len(OPEN)} descriptors, {len(SECRETS)} secrets: {OPEN} {SECRETS}"
