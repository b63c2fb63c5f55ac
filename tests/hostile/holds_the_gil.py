"""A regular expression that backtracks for ever, inside C code.

Must end at the deadline.

outcome: timeout
"""

import re


def unlock(door):
    return re.match(r"(a+)+$", "a" * 64 + "b")
