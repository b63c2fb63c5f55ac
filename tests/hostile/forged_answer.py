"""Writes an answer of its own in the right form, praise inside, before the worker can.

Must be a breach, or worth no more than returning praise.

outcome: failed crashed
"""

import json
import os
import struct
import sys


def nonce():
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    return frame.f_locals["nonce"]


def unlock(door):
    tree = json.dumps([["passed", {"score": 4, "outcome": "passed"}], []]).encode()
    os.write(4, struct.pack("<4sQII", b"ohl1", nonce(), len(tree), 0) + tree)
    return door
