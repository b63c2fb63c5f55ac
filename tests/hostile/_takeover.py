"""Takes over the student's process: what follows talks to the grader itself, on descriptors 3 and 4.

Runs as the first cell. Everything that it needs stands on the stack: the nonce of the request that
is being answered, and the calls of every check. It has to go on in one statement, since between two
the worker would report its progress.
"""

import json
import os
import random
import signal
import struct
import sys

HEADER = struct.Struct("<4sQII")
TEXTS = ("", "a", "\x1b[2J", "<&>\0", "\ud800", "x" * 30_000)


def _of_the_worker(name):
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    return frame.f_locals[name]


NONCE = _of_the_worker("nonce")
PROGRAMS = dict(_of_the_worker("programs"))
NAMES = sorted({call.function for calls in PROGRAMS.values() for call in calls} | {"CellModel", "RNNModel"})


def write(data):
    view = memoryview(data)
    while view:
        view = view[os.write(4, view) :]


def frame(nonce, message, table=(), body=b""):
    tree = message if isinstance(message, bytes) else json.dumps([message, list(table)]).encode()
    return HEADER.pack(b"ohl1", nonce, len(tree), len(body)) + tree + body


def read(size):
    data = b""
    while len(data) < size:
        chunk = os.read(3, size - len(data))
        if not chunk:
            os._exit(0)
        data += chunk
    return data


def request():
    """The next request: its nonce, its message, and how many calls it asks to be made."""
    _, nonce, tree, body = HEADER.unpack(read(HEADER.size))
    message = json.loads(read(tree))[0]
    read(body)
    return nonce, message, len(PROGRAMS[message[1]]) if message[0] == "check" else 1


def loaded(names=NAMES, failures=(), notes=()):
    signal.setitimer(signal.ITIMER_REAL, 0)
    write(frame(NONCE, ["loaded", list(names), list(failures), list(notes)]))


def answer_all(tree, table=(), body=b""):
    """The same answer to every call that is ever asked for."""
    loaded()
    while True:
        nonce, _, count = request()
        write(frame(nonce, [tree] * count, table, body))


def answer_raw(make):
    """To every request, whatever bytes `make` makes of its nonce and the number of its calls."""
    loaded()
    while True:
        nonce, _, count = request()
        write(make(nonce, count))


def idle():
    while True:
        signal.pause()
