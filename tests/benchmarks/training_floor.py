"""The training runs alone: the calls of the training checks, made in one warm process.

Run as ``python training_floor.py CHECKS NOTEBOOK…``; prints JSON. The calls are recorded from the
first notebook's, so that drawing the instances and comparing what comes back count for nothing.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from direct import Direct, check_classes, fixtures_of, load_checks, tests_of
from floor import loaded

from autograder.sandbox.wire import Answer, Call, Raised
from autograder.student import Student


class Recorded(Direct):
    """Remembers the calls."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__(namespace)
        self.calls: list[Call] = []

    def answer(self, call: Call) -> Answer | Raised:
        self.calls.append(call)
        return super().answer(call)


def recorded(checks: Any, namespace: dict[str, Any]) -> list[Call]:
    student = Student()
    student._backend = backend = Recorded(namespace)
    for group in check_classes(checks):
        instance = group()
        for name, test in tests_of(group).items():
            getattr(instance, name)(**fixtures_of(test, student))
    return backend.calls


def main(checks: str, paths: list[str]) -> None:
    torch.set_num_threads(1)
    module = load_checks(Path(checks))
    namespaces = [loaded(Path(path)) for path in paths]
    calls = recorded(module, namespaces[0])
    each = []
    for namespace in (namespaces[0], *namespaces):  # the first one twice: it also warms up
        direct = Direct(namespace)
        started = time.process_time()
        for call in calls:
            direct.answer(call)
        each.append(time.process_time() - started)
    print(json.dumps({"each": each[1:], "calls": len(calls)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
