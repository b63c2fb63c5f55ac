"""A student's process: loads the submission, then answers calls until the grader hangs up.

Runs beyond the boundary, after `confine` has closed it. Everything here may be taken over by the
student, so nothing here decides anything: it computes answers and sends them.
"""

from __future__ import annotations

import builtins
import gc
import importlib.abc
import random
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograder.sandbox import loader
from autograder.sandbox.performer import Performer, perform
from autograder.sandbox.program import Program, decoded
from autograder.sandbox.wire import FROM_GRADER, Encoder, Json, read_frame

Send = Callable[[bytes], None]
Read = Callable[[int], bytearray]


def serve(read: Read, send: Send, hello: Json, program: Program, nonce: int) -> None:
    """Says hello, then answers one request at a time; returns when the grader hangs up.

    Args:
        hello: the layers in force, and what else the grader wants to know before it sends a word.
        program: the calls of the checks, decoded before this process was born.
        nonce: of the first frame; each frame either way carries it, and each answer ends it.
    """
    send(Encoder().frame(nonce, hello))
    namespace: dict[str, Any] = {}
    performer = Performer(program, namespace)
    while True:
        nonce += 1
        try:
            request = read_frame(read, nonce, FROM_GRADER).decoded(trusted=True)
        except EOFError:
            return
        operation, *rest = request.message
        encoder = Encoder()
        message: Json
        if operation == "load":
            loaded = _load(rest, _reporter(send, nonce))
            namespace = loaded.namespace
            performer = Performer(program, namespace)
            message = _loaded_message(loaded)
        elif operation == "program":
            program = decoded(request)
            message = None
        elif operation == "check":
            check, seed = rest
            _fresh_state(seed)
            message = performer.answers(check, encoder)
        else:
            call, seed = rest
            _fresh_state(seed)
            message = [encoder.answer(perform(request.call(call), namespace))]
        send(encoder.frame(nonce, message))


def _fresh_state(seed: int) -> None:
    """Undoes what a student's code may have switched: checks do not depend on each other."""
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    torch.default_generator.manual_seed(seed)  # the only one there is, and 100 times faster
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)


def _load(request: Json, progress: Callable[[tuple[int, int]], None]) -> loader.Loaded:
    cells, name, prelude, skip, seconds, seed = request
    _fresh_state(seed)
    return loader.load(
        [loader.Cell(*cell) for cell in cells],
        name=name,
        prelude=prelude,
        skip={(cell, index): reason for cell, index, reason in skip},
        statement_seconds=seconds,
        progress=progress,
    )


def _reporter(send: Send, nonce: int) -> Callable[[tuple[int, int]], None]:
    def report(key: tuple[int, int]) -> None:
        send(Encoder().frame(nonce, ["at", *key]))

    return report


def _loaded_message(loaded: loader.Loaded) -> Json:
    names = [name for name, value in loaded.namespace.items() if callable(value)]
    failures = [[f.kind, f.message, f.where, list(f.binds)] for f in loaded.failures]
    others = [
        [name, "class" if isinstance(value, type) else type(value).__name__]
        for name, value in loaded.namespace.items()
        if isinstance(value, type) or not callable(value)
    ]
    return ["loaded", names, failures, loaded.notes, others]


class _AllowedImports(importlib.abc.MetaPathFinder):
    """Names the packages that exist during grading, instead of a bare "No module named …".

    Kind words only: what cannot be imported is decided by what the process may read.
    """

    def __init__(self, packages: Sequence[str], named: Sequence[str]) -> None:
        self.packages = packages
        self.named = named

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        known = fullname in self.packages or fullname in sys.stdlib_module_names
        if path is None and not known and _asked_by_student():
            raise ModuleNotFoundError(
                f"{fullname} is not available while your work is graded; what can be imported: "
                f"{', '.join(self.named)} and Python's standard library",
                name=fullname,
            )


def _asked_by_student() -> bool:
    """Whether the import under way stands in a student's text: libraries look for many others."""
    frame = sys._getframe(2)
    while frame.f_back is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(loader.STUDENT_FILE)


def furnish(packages: Sequence[str], named: Sequence[str]) -> None:
    """Prepares the interpreter for student code: what can be imported, and nobody to ask.

    Args:
        packages: everything that can be imported besides the standard library.
        named: the part of it that somebody chose.
    """
    sys.meta_path.insert(0, _AllowedImports(packages, named))
    gc.set_threshold(50_000, 20, 20)  # a short life with many small tensors and few cycles
    builtins.input = loader.nobody_to_ask
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]
    # The released notebook may call the kit's own `check`; here that must do nothing.
    kit = types.ModuleType("autograder")
    kit.check = lambda *names, **options: 0.0  # type: ignore[attr-defined]
    sys.modules["autograder"] = kit
