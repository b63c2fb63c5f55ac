"""`index.html`: what an instructor reads about a class, in one file that needs no server."""

from __future__ import annotations

import itertools
import math
import statistics
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from autograder.report import STATUSES
from autograder.summary import OUTLIERS, Failure, OutlierKind, Summary, TaskSummary
from autograder.writers.html import content_hash, render_template, source
from autograder.writers.words import points_text

ROWS = 5_000
"""A browser opens a table of so many; `grades.csv` has them all."""

_BINS = 14  # at most
_MISTAKES = 40
_GROUPS = 30
_NAMES = 24  # of a group
_OUTLIERS = 60  # of a kind

_Key = TypeVar("_Key", str, tuple[str, str])

_OUTLIER_WORDS: dict[OutlierKind, tuple[str, str]] = {
    "internal_error": (
        "The grader failed", "No score, and no fault of theirs. Grade them again, or by hand."
    ),
    "unreadable": ("Could not be read", "Nothing to grade was found, which earns nothing."),
    "stopped": (
        "Stopped by the sandbox",
        "They asked for something that is closed to them: a program, a thread, the network, a "
        "file elsewhere. Often a leftover, at times an attempt.",
    ),
    "crashed": ("Ended their own process", "By exit(), by a signal, or by crashing Python."),
    "output_limit": ("Wrote too much", "More text or files than a submission may write."),
    "protocol": (
        "Answered out of turn", "Their process sent something that no plain answer looks like."
    ),
    "memory": ("Asked for too much memory", ""),
    "timeout": ("Did not finish in time", ""),
}  # fmt: skip


def render(summaries: Iterable[Summary]) -> str:
    """The page of a class; `summaries` are read once, and only what the page shows is kept.

    Beside the page stands a folder for each submission, with its `feedback.html`.
    """
    seen = _Class()
    for summary in summaries:
        seen.add(summary)
    script = source("index.js")
    return render_template(
        "index.html",
        script=script,
        script_hash=content_hash(str(script)),
        assignment=seen.assignment,
        seed=seen.seed,
        count=seen.count,
        max_score=seen.max_score,
        statuses=[(status, seen.statuses[status]) for status in STATUSES if seen.statuses[status]],
        graded=len(seen.scores),
        scores=_scores(seen.scores, seen.max_score),
        bins=_bins(seen.scores, seen.max_score),
        tasks=list(seen.tasks.values()),
        task_names=list(seen.tasks),
        mistakes=seen.ranked_mistakes(),
        groups=seen.ranked_groups(),
        twins=seen.ranked_twins(),
        outliers=[
            _OutlierKind(kind, *_OUTLIER_WORDS[kind], seen.outliers[kind], seen.told[kind])
            for kind in OUTLIERS
            if seen.outliers[kind]
        ],
        rows=[_Row(summary, _tags(summary, seen)) for summary in seen.rows],
        rows_left=seen.count - len(seen.rows),
    )


@dataclass(slots=True)
class _TaskTotals:
    """How a class did in a task."""

    name: str
    max_score: float
    passed: int = 0
    partly: int = 0
    unwritten: int = 0
    count: int = 0
    points: float = 0.0
    troubles: Counter[str] = field(default_factory=Counter)

    def add(self, task: TaskSummary) -> None:
        self.count += 1
        self.points += task.score
        if task.outcome == "passed":
            self.passed += 1
            return
        self.partly += task.score > 0
        if task.is_unwritten:
            self.unwritten += 1
        else:
            self.troubles[task.trouble] += 1

    @property
    def usual_trouble(self) -> str:
        """What was wrong most often with what was written."""
        if not self.troubles:
            return ""
        # The more frequent first, then by name: the same class gives the same page.
        trouble, count = min(self.troubles.items(), key=lambda item: (-item[1], item[0]))
        return f"{trouble} ({count:,})"


@dataclass(slots=True)
class _Group:
    """Submissions that have something in common; the first of them by name."""

    failure: Failure
    number: int
    count: int = 0
    names: list[_Name] = field(default_factory=list)

    def add(self, name: _Name) -> None:
        self.count += 1
        if len(self.names) < _NAMES:
            self.names.append(name)


@dataclass(frozen=True, slots=True)
class _Name:
    text: str

    @property
    def link(self) -> str:
        """Relative to the page; quoted whole, so that no name is taken for a scheme or a path."""
        return f"./{urllib.parse.quote(self.text, safe='')}/feedback.html"


@dataclass(frozen=True, slots=True)
class _OutlierKind:
    kind: OutlierKind
    title: str
    explanation: str
    count: int
    told: Sequence[tuple[_Name, str]]


@dataclass(frozen=True, slots=True)
class _Row:
    summary: Summary
    tags: str

    @property
    def name(self) -> _Name:
        return _Name(self.summary.submission)

    def cells(self, tasks: Iterable[str]) -> list[tuple[str, str]]:
        """The points of each of these tasks and how they are set; nothing of what was not run."""
        if self.summary.status != "graded":
            return [("", "") for _ in tasks]
        found = {
            task.name: (points_text(task.score), _cell_style(task)) for task in self.summary.tasks
        }
        return [found.get(name, ("", "")) for name in tasks]

    @property
    def words(self) -> str:
        if self.summary.status != "graded":
            return self.summary.status.replace("_", " ")
        kinds = [outlier.kind for outlier in self.summary.outliers]
        return ", ".join(kind.replace("_", " ") for kind in kinds)


def _cell_style(task: TaskSummary) -> str:
    if task.outcome == "passed":
        return "a"
    if task.is_unwritten:
        return "u"
    return "s" if task.score else "z"


class _Class:
    """What the page tells of all submissions, added up one by one."""

    def __init__(self) -> None:
        self.assignment = ""
        self.seed: int | None = None
        self.count = 0
        self.max_score = 0.0
        self.statuses: Counter[str] = Counter()
        self.scores: list[float] = []
        self.tasks: dict[str, _TaskTotals] = {}
        self.mistakes: dict[tuple[str, str], _Group] = {}
        self.groups: dict[tuple[str, str], _Group] = {}
        self.twins: dict[str, _Group] = {}
        self.outliers: Counter[OutlierKind] = Counter()
        self.told: dict[OutlierKind, list[tuple[_Name, str]]] = {kind: [] for kind in OUTLIERS}
        self.rows: list[Summary] = []

    def add(self, summary: Summary) -> None:
        self.assignment = self.assignment or summary.assignment
        # Folders of results may be made by several runs: then there is no one seed to tell.
        self.seed = summary.seed if self.count == 0 or self.seed == summary.seed else None
        self.count += 1
        self.max_score = max(self.max_score, summary.max_score)
        self.statuses[summary.status] += 1
        name = _Name(summary.submission)
        for outlier in summary.outliers:
            self.outliers[outlier.kind] += 1
            if len(self.told[outlier.kind]) < _OUTLIERS:
                self.told[outlier.kind].append((name, outlier.says))
        if len(self.rows) < ROWS:
            self.rows.append(summary)
        for task in summary.tasks:
            self.tasks.setdefault(task.name, _TaskTotals(task.name, task.max_score))
        if summary.status != "graded" or summary.score is None:
            return
        self.scores.append(summary.score)
        for task in summary.tasks:
            self.tasks[task.name].add(task)
        for mistake in summary.mistakes:
            key = (mistake.task, mistake.mistake or "")
            _group(self.mistakes, key, mistake).add(name)
        for failure in summary.failures:
            _group(self.groups, (failure.task, failure.signature), failure).add(name)
        if summary.signature:
            _group(self.twins, summary.signature, summary.failures[0]).add(name)

    def ranked_mistakes(self) -> list[_Group]:
        return _ranked(self.mistakes.values(), 1)[:_MISTAKES]

    def ranked_groups(self) -> list[_Group]:
        """Those that no known mistake explains: the others are ranked as such."""
        return _ranked((g for g in self.groups.values() if g.failure.mistake is None), 2)[:_GROUPS]

    def ranked_twins(self) -> list[_Group]:
        return _ranked(self.twins.values(), 2)[:_GROUPS]


def _group(groups: dict[_Key, _Group], key: _Key, failure: Failure) -> _Group:
    if key not in groups:
        groups[key] = _Group(failure, len(groups))
    return groups[key]


def _ranked(groups: Iterable[_Group], least: int) -> list[_Group]:
    return sorted(
        (group for group in groups if group.count >= least),
        key=lambda group: (-group.count, group.failure.task, group.failure.says),
    )


def _tags(summary: Summary, seen: _Class) -> str:
    """What a row is found by: its status and outliers, its mistakes, its groups."""
    tags: list[str] = [summary.status, *(outlier.kind for outlier in summary.outliers)]
    if summary.score is not None and summary.score == summary.max_score:
        tags.append("full")
    if summary.status == "graded":
        mistakes = {(mistake.task, mistake.mistake or "") for mistake in summary.mistakes}
        tags += [f"m{seen.mistakes[key].number}" for key in sorted(mistakes)]
        for failure in summary.failures:
            group = seen.groups[failure.task, failure.signature]
            if group.count > 1 and failure.mistake is None:
                tags.append(f"g{group.number}")
        if summary.signature and seen.twins[summary.signature].count > 1:
            tags.append(f"t{seen.twins[summary.signature].number}")
    return " ".join(dict.fromkeys(tags))


def _scores(scores: Sequence[float], max_score: float) -> list[tuple[str, str]]:
    if not scores:
        return []
    ordered = sorted(scores)
    quartiles = statistics.quantiles(ordered, n=4, method="inclusive") if len(scores) > 1 else []
    told = [("median", f"{points_text(statistics.median(ordered))} of {points_text(max_score)}")]
    if quartiles:
        told.append(("middle half", f"{points_text(quartiles[0])} to {points_text(quartiles[2])}"))
    told.append(("mean", points_text(statistics.fmean(ordered))))
    told.append(("range", f"{points_text(ordered[0])} to {points_text(ordered[-1])}"))
    return told


@dataclass(frozen=True, slots=True)
class _Bin:
    label: str
    count: int
    share: float  # of the largest


def _bins(scores: Sequence[float], max_score: float) -> list[_Bin]:
    """How many have which score, in steps of a round number; a full score falls into the last."""
    if not scores or not max_score:
        return []
    step = _round_step(max_score / _BINS)
    edges = [step * number for number in range(math.ceil(max_score / step))] + [max_score]
    counts = Counter(min(int(score / step + 1e-9), len(edges) - 2) for score in scores)
    largest = max(counts.values())
    return [
        _Bin(f"{points_text(low)} to {points_text(high)}", counts[index], counts[index] / largest)
        for index, (low, high) in enumerate(itertools.pairwise(edges))
    ]


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10, 20, 25… and their tenths that is no smaller."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= least * (1 - 1e-9))
