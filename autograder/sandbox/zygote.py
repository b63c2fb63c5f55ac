"""The process that every student's process is forked from.

A fresh interpreter that knows nothing of tests, assignments or other submissions: it has torch
imported and warmed up, one thread, and the inputs of this run's calls, decoded once. It forks a
student's process for each request on its control socket, tells how that process ended, and ends
with everything it started when the grader hangs up.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import gc
import importlib.machinery
import importlib.util
import json
import os
import selectors
import signal
import socket
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parso
import torch

from autograder.sandbox import confine, dynamo, folders, landlock, program, wire, worker
from autograder.sandbox.packages import importable

REQUEST, ANSWER = 3, 4
"""A student's process reads requests from and writes answers to these descriptors."""

_MESSAGE_BYTES = 2**16


def main(control: int, run_folder: str, packages: Sequence[str]) -> None:
    """Serves until the grader hangs up.

    Args:
        control: descriptor of a SOCK_SEQPACKET socket.
        run_folder: holds the students' folders; removed at the end.
        packages: what students may import, besides the standard library.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with folders.lock(Path(run_folder)):
        zygote = Zygote(socket.socket(fileno=control), tuple(packages), Path(run_folder))
        try:
            zygote.serve()
        finally:
            zygote.kill_all()
            folders.remove(Path(run_folder))
    os._exit(0)  # nothing is left to do, and taking torch apart takes a while


@dataclass(frozen=True, slots=True)
class _Student:
    pid: int
    pidfd: int
    reply: socket.socket


class Zygote:
    """Forks students and reaps them."""

    def __init__(self, control: socket.socket, packages: tuple[str, ...], run_folder: Path) -> None:
        self._control = control
        self._named = packages
        self._packages = importable(packages)
        paths = list(_readable(self._packages))
        self._readable = landlock.opened(paths)
        self._no_uid = confine.own_uid_for(paths, run_folder)
        self._program = program.Program()
        self._students: dict[int, _Student] = {}  # by descriptor of process and of socket
        self._selector = selectors.DefaultSelector()
        _warm_up()

    def serve(self) -> None:
        self._selector.register(self._control, selectors.EVENT_READ)
        gc.collect()
        gc.freeze()  # the collector would otherwise write to every page that a fork shares
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    if not self._request():
                        return
                elif key.fd in self._students and self._students[key.fd] is key.data:
                    # Checked, since the number may be another's by now.
                    self._ended(key.data)

    def kill_all(self) -> None:
        for student in set(self._students.values()):
            signal.pidfd_send_signal(student.pidfd, signal.SIGKILL)
            os.waitpid(student.pid, 0)

    def _request(self) -> bool:
        data, ancillary, _, _ = self._control.recvmsg(_MESSAGE_BYTES, socket.CMSG_SPACE(4 * 8))
        if not data:
            return False
        descriptors = array.array("i")
        for _, _, payload in ancillary:
            descriptors.frombytes(payload[: len(payload) - len(payload) % 4])
        operation, *arguments = json.loads(data)
        if operation == "program":
            self._read_program(descriptors[0])
        elif operation == "preload":
            _preload(arguments[0])
        else:
            self._spawn(arguments[0], list(descriptors))
        for descriptor in descriptors:
            os.close(descriptor)
        return True

    def _read_program(self, descriptor: int) -> None:
        gc.unfreeze()
        with open(os.dup(descriptor), "rb") as file:
            file.seek(0)
            frame = wire.read_frame(lambda size: bytearray(file.read(size)), 0, wire.FROM_GRADER)
        self._program = program.decoded(frame.decoded(trusted=True))
        gc.collect()
        gc.freeze()

    def _spawn(self, settings: dict[str, Any], descriptors: list[int]) -> None:
        *streams, reply_fd = descriptors
        pid = os.fork()
        if pid == 0:
            try:
                self._be_a_student(settings, streams)
            finally:
                os._exit(70)
        pidfd = os.pidfd_open(pid)
        reply = socket.socket(fileno=os.dup(reply_fd))
        socket.send_fds(reply, [json.dumps({"pid": pid}).encode()], [pidfd])
        student = _Student(pid, pidfd, reply)
        for watched in (pidfd, reply.fileno()):
            self._students[watched] = student
            self._selector.register(watched, selectors.EVENT_READ, student)

    def _ended(self, student: _Student) -> None:
        """The process ended, or whoever asked for it is gone and it has to end."""
        signal.pidfd_send_signal(student.pidfd, signal.SIGKILL)
        _, status, usage = os.wait4(student.pid, 0)
        for watched in (student.pidfd, student.reply.fileno()):
            del self._students[watched]
            self._selector.unregister(watched)
        with contextlib.suppress(OSError):  # perhaps nobody waits for it any more
            end = {
                "status": os.waitstatus_to_exitcode(status),
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
            }
            student.reply.send(json.dumps(end).encode())
        student.reply.close()
        os.close(student.pidfd)

    def _be_a_student(self, settings: dict[str, Any], streams: list[int]) -> None:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        # First out of the way of the numbers that they will have.
        request, answer, output, nothing = (
            fcntl.fcntl(stream, fcntl.F_DUPFD, 16) for stream in (*streams, nothing)
        )
        for target, source in enumerate((nothing, output, output, request, answer)):
            os.dup2(source, target)
        folder = settings.pop("folder")
        os.environ.update(HOME=folder, TMPDIR=folder)
        tempfile.tempdir = None
        uid = None if self._no_uid else 100_000 + os.getpid() % 400_000
        without = frozenset(settings.pop("without"))
        closed = tuple(map(Path, settings.pop("closed")))
        wanted = confine.Confinement(
            folder=Path(folder), uid=uid, no_uid=self._no_uid or "", closed=closed,
            without=without, **settings["limits"],
        )  # fmt: skip
        layers = confine.confine(wanted, self._readable)
        os.closerange(ANSWER + 1, 2**16)
        worker.furnish(self._packages, self._named)
        # The grader may be gone, or the student have written into the pipe: over, either way.
        with contextlib.suppress(wire.WireError, BrokenPipeError):
            worker.serve(
                read_request, send_answer, ["hello", layers], self._program, settings["nonce"]
            )
        os._exit(0)


def read_request(size: int) -> bytearray:
    """Exactly `size` bytes of the grader's.

    Raises:
        EOFError: when it hung up.
    """
    data = bytearray()
    while len(data) < size:
        chunk = os.read(REQUEST, min(size - len(data), 2**20))
        if not chunk:
            raise EOFError
        data += chunk
    return data


def send_answer(frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(ANSWER, view) :]


def _readable(modules: Sequence[str]) -> Iterator[Path]:
    """Files of the standard library and of the packages; never the whole of site-packages, where
    the grader itself may live."""
    for folder in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}:
        for entry in Path(folder).iterdir():
            if entry.name not in ("site-packages", "dist-packages"):
                yield entry
    homes = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    for module in modules:
        spec = _found(module)
        if spec is None:
            continue
        places = spec.submodule_search_locations or ([spec.origin] if spec.origin else [])
        yield from map(Path, places)
        homes.update(Path(place).parent for place in places)
    for home in homes:
        yield from home.glob("*.libs")  # shared libraries that wheels bring along
    for folder in ("/usr/lib", "/lib", "/lib64"):
        for entry in Path(folder).glob("*"):
            if "linux" in entry.name or ".so" in entry.name:
                yield entry
    yield from map(Path, ("/usr/share/zoneinfo", "/usr/share/fonts", "/etc/ld.so.cache"))


def _found(module: str) -> importlib.machinery.ModuleSpec | None:
    with contextlib.suppress(ImportError, ValueError, AttributeError):
        return importlib.util.find_spec(module)
    return None


def _warm_up() -> None:
    """Everything that a first call would otherwise load in every student's process."""
    parso.parse("x = (\n")
    torch.set_num_threads(1)
    dynamo.postpone()
    model = torch.nn.RNNCell(2, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.zeros(1, 2)).sum().backward()
    optimizer.step()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"the zygote has {threads} threads, and could not be forked safely")


def _preload(modules: Sequence[str]) -> None:
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # the student's own import will say so
    gc.collect()
    gc.freeze()
