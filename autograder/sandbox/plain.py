"""A student's process on a system that cannot confine it (macOS, Windows): practice only."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import torch

from autograder.sandbox import dynamo, worker
from autograder.sandbox.packages import importable
from autograder.sandbox.program import Program


def main(nonce: int, packages: Sequence[str]) -> None:
    """Serves on standard input and output, which student code then no longer has."""
    torch.set_num_threads(1)
    dynamo.postpone()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    sys.stdin, sys.stdout = open(0), open(1, "w")

    def read(size: int) -> bytearray:
        data = requests.read(size)
        if len(data) < size:
            raise EOFError
        return bytearray(data)

    def send(frame: bytes) -> None:
        answers.write(frame)
        answers.flush()

    worker.furnish(importable(packages), packages)
    worker.serve(read, send, ["hello", {}], Program(), nonce)
    os._exit(0)
