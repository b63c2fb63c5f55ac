"""The grader's side of the sandbox: starts students' processes, talks to them, outlives them.

`ConfinedSandbox` forks each student from a warm zygote and refuses to go on unless the layers that
it asks for were seen to hold. `PlainSandbox` is for a student's own code on systems without them: a
process of its own, deadlines, and nothing more.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from autograder.sandbox.launch import PREFIX, ZygoteProcess, clean_environment, start_zygote
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import FROM_STUDENT, Call, Encoder, Frame, Json, WireError, read_frame

REQUIRED_LAYERS = ("limits", "no_new_privs", "seccomp")
_TICK = 0.1  # seconds between looks at a student's folder
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


class SandboxRefused(Exception):
    """A layer of the sandbox is missing, or it could not be started at all."""


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
            return PlainSandbox(limits)
        raise SandboxRefused(
            "Grading other people's code needs the sandbox, which only Linux has. Grade on Linux "
            "(a container or WSL will do), or accept the risk with --allow-weaker-sandbox."
        )
    return ConfinedSandbox(
        limits, closed=closed, allow_weaker=allow_weaker or practice, without=without,
        zygote=zygote,
    )  # fmt: skip


class ConfinedSandbox:
    """Students forked from a warm zygote, each behind every layer that the system has."""

    def __init__(
        self,
        limits: Limits,
        *,
        closed: Sequence[Path] = (),
        allow_weaker: bool = False,
        without: frozenset[str] = frozenset(),
        zygote: ZygoteProcess | None = None,
    ) -> None:
        self.profile: Literal["confined", "weaker", "plain"] = "confined"
        self.limits = limits
        self._allow_weaker = allow_weaker
        self._settings = {
            "closed": [str(path) for path in closed],
            "without": sorted(without),
            "limits": {
                "memory_bytes": limits.memory_bytes,
                "cpu_seconds": int(limits.submission_seconds) + 1,
                "file_bytes": limits.output_bytes,
                "threads": limits.threads,
            },
        }
        self._zygote = zygote or start_zygote(limits.packages)
        self._control = self._zygote.control
        self.folder = self._zygote.folder

    def use_program(self, program: Mapping[str, Sequence[Call]]) -> None:
        encoder = Encoder(share=True)
        trees = {check: [encoder.call(call) for call in calls] for check, calls in program.items()}
        with tempfile.TemporaryFile() as file:
            file.write(encoder.frame(0, ["program", trees]))
            file.flush()
            self._tell(["program"], [file.fileno()])

    def preload(self, modules: Sequence[str]) -> None:
        self._tell(["preload", list(modules)], [])

    def start(self) -> StudentProcess:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        requests_theirs, requests = os.pipe()
        answers, answers_theirs = os.pipe()
        reply, reply_theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output = tempfile.TemporaryFile()
        nonce = int.from_bytes(os.urandom(4), "little")
        settings = {**self._settings, "folder": str(folder), "nonce": nonce}
        theirs = [requests_theirs, answers_theirs, output.fileno(), reply_theirs.fileno()]
        try:
            self._tell(["spawn", settings], theirs)
        except SandboxRefused:
            os.close(requests)
            os.close(answers)
            raise
        finally:
            os.close(requests_theirs)
            os.close(answers_theirs)
            reply_theirs.close()
        with contextlib.suppress(OSError):
            fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, 2**20)
        try:
            data, descriptors, _, _ = socket.recv_fds(reply, 2**12, 1)
        except OSError:
            data, descriptors = b"", []
        if not data or not descriptors:
            os.close(requests)
            os.close(answers)
            raise self._refusal()
        process = ConfinedProcess(
            self.limits, requests, answers, descriptors[0], reply, output, folder, nonce
        )
        try:
            process.hello()
        except StudentGone as gone:
            raise SandboxRefused(f"A confined process did not start: {gone.message}.") from gone
        missing = missing_layers(process.layers)
        if missing:
            self.profile = "weaker"
            if not self._allow_weaker:
                process.close()
                raise SandboxRefused(
                    "The sandbox is incomplete on this system, so nothing was graded. Missing: "
                    + "; ".join(missing)
                    + ". Grade where these layers exist, or accept the risk with "
                    "--allow-weaker-sandbox (every report then says what was lost)."
                )
        return process

    def close(self) -> None:
        self._zygote.close()

    def _tell(self, message: Json, descriptors: Sequence[int]) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], list(descriptors))
        except OSError:
            raise self._refusal() from None

    def _refusal(self) -> SandboxRefused:
        return SandboxRefused(f"The sandbox's zygote is gone: {self._zygote.last_words()}.")


class ConfinedProcess:
    """A student's process, held by a pidfd: it is never confused with another of the same number."""

    def __init__(
        self,
        limits: Limits,
        requests: int,
        answers: int,
        pidfd: int,
        reply: socket.socket,
        output: IO[bytes],
        folder: Path,
        nonce: int,
    ) -> None:
        self.layers: Mapping[str, str] = {}
        self.limits = limits
        self._requests = requests
        self._answers = answers
        self._pidfd = pidfd
        self._reply = reply
        self._output = output
        self._folder = folder
        self._nonce = nonce
        self._closed = False
        os.set_blocking(answers, False)
        os.set_blocking(requests, False)

    def hello(self) -> None:
        """Reads which layers are in force. Nothing of the student's was sent yet."""
        frame = self._receive(time.monotonic() + 60.0, None)
        self.layers = dict(frame.decoded().message[1])

    def request(
        self,
        message: Json,
        encoder: Encoder,
        seconds: float,
        progress: Callable[[Json], None] | None = None,
    ) -> Frame:
        deadline = time.monotonic() + seconds
        self._nonce += 1
        self._send(encoder.frame(self._nonce, message), deadline)
        return self._receive(deadline, progress)

    def close(self) -> None:
        """Kills the process and removes what it wrote."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        for descriptor in (self._requests, self._answers, self._pidfd):
            os.close(descriptor)
        self._reply.close()
        self._output.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self._requests, view) :]
            except BlockingIOError:
                self._wait(self._requests, select.POLLOUT, deadline)
            except BrokenPipeError:
                raise self._gone() from None

    def _receive(
        self, deadline: float, progress: Callable[[Json], None] | None
    ) -> Frame:
        def read(size: int) -> bytearray:
            data = bytearray(size)
            view, filled = memoryview(data), 0
            while filled < size:
                try:
                    count = os.readv(self._answers, [view[filled:]])
                except BlockingIOError:
                    self._wait(self._answers, select.POLLIN, deadline)
                    continue
                if count == 0:
                    raise self._gone()
                filled += count
            view.release()
            return data

        return _next_answer(self, read, self._nonce, progress)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                self.close()
                raise StudentGone("timeout", "it did not finish in time")
            if poll.poll(min(left, _TICK) * 1000):
                return
            self._look_at_folder()

    def _look_at_folder(self) -> None:
        size = files = 0
        for _, folders, names, folder in os.fwalk(self._folder, follow_symlinks=False):
            files += len(folders) + len(names)
            for name in names:
                with contextlib.suppress(OSError):
                    size += os.stat(name, dir_fd=folder, follow_symlinks=False).st_blocks * 512
            if size > self.limits.disk_bytes or files > self.limits.disk_files:
                self.close()
                raise StudentGone("disk", "it wrote more files than it may")

    def _gone(self) -> StudentGone:
        """Why the process ended by itself."""
        printed = os.fstat(self._output.fileno()).st_size
        status = None
        self._reply.settimeout(10)
        with contextlib.suppress(OSError, ValueError):
            status = json.loads(self._reply.recv(2**12) or b"{}").get("status")
        self.close()
        if printed >= self.limits.output_bytes:
            return StudentGone("output_limit", "it printed more than it may")
        if status == -signal.SIGXCPU or status == -signal.SIGKILL:
            return StudentGone("timeout", "it used more processor time than it may")
        if status is not None and status < 0:
            name = signal.Signals(-status).name if -status in _SIGNALS else str(-status)
            return StudentGone("crashed", f"the process was ended by signal {name}")
        return StudentGone("crashed", f"the process ended early (status {status})")

    def printed_too_much(self) -> bool:
        return os.fstat(self._output.fileno()).st_size >= self.limits.output_bytes


class PlainSandbox:
    """Students in plain processes: separate from the grader, and not confined."""

    def __init__(self, limits: Limits) -> None:
        self.profile: Literal["confined", "weaker", "plain"] = "plain"
        self.limits = limits
        self._program: Mapping[str, Sequence[Call]] = {}

    def use_program(self, program: Mapping[str, Sequence[Call]]) -> None:
        self._program = program

    def preload(self, modules: Sequence[str]) -> None:
        """Nothing to share: every process starts by itself."""

    def start(self) -> StudentProcess:
        process = PlainProcess(self.limits)
        encoder = Encoder(share=True)
        trees = {
            check: [encoder.call(call) for call in calls] for check, calls in self._program.items()
        }
        process.request(["program", trees], encoder, 60.0)
        return process

    def close(self) -> None:
        pass


class PlainProcess:
    """A student's process on a system that cannot confine it."""

    layers: Mapping[str, str] = {
        layer: "missing: only Linux has it"
        for layer in ("limits", "no_new_privs", "landlock", "seccomp", "own_uid")
    }

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._nonce = int.from_bytes(os.urandom(4), "little")
        self._folder = tempfile.mkdtemp(prefix=PREFIX)
        bootstrap = (
            "import sys; sys.path.append(sys.argv[1]); "
            "from autograder.sandbox import plain; sys.path.pop(); import json; "
            "plain.main(int(sys.argv[2]), json.loads(sys.argv[3]))"
        )
        self._process = subprocess.Popen(
            [
                sys.executable, "-s", "-P", "-B", "-c", bootstrap, str(Path(__file__).parents[2]),
                str(self._nonce), json.dumps(limits.packages),
            ],
            env={**os.environ, **clean_environment()},
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest = b""
        threading.Thread(target=self._pump, daemon=True).start()
        self._receive(time.monotonic() + 60.0, None)

    def request(
        self,
        message: Json,
        encoder: Encoder,
        seconds: float,
        progress: Callable[[Json], None] | None = None,
    ) -> Frame:
        self._nonce += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encoder.frame(self._nonce, message))
            self._process.stdin.flush()
        except OSError:
            raise self._gone() from None
        return self._receive(time.monotonic() + seconds, progress)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _pump(self) -> None:
        """Pipes cannot be waited for with a deadline on every system; a queue can."""
        assert self._process.stdout is not None
        while chunk := self._process.stdout.read1(2**16):
            self._chunks.put(chunk)
        self._chunks.put(b"")

    def _receive(
        self, deadline: float, progress: Callable[[Json], None] | None
    ) -> Frame:
        def read(size: int) -> bytearray:
            data = bytearray()
            while len(data) < size:
                if not self._rest:
                    try:
                        self._rest = self._chunks.get(timeout=max(0, deadline - time.monotonic()))
                    except queue.Empty:
                        self.close()
                        raise StudentGone("timeout", "it did not finish in time") from None
                    if not self._rest:
                        raise self._gone()
                taken = size - len(data)
                data += self._rest[:taken]
                self._rest = self._rest[taken:]
            return data

        return _next_answer(self, read, self._nonce, progress)

    def _gone(self) -> StudentGone:
        self._process.wait()
        self.close()
        return StudentGone("crashed", f"the process ended early (status {self._process.returncode})")


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


def _next_answer(
    process: StudentProcess,
    read: Callable[[int], bytearray],
    nonce: int,
    progress: Callable[[Json], None] | None,
) -> Frame:
    """Reads frames until one is the answer."""
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


_SIGNALS = {number.value for number in signal.Signals}
