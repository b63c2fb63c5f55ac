"""Maps shared memory, which counts as nobody's data segment, up to 3 GiB.

Must be told that there is no more.

outcome: failed
shows: denied
control: limits
"""

import mmap


def grow():
    kept = [mmap.mmap(-1, 2**25) for _ in range(96)]
    for area in kept:
        area.close()
    return "3 GiB"


EVIDENCE = attempt("shared mappings", grow)


def unlock(door):
    return EVIDENCE
