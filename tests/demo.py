"""`make demo`: grades the sample class for real, and shows what each kind of reader gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "demo-results"


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    from build_class import build_class

    submissions = build_class(RESULTS / "class")
    print(f"A class hands in {len(list(submissions.iterdir()))} files and folders.\n", flush=True)
    _ohlol(
        "grade", str(submissions), "--assignment", str(ROOT / "solutions" / "hello_rnn"),
        "--out", str(RESULTS / "results"), "--seed", "20261124", "--check-seconds", "2",
    )  # fmt: skip
    print("\nWhat one of the students sees, on their own machine:\n", flush=True)
    _ohlol("check", str(submissions / "wendy.py"), "--assignment", "hello_rnn", may_fail=True)
    print(
        f"\nThe class:    {RESULTS / 'class'}"
        f"\nThe grades:   {RESULTS / 'results' / 'grades.csv'}"
        f"\nThe page:     {RESULTS / 'results' / 'index.html'}"
        f"\nThe reports:  {RESULTS / 'results'}/<submission>/report.json and feedback.html"
    )


def _ohlol(*arguments: str, may_fail: bool = False) -> None:
    print(f"$ ohlol {' '.join(arguments[:2])} …\n", flush=True)
    subprocess.run(["ohlol", *arguments], check=not may_fail, cwd=ROOT)


if __name__ == "__main__":
    main()
