"""One submission in the sandbox: its processes, one after the other, and what was seen of them.

A process that crashed, hung or spoke out of turn is dead; the next call gets a fresh one, loaded
again without the statements that ended it before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import SandboxRefused
from autograder.sandbox.host import Sandbox, StudentGone, StudentProcess
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Json, Raised, WireError

_MAX_NAMES = 5_000  # of what the code defines: names alike are looked for among them
_MAX_RESTARTS = 5  # at most so many statements may end a process while it is loaded


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A statement that did not run.

    Args:
        kind: ``syntax``, ``raised``, ``timeout`` or ``crashed``.
        where: ``cell 3, line 2: x = undefined``.
        binds: names that are missing because of it.
    """

    kind: str
    message: str
    where: str
    binds: tuple[str, ...]


class StudentSession:
    """Answers calls from one submission's code.

    Args:
        sandbox: where processes come from.
        cells: label, first line and source of each.
        module: the name that the code runs under.
        prelude: the starter's imports.
        seed: of the random numbers that the code draws while it is loaded.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        cells: Sequence[tuple[str, int, str]],
        *,
        module: str,
        prelude: Sequence[str],
        limits: Limits,
        seed: int,
    ) -> None:
        self._sandbox = sandbox
        self._cells = [list(cell) for cell in cells]
        self._module = module
        self._prelude = list(prelude)
        self._limits = limits
        self._seed = seed
        self._process: StudentProcess | None = None
        self._skip: dict[tuple[int, int], tuple[str, str]] = {}  # statement: (kind, reason)
        self._gave_up: StudentGone | None = None
        self._deadline = time.monotonic() + limits.submission_seconds
        self.layers: dict[str, str] = {}
        self.names: frozenset[str] = frozenset()
        self.failures: tuple[LoadFailure, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.others: dict[str, str] = {}  # what is no function, and what it is instead

    def load(self) -> None:
        """Runs the cells in a fresh process, unless one is alive.

        Raises:
            StudentGone: when the code cannot be loaded at all.
            SandboxRefused: when the sandbox is incomplete.
        """
        if self._gave_up is not None:
            raise self._gave_up
        if self._process is not None:
            return
        for _ in range(_MAX_RESTARTS):
            self._seconds_left()
            self._process = self._sandbox.start()
            self.layers = dict(self._process.layers)
            at: list[tuple[int, int]] = []
            try:
                self._load_once(at)
            except StudentGone as gone:
                self._process = None
                if not at or at[-1] in self._skip or gone.kind == "protocol":
                    self._gave_up = gone
                    raise
                self._skip[at[-1]] = (gone.kind, gone.message)
            else:
                return
        self._gave_up = StudentGone("crashed", "too many of its statements ended the process")
        raise self._gave_up

    def answers(self, check: str, seed: int) -> Frame:
        """The answers to all the calls of a check, in one frame, not yet read.

        Raises:
            StudentGone: when they did not all come.
        """
        return self._request(["check", check, seed], Encoder(), self._limits.check_seconds)

    def read(self, frame: Frame, count: int) -> list[Answer | Raised]:
        """A frame as the answers to so many calls.

        Raises:
            StudentGone: when it is nothing of the kind.
        """
        try:
            answers = frame.decoded().answers(count)
        except WireError as error:
            self.close()
            raise _breach(error) from None
        if self._process is not None and self._process.printed_too_much():
            # It may live on, but it cannot print any more, and that is not the next check's fault.
            self.close()
            raise StudentGone("output_limit", "it printed more than it may")
        return answers

    def answer(self, call: Call, seed: int) -> Answer | Raised:
        """The answer to one call.

        Raises:
            StudentGone: when it did not come.
        """
        encoder = Encoder()
        message = ["call", encoder.call(call), seed]
        return self.read(self._request(message, encoder, self._limits.call_seconds), 1)[0]

    def close(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _request(self, message: Json, encoder: Encoder, seconds: float) -> Frame:
        self.load()
        assert self._process is not None
        seconds = min(seconds, self._seconds_left())
        try:
            return self._process.request(message, encoder, seconds)
        except (StudentGone, SandboxRefused):
            self._process = None
            raise

    def _seconds_left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            self.close()
            raise StudentGone("timeout", "the submission used up all of its time")
        return left

    def _load_once(self, at: list[tuple[int, int]]) -> None:
        assert self._process is not None
        skip = [[*key, reason] for key, (_, reason) in self._skip.items()]
        message = [
            "load", self._cells, self._module, self._prelude, skip,
            self._limits.statement_seconds, self._seed,
        ]  # fmt: skip

        def progress(key: Json) -> None:
            if len(key) == 2 and all(type(part) is int for part in key):
                at.append((key[0], key[1]))

        seconds = min(self._limits.load_seconds, self._seconds_left())
        frame = self._process.request(message, Encoder(), seconds, progress)
        try:
            decoder = frame.decoded()
            if type(decoder.message) is not list:
                raise WireError("not a list")
            self._take_loaded(decoder.value(["l", *map(_as_value, decoder.message[1:])]))
        except (WireError, TypeError, ValueError, RecursionError) as error:
            self._process.close()
            raise _breach(error) from None

    def _take_loaded(self, loaded: Any) -> None:
        names, failures, notes, *others = loaded
        self.names = frozenset(str(name)[:200] for name in names[:_MAX_NAMES])
        self.failures = tuple(
            LoadFailure(str(kind), str(message), str(where), tuple(map(str, binds)))
            for kind, message, where, binds in failures[:1000]
        )
        self.notes = tuple(str(note) for note in notes[:100])
        listed = others[0][:_MAX_NAMES] if others else []
        self.others = {str(name)[:200]: str(kind)[:200] for name, kind in listed}


def _breach(error: Exception) -> StudentGone:
    return StudentGone("protocol", f"it did not answer as it should ({error})")


def _as_value(tree: Json) -> Json:
    """Plain nested lists as the wire's tagged values, so that its checks apply."""
    return ["l", *map(_as_value, tree)] if type(tree) is list else tree
