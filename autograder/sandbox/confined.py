"""Students forked from a warm zygote, each behind every layer that the system has (Linux)."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal

from autograder.errors import SandboxRefused, ZygoteGone
from autograder.sandbox import folders
from autograder.sandbox.host import StudentGone, StudentProcess, missing_layers, next_answer
from autograder.sandbox.launch import ZygoteProcess, start_zygote
from autograder.sandbox.limits import Limits
from autograder.sandbox.program import encoded
from autograder.sandbox.wire import Call, Encoder, Frame, Json

_TICK = 0.1  # seconds between looks at a student's folder
_PATIENCE = 4  # times its time, for a process that is kept from running
_STARTS = (
    3  # of a process that is killed before it reads anything, as a system short of memory does
)
_END_SECONDS = 1.0  # that a process may take to end, once its pipe is closed
_SIGNALS = {number.value for number in signal.Signals}


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
        with tempfile.TemporaryFile() as file:
            file.write(encoder.frame(0, encoded(encoder, program)))
            file.flush()
            self._tell(["program"], [file.fileno()])

    def preload(self, modules: Sequence[str]) -> None:
        self._tell(["preload", list(modules)], [])

    def start(self) -> StudentProcess:
        for attempt in range(_STARTS):
            process = self._forked()
            try:
                process.hello()
                break
            except StudentGone as gone:  # by no fault of the student's, who was not heard of yet
                if attempt == _STARTS - 1:
                    raise SandboxRefused(
                        f"A confined process did not start: {gone.message}."
                    ) from gone
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

    def _forked(self) -> ConfinedProcess:
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
        return ConfinedProcess(
            self.limits, requests, answers, json.loads(data)["pid"], descriptors[0], reply, output,
            folder, nonce,
        )  # fmt: skip

    def close(self) -> None:
        self._zygote.close()

    def _tell(self, message: Json, descriptors: Sequence[int]) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], list(descriptors))
        except OSError:
            raise self._refusal() from None

    def _refusal(self) -> ZygoteGone:
        return ZygoteGone(f"The sandbox's zygote is gone: {self._zygote.last_words()}.")


class ConfinedProcess:
    """A student's process, held by a pidfd: never confused with another of the same number."""

    def __init__(
        self,
        limits: Limits,
        requests: int,
        answers: int,
        pid: int,
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
        self._pid = pid
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
        frame = self._receive(_Deadline(60.0, self._pid), None)
        self.layers = dict(frame.decoded().message[1])

    def request(
        self,
        message: Json,
        encoder: Encoder,
        seconds: float,
        progress: Callable[[Json], None] | None = None,
    ) -> Frame:
        deadline = _Deadline(seconds, self._pid)
        self._nonce += 1
        self._send(encoder.frame(self._nonce, message), deadline)
        frame = self._receive(deadline, progress)
        self._look_at_folder()  # however fast it answered
        return frame

    def close(self) -> None:
        """Kills the process and removes what it wrote."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        folders.remove(self._folder)
        if self._folder.exists():  # it was still at work in there
            self._has_ended()
            folders.remove(self._folder)
        for descriptor in (self._requests, self._answers, self._pidfd):
            os.close(descriptor)
        self._reply.close()
        self._output.close()

    def _send(self, frame: bytes, deadline: _Deadline) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self._requests, view) :]
            except BlockingIOError:
                self._wait(self._requests, select.POLLOUT, deadline)
            except BrokenPipeError:
                raise self._gone() from None

    def _receive(self, deadline: _Deadline, progress: Callable[[Json], None] | None) -> Frame:
        def read(size: int) -> bytearray:
            data = bytearray(size)
            view, filled = memoryview(data), 0
            while filled < size:
                if deadline.has_passed():  # also when there is always more to read
                    raise self._late()
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

        return next_answer(self, read, self._nonce, progress)

    def _wait(self, descriptor: int, event: int, deadline: _Deadline) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        while True:
            if deadline.has_passed():
                raise self._late()
            if poll.poll(_TICK * 1000):
                return
            self._look_at_folder()

    def _look_at_folder(self) -> None:
        try:
            size, files = folders.used(self._folder, self.limits.disk_files)
        except folders.TooDeep:
            size, files = 0, self.limits.disk_files + 1
        if size > self.limits.disk_bytes or files > self.limits.disk_files:
            self.close()
            raise StudentGone("disk", "it wrote more files than it may")

    def _late(self) -> StudentGone:
        self.close()
        return StudentGone("timeout", "it did not finish in time")

    def _gone(self) -> StudentGone:
        """Why the process ended by itself."""
        printed = os.fstat(self._output.fileno()).st_size
        if not self._has_ended():
            self.close()
            return StudentGone("protocol", "it closed its pipe, and lived on")
        status, used = None, 0.0
        self._reply.settimeout(10)
        with contextlib.suppress(OSError, ValueError):
            end_of_it = json.loads(self._reply.recv(2**12) or b"{}")
            status, used = end_of_it.get("status"), end_of_it.get("cpu_seconds", 0.0)
        self.close()
        if printed >= self.limits.output_bytes:
            return StudentGone("output_limit", "it printed more than it may")
        if used >= self.limits.submission_seconds:
            return StudentGone("timeout", "it used more processor time than it may")
        if status is not None and status < 0:
            name = signal.Signals(-status).name if -status in _SIGNALS else str(-status)
            return StudentGone("crashed", f"the process was ended by signal {name}")
        if status is None:
            raise ZygoteGone("The sandbox's zygote was killed while a student's code ran.")
        return StudentGone("crashed", f"the process ended early (status {status})")

    def _has_ended(self) -> bool:
        """Gives it a moment to end."""
        end = select.poll()
        end.register(self._pidfd, select.POLLIN)
        return bool(end.poll(_END_SECONDS * 1000))

    def printed_too_much(self) -> bool:
        return os.fstat(self._output.fileno()).st_size >= self.limits.output_bytes


class _Deadline:
    """When a process has had its time: by the clock, unless it was kept from running.

    On a busy machine an honest program would otherwise fail for what others do. One that sleeps is
    not kept from anything.
    """

    def __init__(self, seconds: float, pid: int) -> None:
        now = time.monotonic()
        self._seconds = seconds
        self._pid = pid
        self._end, self._latest = now + seconds, now + _PATIENCE * seconds
        self._used_before = _used(pid)

    def has_passed(self) -> bool:
        now = time.monotonic()
        if now < self._end:
            return False
        used = _used(self._pid) - self._used_before
        starved = used < 0.9 * self._seconds and _wants_to_run(self._pid)
        return not starved or now > self._latest


def _used(pid: int) -> float:
    """Seconds of processor time of a process so far; 0 if it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # its clock, as clock_getcpuclockid makes it
    except OSError:
        return 0.0


def _wants_to_run(pid: int) -> bool:
    try:
        # The name, in brackets, may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[:1] == ["R"]
