"""Leaves word for the next student, everywhere in memory and on disk, and looks for such word.

Must not find any, however often it is graded. It is graded twice.

outcome: failed
shows: nobody was here
"""

import builtins
import os
import sys
import tempfile

import torch

PLACES = [os.path.join(folder, KNOWN["mark"]) for folder in (os.getcwd(), tempfile.gettempdir(), "/tmp")]
FOUND = [path for path in PLACES if os.path.exists(path)]
FOUND += [str(thing) for thing in (builtins, sys, torch) if hasattr(thing, "word")]
FOUND += [os.environ["WORD"]] if "WORD" in os.environ else []

builtins.word = sys.word = torch.word = "owned"
os.environ["WORD"] = "owned"
for path in PLACES:
    try:
        open(path, "w").close()
    except OSError:
        pass


def unlock(door):
    return f"found {FOUND}" if FOUND else "nobody was here"
