"""What grading a class costs: beside nbgrader, and beside the calls and comparisons alone.

    python tests/benchmarks/bench.py [--quick] [--training] [--strict]

Needs Linux and the ``dev`` extra. Every figure is of this machine and this run; the ratios are what
the targets are about. Prints tables, and writes them to ``bench-results/`` as text and JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import meter
from classroom import REPOSITORY, released_notebook, write_assignment, write_class

HERE = Path(__file__).resolve().parent
MEGABYTE = 10**6
SEED = "20261123"
PACKAGES = ("ohlol", "torch", "hypothesis", "pytest", "nbgrader")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Args:
        submissions: graded by `ohlol grade`.
        fewer: of a second run; what the two differ by is what each further submission costs.
        nbgrader: submissions that nbgrader grades, besides a run on one.
        workers: for memory.
        pairs: of `ohlol check` and ``import torch``, in turn.
        repeats: of each run whose processor time counts; the least one is taken, since whatever
            else the machine does can only add to it.
    """

    submissions: int = 30
    fewer: int = 10
    nbgrader: int = 3
    workers: tuple[int, ...] = (1, 2, 3)
    pairs: int = 5
    repeats: int = 2


CLASS = 30
"""Submissions of the class that the targets speak of."""

QUICK = Plan(submissions=8, fewer=3, nbgrader=2, workers=(1, 2), pairs=3, repeats=1)


@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio or an amount with its target.

    Args:
        at_most: whether the target is an upper bound; a lower one otherwise. None: no target, for
            information.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = True

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        met = self.value <= self.target if self.at_most else self.value >= self.target
        return "PASS" if met else "FAIL"

    def row(self) -> tuple[str, ...]:
        sign = "≤" if self.at_most else "≥"
        target = "" if self.target is None else f"{sign} {self.target:g}{self.unit}"
        return self.name, f"{self.value:.2f}{self.unit}", target, self.verdict


@dataclass(slots=True)
class Results:
    """What was measured so far."""

    measures: list[Measure] = field(default_factory=list)
    tables: list[tuple[str, list[tuple[str, ...]]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        rows = [("measure", "found", "target", ""), *(m.row() for m in self.measures)]
        parts = [_table("Targets", rows), *(_table(title, rows) for title, rows in self.tables)]
        if self.notes:
            parts.append("\n".join(f"Note: {note}" for note in self.notes))
        return "\n\n".join(parts) + "\n"

    def json(self) -> str:
        measures = [{**asdict(m), "verdict": m.verdict} for m in self.measures]
        return json.dumps({"measures": measures, "notes": self.notes, **self.raw}, indent=2) + "\n"


class Bench:
    """All measures in one folder that is thrown away.

    Raises:
        CommandFailed, WrongScores: when something to be measured did not do its work.
    """

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.results = Results()
        self.env = _environment(folder)
        self.ohlol = str(Path(sys.executable).with_name("ohlol"))
        self.assignment = write_assignment(folder / "solutions")
        self.training_alone = write_assignment(folder / "training", "training alone")
        self.everything = write_assignment(folder / "everything", "everything")
        self.class_ = folder / "class"
        self.class_.mkdir()
        self.notebooks = write_class(self.class_, released_notebook(), plan.submissions)
        self.part = folder / "part"
        shutil.copytree(self.class_, self.part)
        for path in sorted(self.part.iterdir())[plan.fewer :]:
            shutil.rmtree(path)

    def run(self) -> Results:
        steps = (
            ("the floor", self.floor),
            ("ohlol grade", self.grade),
            ("nbgrader autograde", self.nbgrader),
            ("memory", self.memory),
            ("ohlol check", self.check),
            ("where the time goes", self.breakdown),
            ("training", self.training),
        )
        self._run(steps)
        self._compare()
        return self.results

    def run_training(self) -> Results:
        """What is about training alone."""
        self._run((("training", self.training),))
        return self.results

    def _run(self, steps: Sequence[tuple[str, Callable[[], None]]]) -> None:
        for name, step in steps:
            started = time.perf_counter()
            print(f"{name} … ", end="", file=sys.stderr, flush=True)
            step()
            print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)

    def floor(self) -> None:
        used = self._python("floor.py", self.assignment / "checks.py", *self.notebooks)
        found = json.loads(used.output.splitlines()[-1])
        self._keep(
            floor=statistics.mean(found["each"]),
            floor_each=found["each"],
            examples=found["examples"],
            points=found["points"],
        )

    def grade(self) -> None:
        self._grade_both("ohlol", self.assignment)

    def _grade_both(self, name: str, assignment: Path) -> None:
        whole = self._least(lambda: self._grade(self.class_, assignment, self.plan.submissions))
        part = self._least(lambda: self._grade(self.part, assignment, self.plan.fewer))
        self._line(name, self.plan.submissions, whole, self.plan.fewer, part)

    def nbgrader(self) -> None:
        self._autograde("nbgrader", self.assignment, self.results.raw["points"])

    def _autograde(self, name: str, assignment: Path, points: Mapping[str, float]) -> None:
        from course import Course

        folder = self.folder / f"course {name}"
        folder.mkdir()
        course = Course(folder, assignment / "checks.py", points, self.env)
        course.submit(0)
        one = self._least(course.autograde)
        for number in range(self.plan.nbgrader):
            course.submit(number)
        several = self._least(course.autograde)
        scores = course.scores()
        wanted = sum(points.values())
        if len(scores) != self.plan.nbgrader or any(score != wanted for score in scores.values()):
            raise WrongScores(f"nbgrader gave {scores}; each should have {wanted:g}")
        self._line(name, self.plan.nbgrader, several, 1, one)

    def training(self) -> None:
        """Judging training beside the runs that it asks for, and all checks beside nbgrader."""
        checks = self.training_alone / "checks.py"
        found: list[dict[str, Any]] = []
        for _ in range(self.plan.repeats):
            used = self._python("training_floor.py", checks, *self.notebooks)
            found.append(json.loads(used.output.splitlines()[-1]))
        alone = min(statistics.mean(each["each"]) for each in found)
        self._grade_both("training", self.training_alone)
        self._grade_both("everything", self.everything)
        self._autograde("everything by nbgrader", self.everything, self._all_points())
        self._keep(**{"training runs alone": alone})
        training, ours, theirs = (
            self.results.raw[name] for name in ("training", "everything", "everything by nbgrader")
        )
        columns = (("each", f"class of {CLASS}, start-up included"),
                   ("further", "each further submission"))  # fmt: skip
        for key, column in columns:
            name = f"judging training : the training runs alone, {column}"
            self._measure(name, training[key] / alone, " ×", 1.5)
        for key, column in columns:
            name = f"nbgrader : ohlol, training included, {column}"
            self.results.measures.append(Measure(name, theirs[key] / ours[key], " ×", 10, False))
        lines = (
            ("nbgrader autograde, every check", theirs),
            ("ohlol grade, every check", ours),
            ("ohlol grade, the training checks alone", training),
            ("the training runs alone", {"each": alone, "further": alone, "once": 0.0}),
        )
        rows: list[tuple[str, ...]] = [
            ("processor time of a submission", *(name for _, name in columns), "once a run")
        ]
        rows += [
            (name, *(_seconds(line[key]) for key in ("each", "further", "once")))
            for name, line in lines
        ]
        title = f"With training: {found[0]['calls']} training runs a submission"
        self.results.tables.append((title, rows))

    def _all_points(self) -> dict[str, float]:
        """Of each class of checks."""
        from direct import check_classes, load_checks

        return {
            group.__name__: group.__ohlol_task__.points  # type: ignore[attr-defined]
            for group in check_classes(load_checks(self.everything / "checks.py"))
        }

    def memory(self) -> None:
        before = meter.processes_with("libtorch_cpu")
        found = {}
        for workers in self.plan.workers:
            command = self._grade_command(self.class_, self.assignment, f"memory{workers}", workers)
            found[workers] = meter.peak_memory(command, cwd=self.folder, env=self.env)
        if before or meter.processes_with("libtorch_cpu"):
            self.results.notes.append(
                "other processes had torch loaded; they share its pages, so that the memory found "
                "here is too low. Run the benchmark alone."
            )
        if any(memory.unseen for memory in found.values()):
            self.results.notes.append("some processes could not be looked into; memory is too low")
        pss = {workers: memory.pss / MEGABYTE for workers, memory in found.items()}
        self._keep(pss=pss)
        self._measure("memory of one worker (PSS)", pss[1], " MB", 800)
        for fewer, more in zip(self.plan.workers, self.plan.workers[1:]):
            self._measure(f"memory of worker {more}", pss[more] - pss[fewer], " MB", 400)
        rows = [("workers", "peak PSS", "samples")]
        rows += [(str(n), f"{pss[n]:.0f} MB", str(found[n].samples)) for n in self.plan.workers]
        self.results.tables.append(("Memory of the process tree", rows))

    def check(self) -> None:
        (self.folder / "home").mkdir()
        own = write_class(self.folder / "own", released_notebook(), 1, demonstrations=True)[0]
        meter.run([self.ohlol, "release", self.assignment.name], cwd=self.folder, env=self.env)
        released = self.folder / "assignments" / self.assignment.name
        check = f"{shlex.quote(self.ohlol)} check {shlex.quote(str(own))}"
        commands = {
            "import torch": f"{shlex.quote(sys.executable)} -c 'import torch'",
            "ohlol check": check,
            "without training": f"{check} --assignment {shlex.quote(str(released))}",
        }
        # The first round fills the system's cache of files.
        rounds = [
            {name: self._in_fresh_shell(command) for name, command in commands.items()}
            for _ in range(self.plan.pairs + 1)
        ][1:]
        self._keep(check=rounds)
        for name, what in (("ohlol check", ""), ("without training", ", without training")):
            ratio = statistics.median(found[name] / found["import torch"] for found in rounds)
            self._measure(f"ohlol check : import torch (wall, median){what}", ratio, " ×", 2.5)
        rows: list[tuple[str, ...]] = [("round", *commands, "ratios", "")]
        for number, found in enumerate(rounds, 1):
            torch, *others = found.values()
            ratios = (f"{seconds / torch:.2f} ×" for seconds in others)
            rows.append((str(number), *map(_seconds, found.values()), *ratios))
        self.results.tables.append(("ohlol check of a passing file, in fresh shells", rows))

    def _in_fresh_shell(self, command: str) -> float:
        """Wall seconds."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}
        started = time.perf_counter()
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder / "own", env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip
        seconds = time.perf_counter() - started
        if done.returncode:
            raise meter.CommandFailed([command], done.returncode, done.stdout)
        return seconds

    def breakdown(self) -> None:
        out = self.folder / "breakdown"
        try:
            used = self._python("breakdown.py", self.class_, self.assignment, out)
        except meter.CommandFailed as error:  # it looks into the product, which may have changed
            self.results.notes.append(f"no breakdown, breakdown.py needs mending: {error}")
            return
        found = json.loads(used.output.splitlines()[-1])
        self._keep(breakdown=found)
        for name in found["missing"]:
            self.results.notes.append(f"{name} is not there any more: breakdown.py needs mending")
        once = {**found["once"], "zygote: imports, warming up, inputs": found["zygote once"]}
        rows = [("once a run", "in all", f"for each of {CLASS}", "")]
        rows += _shares({name: spent / CLASS for name, spent in once.items()}, CLASS)
        self.results.tables.append(("Where the time goes: start-up (processor time)", rows))

        parts = found["student parts"]
        each = {f"grader: {name}": spent for name, spent in found["each"].items()}
        each["zygote: forking and reaping"] = found["zygote each"]
        each |= {f"student: {name}": spent for name, spent in parts.items()}
        rest = found["student each"] - sum(parts.values())
        each["student: confinement, pages copied, cold caches, exit"] = rest
        rows = [("for each submission", "", "", ""), *_shares(each, None)]
        self.results.tables.append(("Where the time goes: grading (processor time)", rows))

    def _compare(self) -> None:
        ours, theirs, floor = (self.results.raw[name] for name in ("ohlol", "nbgrader", "floor"))
        all_in = f"class of {CLASS}, start-up included"
        further = "each further submission"
        self.results.measures[:0] = [
            Measure(f"nbgrader : ohlol, {all_in}", theirs["each"] / ours["each"], " ×", 20, False),
            Measure(f"nbgrader : ohlol, {further}", theirs["further"] / ours["further"], " ×", 20,
                    False),
            Measure(f"ohlol : floor, {all_in}", ours["each"] / floor, " ×", 2),
            Measure(f"ohlol : floor, {further}", ours["further"] / floor, " ×", 2),
        ]  # fmt: skip
        rows: list[tuple[str, ...]] = [
            ("processor time of a submission", f"class of {CLASS}", further, "once a run"),
            *(
                (name, *(_seconds(line[key]) for key in ("each", "further", "once")))
                for name, line in (("nbgrader autograde", theirs), ("ohlol grade", ours))
            ),
            ("the floor", _seconds(floor), _seconds(floor), ""),
        ]
        title = f"{self.results.raw['examples']} examples a submission, without training"
        self.results.tables.insert(0, (title, rows))

    def _line(self, name: str, many: int, whole: meter.Usage, few: int, part: meter.Usage) -> None:
        """What a run costs once and for each submission, from two runs; kept under the name."""
        further = (whole.cpu - part.cpu) / (many - few)
        once = max(0.0, part.cpu - few * further)
        each = whole.cpu / many if many == CLASS else further + once / CLASS
        self._keep(**{name: {"each": each, "further": further, "once": once,
                             "wall of each": whole.wall / many}})  # fmt: skip
        if many != CLASS:
            self.results.notes.append(
                f"{name}: figures for a class of {CLASS} follow from runs of {few} and {many}."
            )

    def _least(self, measured: Callable[[], meter.Usage]) -> meter.Usage:
        return min((measured() for _ in range(self.plan.repeats)), key=lambda used: used.cpu)

    def _grade(self, folder: Path, assignment: Path, count: int) -> meter.Usage:
        out = f"out{count}"
        shutil.rmtree(self.folder / out, ignore_errors=True)  # else there would be nothing to do
        command = self._grade_command(folder, assignment, out, 1)
        used = meter.run(command, cwd=self.folder, env=self.env)
        reports = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in (self.folder / out).glob("*/report.json")
        ]
        wrong = [r["submission"] for r in reports if r["score"] != r["max_score"]]
        if wrong or len(reports) != count:
            raise WrongScores(f"ohlol wrote {len(reports)} reports; not everything earned: {wrong}")
        return used

    def _grade_command(self, folder: Path, assignment: Path, out: str, workers: int) -> list[str]:
        return [
            self.ohlol, "grade", str(folder), "--assignment", str(assignment), "--out", out,
            "--seed", SEED, "--jobs", str(workers),
        ]  # fmt: skip

    def _python(self, script: str, *arguments: object) -> meter.Usage:
        command = [sys.executable, str(HERE / script), *map(str, arguments)]
        return meter.run(command, cwd=self.folder, env=self.env)

    def _keep(self, **found: object) -> None:
        self.results.raw.update(found)

    def _measure(self, name: str, value: float, unit: str, target: float) -> None:
        self.results.measures.append(Measure(name, value, unit, target))


class WrongScores(Exception):
    """A grader did not give full marks to work that is right."""


def _environment(folder: Path) -> Mapping[str, str]:
    """For both sides: one thread, and Hypothesis' own files written once, in one place."""
    binaries = Path(sys.executable).parent  # nbgrader calls alembic
    return {
        **os.environ,
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "OMP_NUM_THREADS": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }


def _shares(spent: Mapping[str, float], count: int | None) -> Iterator[tuple[str, ...]]:
    """Rows from the largest to the smallest, and their sum."""
    total = sum(spent.values())
    for name, seconds in [*sorted(spent.items(), key=lambda item: -item[1]), ("sum", total)]:
        each = f"{seconds * 1000:.1f} ms"
        in_all = () if count is None else (f"{seconds * count:.2f} s",)
        yield name, *in_all, each, f"{seconds / total:.0%}"


def _seconds(value: float) -> str:
    return f"{value:.3f} s"


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    columns = max(map(len, rows))
    full = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(len(row[i]) for row in full) for i in range(columns)]
    lines = [
        "  ".join(
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in full
    ]
    return "\n".join([title, "=" * len(title), lines[0], "-" * (sum(widths) + 2 * columns - 2),
                      *lines[1:]])  # fmt: skip


def _machine() -> dict[str, str]:
    return {
        "cores": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.2f}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--quick", action="store_true", help="a smaller class; rough figures")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    parser.add_argument("--training", action="store_true", help="only what is about training")
    parser.add_argument("--nbgrader", type=int, metavar="N",
                        help="let nbgrader grade N submissions (2 or more; slow)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=REPOSITORY / "bench-results")
    options = parser.parse_args()
    plan = QUICK if options.quick else Plan()
    if options.nbgrader is not None:
        if not 2 <= options.nbgrader <= plan.submissions:
            parser.error(f"--nbgrader takes 2 to {plan.submissions}")
        plan = replace(plan, nbgrader=options.nbgrader)
    meter.adopt_orphans()
    machine, started = _machine(), time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bench = Bench(plan, Path(folder))
            results = bench.run_training() if options.training else bench.run()
    except (meter.CommandFailed, WrongScores) as error:
        print(f"\nThe benchmark could not run: {error}", file=sys.stderr)
        return 2
    results.raw.update(machine=machine, plan=asdict(plan))
    heading = ", ".join(f"{name} {value}" for name, value in machine.items())
    text = f"{heading}\n\n{results.text()}"
    print(text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.txt").write_text(text, encoding="utf-8")
    (options.out / "bench.json").write_text(results.json(), encoding="utf-8")
    took = time.perf_counter() - started
    print(f"Took {took:.0f} s. Written to {options.out}.", file=sys.stderr)
    return int(options.strict and any(m.verdict == "FAIL" for m in results.measures))


if __name__ == "__main__":
    sys.exit(main())
