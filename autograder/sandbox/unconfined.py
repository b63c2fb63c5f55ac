"""Students in plain processes, for practice on systems that cannot confine them."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from autograder.sandbox.host import LAYERS, StudentGone, StudentProcess, next_answer
from autograder.sandbox.launch import PREFIX, clean_environment
from autograder.sandbox.limits import Limits
from autograder.sandbox.program import encoded
from autograder.sandbox.wire import Call, Encoder, Frame, Json

_MOST_CHUNKS = 64  # of what a process wrote and nobody has asked for yet


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
        process.request(encoded(encoder, self._program), encoder, 60.0)
        return process

    def close(self) -> None:
        pass


class PlainProcess:
    """A student's process on a system that cannot confine it."""

    layers: Mapping[str, str] = dict.fromkeys(LAYERS, "missing: only Linux has it")

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
        self._chunks: queue.Queue[bytes] = queue.Queue(_MOST_CHUNKS)
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
        with contextlib.suppress(queue.Empty):  # lets the pump come to its end
            while True:
                self._chunks.get_nowait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def printed_too_much(self) -> bool:
        return False  # nobody keeps what it prints

    def _pump(self) -> None:
        """Pipes cannot be waited for with a deadline on every system; a queue can."""
        assert self._process.stdout is not None
        while chunk := os.read(self._process.stdout.fileno(), 2**16):
            self._chunks.put(chunk)
        self._chunks.put(b"")

    def _receive(self, deadline: float, progress: Callable[[Json], None] | None) -> Frame:
        def read(size: int) -> bytearray:
            data = bytearray()
            while len(data) < size:
                if time.monotonic() > deadline:  # also when there is always more to read
                    raise self._late()
                if not self._rest:
                    try:
                        self._rest = self._chunks.get(timeout=max(0, deadline - time.monotonic()))
                    except queue.Empty:
                        raise self._late() from None
                    if not self._rest:
                        raise self._gone()
                taken = size - len(data)
                data += self._rest[:taken]
                self._rest = self._rest[taken:]
            return data

        return next_answer(self, read, self._nonce, progress)

    def _late(self) -> StudentGone:
        self.close()
        return StudentGone("timeout", "it did not finish in time")

    def _gone(self) -> StudentGone:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # it may have closed its pipe, and live on
        self.close()
        return StudentGone(
            "crashed", f"the process ended early (status {self._process.returncode})"
        )
