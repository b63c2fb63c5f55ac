"""Where the time of `ohlol grade` goes, in processor seconds.

Run as ``python breakdown.py SUBMISSIONS ASSIGNMENT OUT``; prints JSON. Nothing in the product is
changed: its functions are wrapped from outside, and each second counts for the innermost wrapped
function. A student's process cannot be looked into; so what its parts cost is measured by making
the same calls here once more, and what is left of its time is the price of the process itself.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OTHER = "everything else"
_BORN = time.process_time()  # what starting Python costs, before anything of ours


STARTING = {
    "suite:Suite._collected": "collecting the checks",
    "suite:Suite.draw": "drawing the examples",
    "sandbox.confined:ConfinedSandbox.use_program": "sending the inputs",
}
GRADING = {
    "batch:read_submission": "reading submissions",
    "sandbox.confined:ConfinedSandbox.start": "starting and ending processes",
    "sandbox.confined:ConfinedProcess.close": "starting and ending processes",
    "sandbox.confined:ConfinedProcess.request": "wire: sending and receiving",
    "sandbox.wire:Encoder.frame": "wire: encoding",
    "sandbox.wire:Frame.digest": "wire: recognising answers",
    "sandbox.wire:Frame.decoded": "wire: decoding",
    "sandbox.wire:Decoder.answers": "wire: decoding",
    "suite:runtestprotocol": "pytest around the checks",
    "judging:Judge._replay": "comparing",
    "judging:Judge._explained": "messages",
    "judging:Judge.diagnose": "messages",
    "grading:Grader._report": "reports",
    "batch:outstanding": "what is outstanding",
    "results:Results.write": "writing results",
    "results:Results.write_class": "pages of the class",
}


class Stopwatch:
    """Adds up processor time by section; time in an inner section does not count for the outer."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.missing: list[str] = []
        self._sections = [OTHER]
        self._since = time.process_time()

    def watch(self, place: str, section: str) -> None:
        """Counts what the function at ``module:name`` costs for this section."""
        module, _, path = place.partition(":")
        *owners, name = path.split(".")
        try:
            owner = importlib.import_module(f"autograder.{module}")
            for part in owners:
                owner = getattr(owner, part)
            function = getattr(owner, name)
        except (ImportError, AttributeError):
            self.missing.append(place)
            return

        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.section(section):
                return function(*args, **kwargs)

        setattr(owner, name, watched)

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        self._switch()
        self._sections.append(name)
        try:
            yield
        finally:
            self._switch()
            self._sections.pop()

    def take(self) -> dict[str, float]:
        """What was counted so far; begins anew."""
        self._switch()
        taken, self.seconds = self.seconds, {}
        return taken

    def _switch(self) -> None:
        now = time.process_time()
        section = self._sections[-1]
        self.seconds[section] = self.seconds.get(section, 0.0) + now - self._since
        self._since = now


def main(submissions: str, assignment: str, out: str) -> None:
    watch = Stopwatch()
    with watch.section("imports"):
        from autograder import batch, grading, submission
        from autograder.assignment import find_assignment
        from autograder.results import Results
    for place, section in STARTING.items():
        watch.watch(place, section)
    programs: list[Any] = []
    opened = grading.open_sandbox

    def open_sandbox(*args: Any, **kwargs: Any) -> Any:
        sandbox = opened(*args, **kwargs)
        given = sandbox.use_program

        def use_program(program: Any) -> None:
            programs.append(program)
            given(program)

        sandbox.use_program = use_program
        return sandbox

    grading.open_sandbox = open_sandbox
    found = find_assignment(assignment)
    terms = batch.Terms(found, seed=1)
    sources = submission.find_submissions([Path(submissions)], found.name)
    with terms.grader() as grader, Results(Path(out)) as results:
        once = watch.take()
        for place, section in GRADING.items():  # only now: drawing goes through some of them too
            watch.watch(place, section)
        zygote = _children(os.getpid())[0]
        grader.warm(batch.read_submission(sources[0], found.name, grader.names))
        _wait_until_idle(zygote)
        warm_zygote = _cpu(zygote)
        work = batch.outstanding(results, sources, terms.key())
        batch.grade_class(batch.workers_of(grader, 1), work, results)
        each = watch.take()
        time.sleep(0.2)  # the last student is being reaped
        used = [b - a for a, b in zip(warm_zygote, _cpu(zygote), strict=True)]
        student = _student_parts(
            [batch.read_submission(source, found.name, grader.names) for source in sources[:10]],
            programs[0],
            found.name,
        )
    print(
        json.dumps(
            {
                "submissions": len(sources),
                "once": {"starting Python": _BORN, **once},
                "zygote once": sum(warm_zygote),
                "each": {name: spent / len(sources) for name, spent in each.items()},
                "zygote each": used[0] / len(sources),
                "student each": used[1] / len(sources),
                "student parts": student,
                "missing": watch.missing,
            }
        )
    )


def _student_parts(submissions: list[Any], program: Any, name: str) -> dict[str, float]:
    """What a student's process does, done here: seconds for one submission."""
    from autograder.sandbox import loader
    from autograder.sandbox.performer import Performer
    from autograder.sandbox.program import decoded, encoded
    from autograder.sandbox.wire import Encoder, Frame

    spent = {"running the cells": 0.0, "calls and their answers": 0.0}

    def timed(part: str, work: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = work()
        spent[part] += time.process_time() - started
        return result

    def answer(performer: Performer) -> None:
        for check in program:
            encoder = Encoder()
            encoder.frame(0, performer.answers(check, encoder))

    encoder = Encoder(share=True)
    sent = Frame.of(encoder.frame(0, encoded(encoder, program)))
    for submission in submissions:
        cells = [loader.Cell(c.label, c.first_line, c.source) for c in submission.cells]
        loaded = timed("running the cells", functools.partial(loader.load, cells, name=name))
        performer = Performer(decoded(sent.decoded(trusted=True)), loaded.namespace)
        timed("calls and their answers", functools.partial(answer, performer))
    return {part: seconds / len(submissions) for part, seconds in spent.items()}


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def _cpu(pid: int) -> tuple[float, float]:
    """Processor seconds of a process, and of its children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    own, children = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return own / ticks, children / ticks


def _wait_until_idle(pid: int) -> None:
    last = -1.0
    while _cpu(pid)[0] != last:
        last = _cpu(pid)[0]
        time.sleep(0.5)


if __name__ == "__main__":
    main(*sys.argv[1:])
