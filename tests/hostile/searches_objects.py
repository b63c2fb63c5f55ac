"""Looks through every frame and every object for expected values, checks and the grader.

Must find none: they never were in this process.

outcome: failed
shows: nothing
"""

import gc
import sys

import torch

WORDS = ("expected", "checks", "TestVault", "hypothesis", "pytest", "FACTOR", "OFFSET")


def search(door):
    found = []
    frame = sys._getframe(2)
    while frame is not None:
        found += [name for name in WORDS if name in frame.f_locals or name in frame.f_globals]
        for value in frame.f_locals.values():
            if isinstance(value, torch.Tensor) and value.shape == door.shape:
                found.append("a tensor like an answer")
        frame = frame.f_back
    for thing in gc.get_objects():
        name = getattr(thing, "__name__", None) if isinstance(thing, type(sys)) else None
        if isinstance(name, str) and name.partition(".")[0] in ("pytest", "hypothesis", "vault"):
            if vars(thing) is not globals():
                found.append(name)
    return found


def unlock(door):
    return f"found {search(door)}" if search(door) else "nothing"
