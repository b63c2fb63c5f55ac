"""The grader's side of the sandbox: what every sandbox offers, and which one a system can have.

`confined.ConfinedSandbox` forks each student from a warm zygote and refuses to go on unless the
layers that it asks for were seen to hold. `unconfined.PlainSandbox` is for a student's own code on
systems without them: a process of its own, deadlines, and nothing more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from autograder.errors import SandboxRefused
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import FROM_STUDENT, Call, Encoder, Frame, Json, WireError, read_frame

if TYPE_CHECKING:
    from autograder.sandbox.launch import ZygoteProcess

LAYERS = ("limits", "no_new_privs", "landlock", "seccomp", "own_uid")
REQUIRED_LAYERS = ("limits", "no_new_privs", "seccomp")
_PROGRESS_FRAMES = 100_000  # a student's process may report no more statements than this


GoneKind = Literal["timeout", "crashed", "memory", "output_limit", "disk", "protocol"]


class StudentGone(BaseException):
    """A student's process ended, or had to be ended, before it answered.

    Not an `Exception`: Hypothesis must not try again with other inputs, since each try could cost
    a whole deadline.
    """

    def __init__(self, kind: GoneKind, message: str) -> None:
        super().__init__(message)
        self.kind: GoneKind = kind
        self.message = message


class StudentProcess(Protocol):
    """One process that holds one submission."""

    layers: Mapping[str, str]

    def request(
        self,
        message: Json,
        encoder: Encoder,
        seconds: float,
        progress: Callable[[Json], None] | None = None,
    ) -> Frame:
        """Sends a message and waits for the answer.

        Args:
            message: may hold trees made by `encoder`.
            seconds: until the process is given up.
            progress: takes messages ``["at", …]`` that come before the answer.

        Raises:
            StudentGone: when no valid answer came in time; the process is dead then.
        """
        ...

    def printed_too_much(self) -> bool:
        """Whether its output reached the limit."""
        ...

    def close(self) -> None: ...


class Sandbox(Protocol):
    """Where students' processes come from."""

    profile: Literal["confined", "weaker", "plain"]

    def use_program(self, program: Mapping[str, Sequence[Call]]) -> None:
        """Gives every process started from now on the inputs of these calls, by check."""
        ...

    def preload(self, modules: Sequence[str]) -> None:
        """Loads modules once for every process started from now on."""
        ...

    def start(self) -> StudentProcess: ...

    def close(self) -> None: ...


def open_sandbox(
    limits: Limits,
    *,
    closed: Sequence[Path] = (),
    allow_weaker: bool = False,
    practice: bool = False,
    without: frozenset[str] = frozenset(),
    zygote: ZygoteProcess | None = None,
) -> Sandbox:
    """The strongest sandbox that this system has.

    Args:
        closed: folders of the grader that students must not be able to read.
        allow_weaker: go on when a required layer is missing; the report says what is lost.
        practice: a student's own code on their own machine, where a plain process will do when the
            system has nothing better.
        without: layers left out on purpose.
        zygote: one that was started before, to save the time that it takes to get warm.

    Raises:
        SandboxRefused: when a required layer is missing.
    """
    if not sys.platform.startswith("linux"):
        if practice or allow_weaker:
            from autograder.sandbox.unconfined import PlainSandbox

            return PlainSandbox(limits)
        raise SandboxRefused(
            "Grading other people's code needs the sandbox, which only Linux has. Grade on Linux "
            "(a container or WSL will do), or accept the risk with --allow-weaker-sandbox."
        )
    from autograder.sandbox.confined import ConfinedSandbox  # needs what only Linux has

    return ConfinedSandbox(
        limits, closed=closed, allow_weaker=allow_weaker or practice, without=without,
        zygote=zygote,
    )  # fmt: skip


def missing_layers(layers: Mapping[str, str]) -> list[str]:
    """What is required and does not hold, in words."""
    missing = [
        f"{layer} ({state})"
        for layer in REQUIRED_LAYERS
        if not (state := layers.get(layer, "missing: not reported")).startswith("in force")
    ]
    landlock, uid = layers.get("landlock", "missing"), layers.get("own_uid", "missing")
    if not landlock.startswith("in force") and uid != "in force":
        missing.append(f"landlock ({landlock}), nor a user of its own ({uid})")
    return missing


def next_answer(
    process: StudentProcess,
    read: Callable[[int], bytearray],
    nonce: int,
    progress: Callable[[Json], None] | None,
) -> Frame:
    """Reads frames until one is the answer.

    Args:
        read: returns exactly that many bytes of the process's, or raises.
        nonce: of the request.
        progress: takes what is told before the answer; without it, nothing may be.

    Raises:
        StudentGone: when something else came; the process is dead then.
    """
    try:
        for _ in range(_PROGRESS_FRAMES):
            frame = read_frame(read, nonce, FROM_STUDENT)
            if progress is None:
                return frame
            message = frame.decoded().message
            if type(message) is not list or message[:1] != ["at"]:
                return frame
            progress(message[1:])
        raise WireError("too many reports of progress")
    except WireError as error:
        process.close()
        raise StudentGone("protocol", f"it did not answer as it should ({error})") from None
