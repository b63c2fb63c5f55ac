"""Finds the worker's own functions through the stack, and makes its encoder send praise.

Must be worth no more than returning praise.

outcome: failed error crashed
"""

import sys


def worker():
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    return frame.f_globals


WORKER = worker()
WORKER["Encoder"].answer = lambda self, answer: ["passed"]
WORKER["perform"] = lambda call, namespace: WORKER["Answer"]("passed")


def unlock(door):
    return "passed"
