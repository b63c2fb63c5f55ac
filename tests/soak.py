"""How often correct training is failed: thousands of gradings on data that nobody saw before.

    python tests/soak.py [GRADINGS] [--jobs N] [--sandboxed N] [--seed N] [--style NAME] [--fresh]

A grading is one correct submission, judged on every training check of `hello_rnn` by the kit's own
judge. Each seed draws its own weights, data, rates and words, on which all the styles are graded.
One seed in so many goes through the real sandbox; for the others the submissions, all of them ours,
run in this process, by the code that answers inside the sandbox.

Results are kept in ``bench-results/soak.jsonl`` after each seed: a run that was interrupted, or is
asked for more, goes on where it stopped, as long as nothing that it judges with has changed. Each
failure is printed with its seed and style; ``--seed N --style NAME`` grades it again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch

from autograder.assignment import find_assignment
from autograder.judging import Judge
from autograder.reference import Reference, parameter_names, starter_imports
from autograder.sandbox.host import open_sandbox
from autograder.sandbox.limits import Limits
from autograder.sandbox.performer import perform
from autograder.sandbox.program import own
from autograder.sandbox.session import LoadFailure, StudentSession
from autograder.sandbox.wire import Answer, Call, Encoder, Frame, Raised
from autograder.sandbox.worker import _fresh_state
from autograder.student import Student
from autograder.suite import Check, Suite
from autograder.verdicts import Verdict

REPOSITORY = Path(__file__).resolve().parents[1]
ASSIGNMENT = REPOSITORY / "solutions" / "hello_rnn"
RESULTS = REPOSITORY / "bench-results" / "soak.jsonl"
TASKS = ("cell_model", "rnn_model")
FIRST_SEED = 20261124
CONFIDENCE = 0.95
_JUDGED_WITH = ("convergence", "judging", "checks", "suite", "strategies", "student")

sys.path.insert(0, str(REPOSITORY / "tests" / "benchmarks"))
from styles import STYLES  # noqa: E402


def styles() -> dict[str, str]:
    """Correct training code by name: each is a cell that comes after the instructor's solution."""
    found = {"solution": ""}
    for path in sorted(ASSIGNMENT.glob("styles/*.py")):
        text = path.read_text(encoding="utf-8")
        if "def train_" in text:
            found[path.stem] = text
    for number, (cell, rnn) in enumerate(zip(*(STYLES[task] for task in TASKS), strict=True), 1):
        found[f"benchmark_{number}"] = f"{cell}\n{rnn}"
    return found


@dataclass(frozen=True, slots=True)
class Failure:
    """A correct submission that a check did not pass."""

    style: str
    check: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class Seed:
    """What came of one seed.

    Args:
        second_tries: by check, how often a first try failed that a second one made good.
    """

    seed: int
    sandboxed: bool
    gradings: int
    failures: list[Failure] = field(default_factory=list)
    second_tries: dict[str, int] = field(default_factory=dict)
    draw_seconds: float = 0.0
    judge_seconds: float = 0.0


class InProcess:
    """Stands where `StudentSession` stands: the same answers, in the same bytes, from here."""

    failures: tuple[LoadFailure, ...] = ()
    notes: tuple[str, ...] = ()
    others: Mapping[str, str] = MappingProxyType({})

    def __init__(self, namespace: Mapping[str, Any], calls: Mapping[str, Sequence[Call]]) -> None:
        self.names = frozenset(namespace)
        self.asked = 0
        self._namespace = namespace
        self._calls = calls

    def answers(self, check: str, seed: int) -> Frame:
        return self._performed(self._calls[check], seed)

    def read(self, frame: Frame, count: int) -> list[Answer | Raised]:
        return frame.decoded().answers(count)

    def answer(self, call: Call, seed: int) -> Answer | Raised:
        self.asked += 1
        return self.read(self._performed([call], seed), 1)[0]

    def _performed(self, calls: Sequence[Call], seed: int) -> Frame:
        _fresh_state(seed)
        encoder = Encoder()
        message = [encoder.answer(perform(own(call), self._namespace)) for call in calls]
        return Frame.of(encoder.frame(0, message))


class Confined(StudentSession):
    """Counts the calls that nobody foresaw."""

    asked = 0

    def answer(self, call: Call, seed: int) -> Answer | Raised:
        self.asked += 1
        return super().answer(call, seed)


class SeededJudge(Judge):
    """Judges on the data of another seed than the suite was made with."""

    run_seed = 0

    def _judged(self, check: Check, fixtures: dict[str, Any]) -> Verdict:
        return super()._judged(check, {**fixtures, "run_seed": self.run_seed})


class Grounds:
    """What one process of the soak keeps from seed to seed."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        assignment = find_assignment(ASSIGNMENT)
        assert assignment.solution is not None
        self.limits = Limits()
        self.module = assignment.name
        self.prelude = starter_imports(assignment)
        self.solution = assignment.solution.read_text(encoding="utf-8")
        self.reference = Reference(assignment)
        self.suite = Suite(
            assignment, Student(parameter_names(assignment)), seed=FIRST_SEED, tasks=TASKS
        )
        self.checks = [check for check in self.suite.checks if not check.is_drawn]
        self.sandbox = open_sandbox(self.limits, closed=[ASSIGNMENT])
        Finalize(None, self.sandbox.close, exitpriority=1)  # a pool's process runs no atexit
        self.styles = styles()
        self.namespaces: dict[str, dict[str, Any]] = {}

    def grade(self, seed: int, chosen: Sequence[str], sandboxed: bool) -> Seed:
        """Draws a seed's data, and grades the styles on it."""
        started = time.process_time()
        self._draw(seed)
        calls = {check.id: check.calls for check in self.checks}
        if sandboxed:
            self.sandbox.use_program(calls)
        drawn = time.process_time()
        failures: list[Failure] = []
        second: Counter[str] = Counter()
        for style in chosen:
            session: Any = self._confined(style) if sandboxed else self._in_process(style, calls)
            judge = SeededJudge(self.suite, session, self.limits)
            judge.run_seed = seed
            for check in self.checks:
                asked = session.asked
                judge.judge([check])
                verdict = judge.verdicts[check.id]
                if verdict.outcome != "passed":
                    message = verdict.problem.message if verdict.problem else ""
                    failures.append(Failure(style, check.id, verdict.outcome, message))
                elif session.asked > asked:
                    second[check.id] += 1
            if sandboxed:
                session.close()
        spent = time.process_time() - drawn
        return Seed(
            seed, sandboxed, len(chosen), failures, dict(second), drawn - started, spent
        )  # fmt: skip

    def _draw(self, seed: int) -> None:
        self.suite._reference = self.reference
        for check in self.checks:
            check.passing.clear()

        def record(check: Check, fixtures: dict[str, Any]) -> Verdict:
            return self.suite._record(check, {**fixtures, "run_seed": seed})

        for check, verdict in self.suite.run(self.checks, record):
            if verdict.outcome != "passed":
                said = verdict.problem.message if verdict.problem else verdict.outcome
                raise SystemExit(f"seed {seed}: {check.id} rejects the solution itself: {said}")

    def _in_process(self, style: str, calls: Mapping[str, Sequence[Call]]) -> InProcess:
        if style not in self.namespaces:
            namespace: dict[str, Any] = {"__name__": self.module}
            for text in (self.solution, self.styles[style]):
                exec(compile(text, style, "exec", dont_inherit=True), namespace)
            self.namespaces[style] = namespace
        return InProcess(self.namespaces[style], calls)

    def _confined(self, style: str) -> Confined:
        session = Confined(
            self.sandbox,
            [("", 1, self.solution), ("", 1, self.styles[style])],
            module=self.module,
            prelude=self.prelude,
            limits=self.limits,
            seed=FIRST_SEED,
        )
        session.load()
        return session


_grounds: Grounds | None = None


def graded(seed: int, chosen: Sequence[str], sandboxed: bool) -> Seed:
    global _grounds
    if _grounds is None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the run, with its results
        _grounds = Grounds()
    return _grounds.grade(seed, chosen, sandboxed)


def through_sandbox(seed: int, one_in: int) -> bool:
    return one_in > 0 and seed % one_in == 0


def upper_bound(failed: int, total: int, confidence: float = CONFIDENCE) -> float:
    """Of a probability, one-sided (Clopper and Pearson); about 3 / total when nothing failed."""
    if failed >= total:
        return 1.0
    low, high = failed / total, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        tail = sum(
            math.exp(
                math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
                + k * math.log(middle) + (total - k) * math.log1p(-middle)
            )
            for k in range(failed + 1)
        )  # fmt: skip
        low, high = (middle, high) if tail > 1 - confidence else (low, middle)
    return high


def fingerprint() -> str:
    """Of everything that could change a verdict: results of another one are not mixed in."""
    paths = [REPOSITORY / "autograder" / f"{name}.py" for name in _JUDGED_WITH]
    paths += [ASSIGNMENT / "checks.py", ASSIGNMENT / "hello_rnn.py"]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    texts += [torch.__version__, json.dumps(styles())]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


class Kept:
    """The results so far, on disk."""

    def __init__(self, path: Path, fresh: bool) -> None:
        self.path = path
        self.seeds: list[Seed] = []
        self._mark = json.dumps({"judged with": fingerprint()})
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if lines and lines[0] == self._mark and not fresh:
            for line in lines[1:]:
                entry = json.loads(line)
                entry["failures"] = [Failure(**failure) for failure in entry["failures"]]
                self.seeds.append(Seed(**entry))
            return
        if lines:
            path.replace(path.with_suffix(".old"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(self._mark + "\n", encoding="utf-8")

    def add(self, seed: Seed) -> None:
        self.seeds.append(seed)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(seed)) + "\n")

    @property
    def gradings(self) -> int:
        return sum(seed.gradings for seed in self.seeds)


def told(failure: Failure, seed: int) -> str:
    return (
        f"FAILED seed {seed}, style {failure.style}: {failure.check} {failure.outcome}: "
        f"{failure.message}\n  again: python tests/soak.py --seed {seed} --style {failure.style}"
    )


def summary(seeds: Sequence[Seed], names: int) -> str:
    gradings = sum(seed.gradings for seed in seeds)
    if not gradings:
        return "Nothing was graded."
    confined = sum(seed.gradings for seed in seeds if seed.sandboxed)
    failed = len({(seed.seed, failure.style) for seed in seeds for failure in seed.failures})
    bad_seeds = sum(bool(seed.failures) for seed in seeds)
    second: Counter[str] = Counter()
    for seed in seeds:
        second.update(seed.second_tries)
    here = [seed for seed in seeds if not seed.sandboxed]
    each = sum(seed.judge_seconds for seed in here) / max(1, gradings - confined)
    draw = sum(seed.draw_seconds for seed in seeds) / len(seeds)
    return "\n".join([
        f"{gradings:,} gradings of correct training, {names} styles on {len(seeds):,} seeds; "
        f"{confined:,} through the sandbox, {gradings - confined:,} in process.",
        f"False failures: {failed}. A correct submission fails with probability at most "
        f"{upper_bound(failed, gradings):.2g} ({CONFIDENCE:.0%} confidence, Clopper-Pearson, "
        "gradings taken as independent).",
        f"Counted by seed, since the styles of one seed share its data: {bad_seeds} of "
        f"{len(seeds):,}, so at most {upper_bound(bad_seeds, len(seeds)):.2g}.",
        "First tries that a second one had to make good: "
        + (", ".join(f"{check} {count}" for check, count in sorted(second.items())) or "none")
        + f" (of {4 * gradings:,} verdicts).",
        f"Processor time: {draw:.2f} s to draw a seed's data, {each:.2f} s a grading in process, "
        "training included.",
    ])  # fmt: skip


def soak(options: argparse.Namespace) -> int:
    names = list(styles())
    kept = Kept(RESULTS, options.fresh)
    done = {seed.seed for seed in kept.seeds}
    if done:
        print(f"Going on after {kept.gradings:,} gradings in {RESULTS}.", flush=True)
    started, before = time.monotonic(), kept.gradings
    seeds = (FIRST_SEED + 1 + n for n in range(10**9) if FIRST_SEED + 1 + n not in done)
    pool = ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn"))
    running: set[Future[Seed]] = set()
    try:
        while True:
            asked = kept.gradings + len(running) * len(names)
            while asked < options.gradings and len(running) < 2 * options.jobs:
                seed = next(seeds)
                confined = through_sandbox(seed, options.sandboxed)
                running.add(pool.submit(graded, seed, names, confined))
                asked += len(names)
            if not running:
                break
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                result = future.result()
                kept.add(result)
                for failure in result.failures:
                    print(told(failure, result.seed), flush=True)
            if len(kept.seeds) % 10 == 0:
                rate = (kept.gradings - before) / (time.monotonic() - started)
                print(
                    f"{kept.gradings:,} of {options.gradings:,} gradings, {rate:.1f} a second",
                    flush=True,
                )
    except KeyboardInterrupt:
        print("\nInterrupted; what is done is kept, and the next run goes on from here.")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for future in running:
            if not future.cancelled() and future.exception() is None:
                kept.add(future.result())
    print(summary(kept.seeds, len(names)))
    return int(any(seed.failures for seed in kept.seeds))


def again(seed: int, style: str | None, sandboxed: bool) -> int:
    """Grades one seed once more, and keeps nothing of it."""
    result = graded(seed, [style] if style else list(styles()), sandboxed)
    for failure in result.failures:
        print(told(failure, seed))
    print(f"seed {seed}: {result.gradings} gradings, {len(result.failures)} failed checks")
    return int(bool(result.failures))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("gradings", nargs="?", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sandboxed", type=int, default=5, metavar="N",
                        help="every N-th seed goes through the real sandbox (0: none)")  # fmt: skip
    parser.add_argument("--seed", type=int, help="grade this one again")
    parser.add_argument("--style", choices=sorted(styles()), help="and only in this style")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    options = parser.parse_args()
    if options.seed is not None:
        return again(options.seed, options.style, through_sandbox(options.seed, options.sandboxed))
    return soak(options)


if __name__ == "__main__":
    sys.exit(main())
