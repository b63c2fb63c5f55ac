"""A student who owns the worker: whatever it sends, the grader sees plain values or a breach."""

from __future__ import annotations

import gc
import json
import os
import random
import select
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import kit
import psutil
import pytest
import torch
from siege import HOSTILE, LIMITS, PATIENCE
from torch import Tensor

from autograder import display, grading
from autograder.assignment import find_assignment
from autograder.grading import Grader
from autograder.reference import Reference, own
from autograder.report import Report
from autograder.sandbox.host import LAYERS, StudentGone
from autograder.sandbox.limits import Limits
from autograder.sandbox.performer import perform
from autograder.sandbox.session import StudentSession
from autograder.sandbox.wire import (
    FROM_STUDENT,
    HEADER,
    Answer,
    Call,
    Encoder,
    Frame,
    Json,
    Opaque,
    Raised,
    WireError,
    read_frame,
)

MIB = 2**20
BRIEF = replace(LIMITS, check_seconds=0.8, call_seconds=0.4)
NONCE = 77
COUNT = 3  # answers in a frame
DTYPES = (
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32,
    torch.int8, torch.uint8, torch.bool, torch.complex64, torch.complex128,
)  # fmt: skip

# Frames from a peer that nobody trusts


def answers() -> list[Answer | Raised]:
    """A bit of everything that may be answered."""
    values: list[object] = [
        torch.randn(2, 3), torch.arange(4), torch.zeros(0, 3), torch.tensor(1.5), None, True, 7,
        -2.5, float("nan"), float("inf"), "text", [1, [2, (3, {"a": [torch.ones(1)]})]],
        {"h": 0, 1: 2.5, (1, 2): None}, torch.ones(3, dtype=torch.bool), object(),
        torch.ones(2, dtype=torch.complex64), torch.ones(3, dtype=torch.bfloat16), ["l", ["T"]],
    ]  # fmt: skip
    return [
        *(Answer(value) for value in values),
        Answer(torch.ones(2), [True, torch.ones(2), None]),
        Raised(("KeyError", "LookupError", "Exception"), "h", "cell 1, line 2: x"),
    ]


HOSTILE_LEAVES: list[Json] = [
    None, True, -1, 2**31, 2**63, -(2**63) - 1, 10**300, 0.5, 1e308, "", "T", "l", "?", "float32",
    "\ud800", "\x1b[31m", [], {}, ["T"], ["T", 0], ["T", -1], ["T", True], ["T", 10**6],
    ["f", "nan"], ["f", "x"], ["l"], ["d", [["l"], 1]], ["d", [1]], ["d", [["t", 1, ["t"]], 1]],
    ["?", "a", "b"], ["?", 1, 2], ["M", "RNNCell", {}, {}], ["C", "x", [], {}], ["e", 1],
    [["X"], "m", "w"],
    [[], "m", "w"], [["X"] * 40, "m", "w"], [1, 2, 3], ["bool", [8]], ["float64", [0, 2**31 - 1]],
    ["float32", [0] + [2**31 - 1] * 7], ["float32", [2**30] * 8], ["float32", [1] * 9],
    ["int64", [-1]], ["int64", [1.5]], ["int64", ["1"]], ["complex128", [1]], ["quint8", [1]],
]  # fmt: skip


class Mutator:
    """Turns good frames into bad ones, the same ones every time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        torch.manual_seed(seed)
        self._good = answers()

    def frame(self) -> bytes:
        encoder = Encoder()
        picked = self._random.choices(self._good, k=COUNT)
        message = [encoder.answer(answer) for answer in picked]
        good = encoder.frame(NONCE, message)
        kind = self._random.randrange(4)
        if kind == 0:
            return self._scratched(good)
        if kind == 1:
            return self._cut_or_extended(good)
        if kind == 2:
            return self._with_other_header(good)
        return self._with_other_tree(good)

    def _scratched(self, frame: bytes) -> bytes:
        data = bytearray(frame)
        for _ in range(self._random.choice((1, 1, 2, 8, 64))):
            data[self._random.randrange(len(data))] = self._random.randrange(256)
        return bytes(data)

    def _cut_or_extended(self, frame: bytes) -> bytes:
        place = self._random.randrange(len(frame))
        extra = self._random.randbytes(self._random.choice((0, 1, 8, 100)))
        return frame[:place] + extra + frame[place + self._random.choice((0, 1, 8)) :]

    def _with_other_header(self, frame: bytes) -> bytes:
        magic, nonce, tree, body = HEADER.unpack_from(frame)
        sizes = (0, 1, tree, body, tree + 1, body + 8, 2**21, 2**21 + 1, 2**32 - 1)
        header = HEADER.pack(
            self._random.choice((magic, b"OHL1", b"\0\0\0\0")),
            self._random.choice((nonce, nonce + 1, nonce - 1, 0, 2**64 - 1)),
            self._random.choice(sizes),
            self._random.choice(sizes),
        )
        return header + frame[HEADER.size :]

    def _with_other_tree(self, frame: bytes) -> bytes:
        _, nonce, size, _ = HEADER.unpack_from(frame)
        tree = json.loads(frame[HEADER.size : HEADER.size + size])
        body = frame[HEADER.size + size :]
        for _ in range(self._random.choice((1, 1, 2, 4))):
            tree = self._mutated(tree)
        if self._random.random() < 0.3:
            body += self._random.randbytes(self._random.choice((1, 8, 64)))
        text = json.dumps(tree)
        if self._random.random() < 0.1:
            text = text.replace(
                "0", self._random.choice(("NaN", "1e999", "9" * 5000, "-0", "[" * 3000)), 1
            )
        data = text.encode(self._random.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-32")))
        return HEADER.pack(b"ohl1", nonce, len(data), len(body)) + data + body

    def _mutated(self, tree: Json) -> Json:
        if not isinstance(tree, list) or not tree or self._random.random() < 0.25:
            return self._random.choice(HOSTILE_LEAVES)
        place = self._random.randrange(len(tree))
        action = self._random.randrange(6)
        if action == 0:
            return tree[:place] + tree[place + 1 :]
        if action == 1:
            return [*tree[:place], tree[place], *tree[place:]]
        if action == 2:
            return [*tree, self._random.choice(HOSTILE_LEAVES)]
        return [*tree[:place], self._mutated(tree[place]), *tree[place + 1 :]]


def is_plain(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return type(value) in (list, tuple) and all(map(is_plain, value))
    if isinstance(value, dict):
        return type(value) is dict and all(map(is_plain, (*value.keys(), *value.values())))
    return type(value) in (type(None), bool, int, float, str, Tensor, Opaque)


def assert_plain(found: Sequence[Answer | Raised]) -> None:
    for answer in found:
        if isinstance(answer, Raised):
            texts = (*answer.types, answer.message, answer.where)
            assert all(type(text) is str for text in texts)
            "".join(texts).encode("utf-8")
        else:
            assert is_plain(answer.value)
            assert is_plain(answer.extra)


def test_50_000_mutated_frames_are_plain_values_or_breaches() -> None:
    mutator = Mutator(seed=1)
    memory = psutil.Process().memory_info
    before, ends = memory().rss, Counter[str]()

    for _ in range(50_000):
        data, start = mutator.frame(), 0

        def read(size: int, data: bytes = data) -> bytearray:
            nonlocal start
            if start + size > len(data):
                raise EOFError
            start += size
            return bytearray(data[start - size : start])

        try:
            frame = read_frame(read, NONCE, FROM_STUDENT)
            found = frame.decoded().answers(COUNT)
        except (WireError, EOFError) as error:
            ends[type(error).__name__] += 1
        else:
            assert_plain(found)
            ends["answered"] += 1

    assert min(ends.values()) > 1000, ends  # every way was gone
    gc.collect()
    assert memory().rss - before < 64 * MIB


# A peer on real pipes


@dataclass(slots=True)
class Peer:
    """Stands in for a student's process: it sent what it sends, and has ended."""

    pid: int
    pidfd: int

    def process(self, data: bytes, folder: Path) -> Any:
        from autograder.sandbox.confined import ConfinedProcess

        requests_theirs, requests = os.pipe()
        answers, answers_theirs = os.pipe()
        os.set_blocking(answers_theirs, False)
        assert os.write(answers_theirs, data) == len(data)
        os.close(answers_theirs)
        reply, reply_theirs = socket.socketpair()
        reply_theirs.send(json.dumps({"status": 0}).encode())
        reply_theirs.close()
        os.dup2(requests_theirs, self.kept)
        os.close(requests_theirs)
        return ConfinedProcess(
            limits=LIMITS,
            requests=requests,
            answers=answers,
            pid=self.pid,
            pidfd=os.dup(self.pidfd),
            reply=reply,
            output=tempfile.TemporaryFile(),
            folder=folder,
            nonce=NONCE - 1,
        )

    kept: int = field(default_factory=lambda: os.open(os.devnull, os.O_RDONLY))


@pytest.fixture
def peer() -> Iterator[Peer]:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as ended:
        pidfd = os.pidfd_open(ended.pid)
        select.select([pidfd], [], [], PATIENCE)
        peer = Peer(ended.pid, pidfd)
        yield peer
        os.close(peer.kept)
        os.close(pidfd)


def test_mutated_frames_through_pipes(peer: Peer, tmp_path: Path) -> None:
    mutator = Mutator(seed=2)
    descriptors = len(os.listdir("/proc/self/fd"))
    ends = Counter[str]()

    for _ in range(400):
        folder = tmp_path / "student"
        folder.mkdir()
        process = peer.process(mutator.frame(), folder)
        try:
            found = process.request(["check", "a check", 0], Encoder(), PATIENCE).decoded()
            assert_plain(found.answers(COUNT))
        except (StudentGone, WireError) as error:
            ends[getattr(error, "kind", "decoding")] += 1
        else:
            ends["answered"] += 1
        process.close()
        assert not folder.exists()

    assert {"crashed", "protocol", "decoding", "answered"} <= set(ends)
    assert set(ends) <= {"crashed", "protocol", "decoding", "answered"}
    assert len(os.listdir("/proc/self/fd")) == descriptors


@dataclass(slots=True)
class Scripted:
    """A sandbox whose students answer as a function says."""

    reply: Callable[[Json, Encoder], bytes]
    limits: Limits = LIMITS
    profile: str = "confined"
    layers: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(LAYERS, "in force"))
    program: Mapping[str, Sequence[Call]] = field(default_factory=dict)

    def use_program(self, program: Mapping[str, Sequence[Call]]) -> None:
        self.program = program

    def preload(self, modules: Sequence[str]) -> None: ...

    def start(self) -> Scripted:
        return self

    def request(
        self, message: Json, encoder: Encoder, seconds: float, progress: object = None
    ) -> Frame:
        return Frame.of(self.reply(message, encoder))

    def printed_too_much(self) -> bool:
        return False

    def close(self) -> None: ...


def test_mutated_reports_of_loading_are_texts_or_breaches() -> None:
    chance = random.Random(3)
    mutator = Mutator(seed=3)
    failed = ["raised", "message", "where", ["a", "b"]]
    good = ["loaded", ["unlock"], [failed], ["a note"], [["number", "int"]]]
    deep: Json = []
    for _ in range(900):
        deep = [deep]
    ends = Counter[str]()

    def reply(message: Json, encoder: Encoder) -> bytes:
        tree: Json = good
        for _ in range(chance.choice((1, 2, 3))):
            tree = mutator._mutated(tree)
        if chance.random() < 0.05:
            tree = chance.choice(({}, {"a": 1}, deep, [1, deep], None, "text", 7, True, 1e9))
        return Encoder().frame(NONCE, tree)

    for _ in range(3000):
        sandbox: Any = Scripted(reply)
        session = StudentSession(sandbox, [], module="m", prelude=[], limits=LIMITS, seed=0)
        try:
            session.load()
        except StudentGone as gone:
            ends[gone.kind] += 1
        else:
            ends["loaded"] += 1
            failures = [(f.kind, f.message, f.where, *f.binds) for f in session.failures]
            others = (*session.others, *session.others.values())
            for text in (*session.names, *session.notes, *others, *sum(failures, ())):
                assert type(text) is str
                text.encode("utf-8")

    assert set(ends) == {"protocol", "loaded"}


def test_names_without_number_are_cut() -> None:
    sandbox: Any = Scripted(
        lambda message, encoder: Encoder().frame(
            0, ["loaded", [f"name{i}" for i in range(100_000)], [], []]
        )
    )
    session = StudentSession(sandbox, [], module="m", prelude=[], limits=LIMITS, seed=0)

    session.load()

    assert len(session.names) <= 5000


# What the decoder must not be talked into


def decoded(message: Json, table: Json = (), body: bytes = b"") -> list[Answer | Raised]:
    tree = json.dumps([message, list(table)]).encode()
    return Frame(tree, bytearray(body)).decoded().answers(1)


def test_a_tensor_is_taken_once() -> None:
    """Otherwise a megabyte of references would stand for years of comparing and printing."""
    table, body = [["float32", [2]]], bytes(8)

    assert isinstance(decoded([[["T"]]], table, body)[0], Answer)
    with pytest.raises(WireError, match="more tensors"):
        decoded([[["l", ["T"], ["T"]]]], table, body)
    with pytest.raises(WireError, match="not a tensor"):
        decoded([[["T", 0]]], table, body)


@pytest.mark.parametrize("shape", [[0, *[2**31 - 1] * 7], [2**31 - 1, 2**31 - 1, 0]])
def test_empty_tensors_have_sizes_that_can_be_multiplied(shape: list[int]) -> None:
    with pytest.raises(WireError, match="not a size"):
        decoded([[["T"]]], [["float32", shape]])


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_numbers_lie_where_torch_expects_them(dtype: torch.dtype) -> None:
    """Elsewhere, some of its kernels end the process."""
    encoder = Encoder()
    message = [encoder.answer(Answer([torch.ones(1), torch.ones(3, dtype=dtype)]))]

    (answer,) = Frame.of(encoder.frame(0, message)).decoded().answers(1)

    assert isinstance(answer, Answer)
    _, tensor = answer.value  # type: ignore[misc]
    assert tensor.data_ptr() % dtype.itemsize == 0
    assert torch.equal(tensor, torch.ones(3, dtype=dtype))


def _colliding_tuples(count: int) -> list[tuple[int, int]]:
    """Pairs with one and the same hash, by CPython's own arithmetic run backwards."""
    mask = 2**64 - 1
    p1, p2, p5 = 11400714785074694791, 14029467366897019727, 2870177450012600261

    def lane(total: int, value: int) -> int:
        total = (total + value * p2) & mask
        return ((total << 31 | total >> 33) & mask) * p1 & mask

    target, p1_inverse, p2_inverse = lane(lane(p5, 1), 2), pow(p1, -1, 2**64), pow(p2, -1, 2**64)
    pairs, first = [], 0
    while len(pairs) < count:
        first += 1
        total = target * p1_inverse & mask
        total = (total >> 31 | total << 33) & mask
        second = (total - lane(p5, first)) * p2_inverse & mask
        second -= 2**64 if second >= 2**63 else 0
        if abs(second) < 2**61 - 1 and second != -1:
            pairs.append((first, second))
    return pairs


def test_keys_cannot_be_made_to_collide() -> None:
    pairs = _colliding_tuples(1500)
    if len({hash(pair) for pair in pairs}) > 1:
        pytest.skip("needs a Python whose tuples are hashed as they were since 3.8")
    few, many = ([[["t", *pair], 0] for pair in pairs[:n]] for n in (1000, 1500))

    found = decoded([[["d", *few]]])[0]

    assert isinstance(found, Answer)
    assert isinstance(found.value, dict)
    assert len(found.value) == 1000
    with pytest.raises(WireError, match="too many keys"):
        decoded([[["d", *many]]])


def test_a_dict_of_strange_keys_is_no_breach() -> None:
    """It is an honest mistake to use tensors as keys."""
    for keys in (
        [torch.ones(1)],
        [frozenset()],
        [(1, torch.ones(1))],
        [(i, i) for i in range(1500)],
    ):
        encoder = Encoder()
        tree = encoder.answer(Answer(dict.fromkeys(keys)))
        (answer,) = Frame.of(encoder.frame(0, [tree])).decoded().answers(1)
        assert isinstance(answer, Answer)
        assert isinstance(answer.value, Opaque)


def _printed(monkeypatch: pytest.MonkeyPatch, value: object) -> list[int]:
    """How many elements torch was asked to print, each time, to tell a value."""
    sizes = []
    original = Tensor.__repr__

    def spy(tensor: Tensor, **options: object) -> str:
        edges = [min(size, 6) for size in tensor.shape] if tensor.numel() > 1000 else tensor.shape
        count = 1
        for edge in edges:
            count *= edge
        sizes.append(count)
        return "tensor" if count > 100_000 else str(original(tensor))

    monkeypatch.setattr(Tensor, "__repr__", spy)
    display.value_text(value)
    return sizes


@pytest.mark.parametrize(
    "value",
    [torch.zeros((7,) * 8), torch.zeros((8,) * 8, dtype=torch.int8), [torch.zeros(1000)] * 3000],
    ids=["many axes", "small elements", "many tensors"],
)
def test_no_value_takes_long_to_tell(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    assert sum(_printed(monkeypatch, value)) <= 100_000


# Values that no honest function returns, compared by every check


class Liar:
    """Answers calls almost as the solution does.

    Args:
        namespace: the solution.
        seed: of what is almost.
    """

    def __init__(self, namespace: Mapping[str, Any], seed: int) -> None:
        self._namespace = namespace
        self._random = random.Random(seed)
        self._rate = self._random.choice((0.05, 0.3, 1.0))
        # The same lie everywhere, as a student's mistake would be; or another one each time.
        self._steady = self._lie() if self._random.random() < 0.6 else None

    def answer(self, encoder: Encoder, call: Call) -> Json:
        answer = perform(call, self._namespace)
        if isinstance(answer, Raised):
            if self._random.random() < self._rate:
                return encoder.answer(Answer(self._anything(None)))
            return encoder.answer(answer)
        extra = answer.extra
        if extra is not None or self._random.random() < self._rate / 2:
            extra = self._changed(extra)
        return encoder.answer(Answer(self._changed(answer.value), extra))

    def _changed(self, value: object) -> object:
        if isinstance(value, Tensor) or self._random.random() < self._rate / 4:
            if self._steady is not None:
                return self._steady(value)
            return self._anything(value) if self._random.random() < self._rate else value
        if isinstance(value, (list, tuple)):
            items = [self._changed(item) for item in value]
            if self._random.random() < self._rate / 4:
                items = items[1:] or [None]
            return type(value)(items)
        if isinstance(value, dict):
            return {key: self._changed(item) for key, item in value.items()}
        return value

    def _lie(self) -> Callable[[object], object]:
        kind = self._random.randrange(7)
        dtype, factor = self._random.choice(DTYPES), self._random.choice((0.0, 2.0, -1.0, 1e30))
        extreme = self._random.choice((float("nan"), float("inf"), -float("inf"), 1e38))

        def lie(value: object) -> object:
            if not isinstance(value, Tensor):
                return self._anything(value) if kind == 6 else value
            if kind == 0:
                return value.detach().to(dtype)
            if kind == 1:
                return (value.detach() * factor + 1).to(dtype)
            if kind == 2:
                return (
                    torch.full_like(value.detach(), extreme) if value.is_floating_point() else value
                )
            if kind == 3:
                return value.detach().flip(0) if value.dim() else value
            if kind == 4:
                return value.detach()[..., :0] if value.dim() else value
            if kind == 5:
                return value.detach().T if value.dim() == 2 else value.detach()[None]
            return value.detach().tolist()

        return lie

    def _anything(self, like: object) -> object:
        chance = self._random
        shape = like.shape if isinstance(like, Tensor) and chance.random() < 0.7 else None
        if shape is None:
            shape = [chance.choice((0, 1, 1, 2, 3)) for _ in range(chance.choice((0, 1, 2, 3, 8)))]
        tensor = (torch.randn(list(shape)) * 3).to(chance.choice(DTYPES))
        leaves: list[object] = [
            None, True, 0, 2**62, 0.5, float("nan"), float("inf"), "", "x" * 30_000,
            "\x1b[31m\ud800", object(), like, [], (), {}, tensor, tensor, tensor,
        ]  # fmt: skip
        leaf = chance.choice(leaves)
        return chance.choice((leaf, leaf, [leaf], (leaf, tensor), {"a": leaf, 1: tensor}))


@pytest.fixture(scope="module")
def solution() -> Mapping[str, Any]:
    namespace = Reference(find_assignment(kit.HELLO_RNN)).namespace
    assert namespace is not None
    return namespace


@pytest.fixture(scope="module")
def liars_grader(solution: Mapping[str, Any]) -> Iterator[tuple[Grader, Callable[[int], None]]]:
    """A grader of the whole assignment, and what chooses the next liar."""
    liar = Liar(solution, 0)

    def reply(message: Json, encoder: Encoder) -> bytes:
        ours = Encoder()
        if message[0] == "load":
            return ours.frame(0, ["loaded", sorted(solution), [], []])
        if message[0] == "check":
            calls = sandbox.program[message[1]]
            return ours.frame(0, [liar.answer(ours, own(call)) for call in calls])
        decoder = Frame.of(encoder.frame(0, message)).decoded(trusted=True)
        return ours.frame(0, [liar.answer(ours, decoder.call(decoder.message[1]))])

    def choose(seed: int) -> None:
        nonlocal liar
        liar = Liar(solution, seed)

    sandbox = Scripted(reply, limits=Limits(submission_seconds=10))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "open_sandbox", lambda *arguments, **options: sandbox)
        grader = Grader(find_assignment(kit.HELLO_RNN), seed=1, tasks=CHEAP)
    with grader:
        yield grader, choose


CHEAP = ("parameter_counts", "rnn_cell_step", "rnn_shapes", "vocabulary", "flatten", "decode")
"""Tasks whose checks train nothing, and which ask for every kind of answer."""


@pytest.mark.parametrize("seed", range(24))
def test_no_answer_is_the_graders_own_failure(
    liars_grader: tuple[Grader, Callable[[int], None]], seed: int
) -> None:
    grader, choose = liars_grader
    choose(seed)

    report = grader.grade(kit.script(""))

    assert report.status == "graded", report.reason
    json.dumps(report.to_dict(), ensure_ascii=False).encode("utf-8")


# A worker that is taken over, in the sandbox

TAKEOVERS = {
    "praise": "answer_all(['passed'])",
    "true": "answer_all([True])",
    "everything is extra": "answer_all([['T', 0], ['l', True]], [['float32', [1, 1]]], bytes(8))",
    "gradients of another dtype":
        "answer_all([['T', 0], ['l', True, *[['T', 0]] * 6]], [['int64', [1, 1]]], bytes(8))",
    "too few answers": "answer_raw(lambda nonce, count: frame(nonce, [[1]] * (count - 1)))",
    "too many answers": "answer_raw(lambda nonce, count: frame(nonce, [[1]] * (count + 1)))",
    "an answer in advance":
        "answer_raw(lambda nonce, count: frame(nonce, [[1]] * count) + frame(nonce + 1, [[1]]))",
    "an old nonce": "answer_raw(lambda nonce, count: frame(nonce - 1, [[1]] * count))",
    "another magic": "answer_raw(lambda nonce, count: b'OHL1' + frame(nonce, [[1]] * count)[4:])",
    "an enormous frame":
        "answer_raw(lambda nonce, count: HEADER.pack(b'ohl1', nonce, 2**32 - 1, 2**32 - 1))",
    "a frame without an end":
        "answer_raw(lambda nonce, count: HEADER.pack(b'ohl1', nonce, 2**20, 2**25) + bytes(2**20))",
    "a frame cut off":
        "[loaded(), request(), write(HEADER.pack(b'ohl1', NONCE + 1, 100, 0)), os._exit(0)]",
    "deep trees": "answer_raw(lambda nonce, count: frame(nonce, b'[' * 10**6 + b']' * 10**6))",
    "wide trees": "answer_raw(lambda nonce, count: frame(nonce, [[['l'] + [0] * 9000]] * count))",
    "many empty tensors": "answer_all([['l']], [['bool', [0]]] * 2_000)",
    "impossible sizes": "answer_all([['T', 0]], [['float32', [0, *[2**31 - 1] * 7]]])",
    "one tensor many times": "answer_all([['l', *[['T', 0]] * 100]], [['bool', [8]]], bytes(8))",
    "numbers without end":
        "answer_raw(lambda nonce, count: frame(nonce, b'[' + b'9' * 10**6 + b',[]]'))",
    "infinities":
        "answer_raw(lambda nonce, count: frame(nonce, b'[[' + b'[1e999],' * count + b'0],[]]'))",
    "exceptions of all kinds":
        "answer_all([['NotImplementedError', 'MemoryError', *['x'] * 30], 'm' * 9999, 'w'])",
    "an exception of nothing": "answer_all([[], '', ''])",
    "ten thousand names": "[loaded([f'one_ho{i}' for i in range(10**4)]), idle()]",
    "no names": "[loaded([]), idle()]",
    "failures of nothing":
        "[loaded([], [['timeout', 'x' * 999, 'w', ['one_hot'] * 99]] * 2000, ['n'] * 999), idle()]",
    "a list that is a dict": "[write(frame(NONCE, {'loaded': 1})), idle()]",
    "a list that is nothing": "[write(frame(NONCE, None)), idle()]",
    "progress that never ends": "[write(frame(NONCE, ['at', 0, 0]) * 1000) for _ in range(200)]",
    "progress from nowhere": "[write(frame(NONCE, ['at', 10**4000, -1])), os._exit(0)]",
    "progress in words": "[write(frame(NONCE, ['at', 'x', None, {}])), os._exit(0)]",
    "silence": "[loaded(), request(), idle()]",
    "an end": "[loaded(), request(), os._exit(0)]",
    "noise": "[loaded(), write(random.Random(0).randbytes(10**6)), idle()]",
    "noise on every request":
        "answer_raw(lambda nonce, count: frame(nonce, random.Random(nonce).randbytes(999)))",
    "texts that hurt": "answer_all([['l', *map(str, TEXTS)], ['l', *map(str, TEXTS)]])",
    "one thing or another": (
        "answer_raw(lambda nonce, count: frame(nonce, [random.choice([[None], [['T', 0]], "
        "[['d', ['a', 1]]], [['f', 'nan']], [['X'], 'm', 'w'], [['?', 'a', 'b'], ['l']]]) "
        "for _ in range(count)], [['float32', [2]]], bytes(8)))"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(
        find_assignment(kit.HELLO_RNN), seed=1, limits=BRIEF, tasks=("rnn_cell_step",)
    ) as grader:
        yield grader


@pytest.fixture(scope="module")
def honest() -> str:
    return (kit.HELLO_RNN / "hello_rnn.py").read_text(encoding="utf-8")


def taken_over(grader: Grader, what: str) -> Report:
    tools = (HOSTILE / "_takeover.py").read_text(encoding="utf-8")
    return grader.grade(kit.notebook(tools, what, name="mallory"))


# These checks ask for the same answer twice, or for arguments as they were: who sees the arguments
# and answers by hand can do that without having written the function.
ANYBODYS = {"test_repeatable", "test_unchanged"}


@pytest.mark.parametrize("what", TAKEOVERS.values(), ids=TAKEOVERS)
def test_a_taken_over_worker_earns_nothing(grader: Grader, honest: str, what: str) -> None:
    report = taken_over(grader, what)

    assert report.status == "graded", report.reason
    passed = {
        check.name for task in report.tasks for check in task.checks if check.outcome == "passed"
    }
    assert passed <= ANYBODYS
    text = json.dumps(report.to_dict(), ensure_ascii=False)
    text.encode("utf-8")
    assert len(text) < 500_000
    assert grader.grade(kit.script(honest)).score == grader.max_score


LARGE_ANSWERS = """
import torch

calls = 0

def one_hot(indices, num_classes):
    global calls
    calls += 1
    if len(indices) * num_classes < 6:
        return torch.eye(num_classes)[indices]
    return torch.zeros(7_500_000 if calls > LATER else 3)
"""


@pytest.mark.parametrize("later", [0, 25], ids=["at once", "while it is made smaller"])
def test_large_answers_cost_no_memory(later: int) -> None:
    """Thirty megabytes an answer, asked for again and again while a failure is made smaller."""
    memory = psutil.Process().memory_info
    original = StudentSession.answer
    seen: list[int] = []

    def watched(self: StudentSession, call: Call, seed: int) -> Answer | Raised:
        answer = original(self, call, seed)
        seen.append(memory().rss)
        return answer

    limits = Limits(check_seconds=PATIENCE, call_seconds=PATIENCE)
    with (
        Grader(find_assignment(kit.HELLO_RNN), seed=1, limits=limits, tasks=("one_hot",)) as grader,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(StudentSession, "answer", watched)
        gc.collect()
        before = memory().rss
        report = grader.grade(kit.script(LARGE_ANSWERS.replace("LATER", str(later))))

    assert report.status == "graded", report.reason
    assert max(seen) - before < 300 * MIB
