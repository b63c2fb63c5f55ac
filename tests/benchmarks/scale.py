"""How grading scales: with workers, with the number of submissions, and when nothing has changed.

    python tests/benchmarks/scale.py [--large 3000] [--small 300]

Needs Linux. Grades a class of small submissions, since what is asked is what a further one costs,
not what its code does. Every figure is of this machine and this run; the ratios are what the
targets are about.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

import meter

REPOSITORY = Path(__file__).resolve().parents[2]
ASSIGNMENT = REPOSITORY / "tests" / "assignments" / "solutions" / "smoothing"
OHLOL = Path(sysconfig.get_path("scripts")) / "ohlol"

CODE = """\
import torch

student = {number}


def softmax(scores):
    return torch.softmax(scores, 1)


def moving_average(series, width):
    if width > len(series):
        raise ValueError
    return series.unfold(0, width, 1).mean(1)
"""


def write_class(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"s{number:05}.py").write_text(CODE.format(number=number), encoding="utf-8")
    return folder


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--large", type=int, default=3000)
    options.add_argument("--small", type=int, default=300)
    chosen = options.parse_args()
    meter.adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        measure(Path(temporary), chosen.small, chosen.large)


def measure(place: Path, small: int, large: int) -> None:
    env = dict(os.environ)

    def command(count: int, out: str, jobs: int) -> list[str]:
        submissions = place / f"class{count}"
        if not submissions.exists():
            write_class(submissions, count)
        return [
            str(OHLOL), "grade", str(submissions), "--assignment", str(ASSIGNMENT),
            "--out", str(place / out), "--jobs", str(jobs), "--seed", "1",
        ]  # fmt: skip

    def run(count: int, out: str, jobs: int) -> meter.Usage:
        return meter.run(command(count, out, jobs), cwd=place, env=env)

    def peak(count: int, out: str, jobs: int) -> int:
        return meter.peak_memory(command(count, out, jobs), cwd=place, env=env).pss

    start = run(2, "warm", 1)
    one, two = run(small, "one", 1), run(small, "two", 2)
    many = run(large, "many", 2)
    again = run(large, "many", 2)
    each_small = (two.cpu - start.cpu) / (small - 2)
    each_large = (many.cpu - start.cpu) / (large - 2)
    memory_small, memory_large = peak(small, "memory", 2), peak(large, "memories", 2)
    rows: list[tuple[str, float, str, Callable[[float], bool]]] = [
        ("wall time, 2 workers : 1, after start-up",
         (two.wall - start.wall) / (one.wall - start.wall), "<= 0.6", lambda x: x <= 0.6),
        (f"cost of a submission, {large} : {small}", each_large / each_small,
         "within 10 %", lambda x: abs(x - 1) <= 0.1),
        (f"peak memory, {large} : {small}", memory_large / memory_small,
         "within 10 %", lambda x: abs(x - 1) <= 0.1),
        (f"wall time of {large}, first run : unchanged", many.wall / again.wall,
         ">= 200", lambda x: x >= 200),
    ]  # fmt: skip
    for name, ratio, target, holds in rows:
        print(f"{name:45} {ratio:9.3f}  {target:12} {'PASS' if holds(ratio) else 'FAIL'}")
    figures = {
        "start wall": start.wall, "1 worker wall": one.wall, "2 workers wall": two.wall,
        "large wall": many.wall, "unchanged wall": again.wall, "unchanged cpu": again.cpu,
        "each small cpu": each_small, "each large cpu": each_large,
        "memory small": memory_small, "memory large": memory_large,
    }  # fmt: skip
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
