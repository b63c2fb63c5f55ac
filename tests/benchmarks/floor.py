"""The floor: what loading a notebook, making its calls and comparing the results cost alone.

Run as ``python floor.py CHECKS NOTEBOOK…``; prints JSON. One warm process, torch and the checks
imported and the examples drawn before anything is measured.
"""

from __future__ import annotations

import functools
import json
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import torch
from direct import check_classes, load_checks, plain_settings, student_of, tests_of

Example = dict[str, Any]
Drawn = list[tuple[Callable[..., object], list[Example]]]

NAME = "hello_rnn"  # what the cells see as __name__, so that demonstrations do not run


def draw(checks: Any, namespace: dict[str, Any]) -> Drawn:
    """Each check's body with its examples."""
    student = student_of(namespace)
    drawn: Drawn = []
    for group in check_classes(checks):
        instance = group()
        for name, test in tests_of(group).items():
            body = test.hypothesis.inner_test
            examples: list[Example] = []

            def record(
                *args: Any,
                body: Callable[..., object] = body,
                examples: list[Example] = examples,
                **kwargs: Any,
            ) -> None:
                body(*args, **kwargs)
                examples.append(
                    {key: kwargs[key] for key in kwargs if key not in ("self", "student")}
                )

            test.hypothesis.inner_test = functools.wraps(body)(record)
            hypothesis.seed(zlib.crc32(f"{group.__name__}.{name}".encode()))(test)
            getattr(instance, name)(student=student)
            test.hypothesis.inner_test = body
            drawn.append((functools.partial(body, instance), examples))
    return drawn


def loaded(path: Path) -> dict[str, Any]:
    """The namespace after running a notebook's cells."""
    namespace: dict[str, Any] = {"__name__": NAME}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), namespace)
    return namespace


def grade(path: Path, drawn: Drawn) -> None:
    student = student_of(loaded(path))
    for body, examples in drawn:
        for example in examples:
            body(student, **example)


def main(checks: str, paths: Sequence[str]) -> None:
    torch.set_num_threads(1)
    plain_settings()
    notebooks = list(map(Path, paths))
    module = load_checks(Path(checks))
    drawn = draw(module, loaded(notebooks[0]))
    for path in notebooks[:2]:
        grade(path, drawn)
    each = []
    for path in notebooks:
        started = time.process_time()
        grade(path, drawn)
        each.append(time.process_time() - started)
    points = {
        group.__name__: sum(test.__ohlol_points__.points for test in tests_of(group).values())
        for group in check_classes(module)
    }
    examples = sum(len(examples) for _, examples in drawn)
    print(json.dumps({"each": each, "examples": examples, "points": points}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
