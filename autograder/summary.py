"""What the page of a class needs of one report: little, so that a hundred thousand fit in memory.

A class faces the same examples, so that those who made the same mistake gave the same answers: two
submissions with the same `signature` of a task failed in it in the same way.
"""

from __future__ import annotations

import functools
import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from autograder.report import CheckResult, Outcome, Report, Status, TaskResult
from autograder.writers.plain import one_line
from autograder.writers.words import failing_checks, is_unwritten, what_is_wrong

OutlierKind = Literal[
    "internal_error", "unreadable", "stopped", "crashed", "output_limit", "protocol", "memory",
    "timeout",
]  # fmt: skip
OUTLIERS: tuple[OutlierKind, ...] = get_args(OutlierKind)
"""From what an instructor should see first on; `stopped`: the sandbox said no to something."""

_TOLD = 200
_REASON = 600
# How it is told that the sandbox refused something, in a problem as in a note.
_STOPPED = re.compile(r"\bPermissionError\b|can't start new thread")
_ENDED_ITSELF = re.compile(r"\(the process (?:ended early|was ended by)")


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """How a task ended: one value for all who ended alike."""

    name: str
    score: float
    max_score: float
    outcome: Outcome
    trouble: str
    is_unwritten: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """How a task failed: its known mistake, if it is one, and what was told about it."""

    task: str
    signature: str
    mistake: str | None
    says: str


@dataclass(frozen=True, slots=True)
class Outlier:
    """Something that an instructor should look at."""

    kind: OutlierKind
    says: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One submission, as the page of its class shows it.

    `mistakes` are the known mistakes that were recognised, once each; `failures` the tasks that
    failed although something was written; `signature` stands for everything that went wrong.
    """

    assignment: str
    submission: str
    seed: int
    status: Status
    score: float | None
    max_score: float
    tasks: tuple[TaskSummary, ...]
    mistakes: tuple[Failure, ...]
    failures: tuple[Failure, ...]
    outliers: tuple[Outlier, ...]
    signature: str

    @classmethod
    def of(cls, report: Report) -> Summary:
        graded = report.status == "graded"
        failed = [task for task in report.tasks if task.outcome != "passed"] if graded else []
        written = [task for task in failed if not is_unwritten(task)]
        return cls(
            assignment=sys.intern(report.assignment),
            submission=report.submission,
            seed=report.seed,
            status=report.status,
            score=report.score,
            max_score=report.max_score,
            tasks=tuple(map(_task, report.tasks)),
            mistakes=tuple(_mistakes(failed)),
            failures=tuple(
                _failure(task.name, _signature([task]), *_told(task)) for task in written
            ),
            outliers=tuple(_outliers(report)),
            signature=_signature(failed) if written else "",
        )

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Summary:
        """Of what `dataclasses.asdict` made, by way of JSON."""
        return cls(
            **{
                **fields,
                "assignment": sys.intern(fields["assignment"]),
                "tasks": tuple(_task_summary(**task) for task in fields["tasks"]),
                "mistakes": tuple(_failure(**one) for one in fields["mistakes"]),
                "failures": tuple(_failure(**one) for one in fields["failures"]),
                "outliers": tuple(Outlier(**one) for one in fields["outliers"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A score that is another one than before.

    Args:
        tasks: whose score changed, with the old one and the new one; None where there is none.
    """

    submission: str
    before: float | None
    after: float | None
    tasks: tuple[tuple[str, float | None, float | None], ...]

    @classmethod
    def between(cls, before: Summary, after: Summary) -> Change | None:
        """What changed for a submission; None when nothing did."""
        old = {task.name: task.score for task in before.tasks} if before.score is not None else {}
        new = {task.name: task.score for task in after.tasks} if after.score is not None else {}
        tasks = tuple(
            (name, old.get(name), new.get(name))
            for name in dict.fromkeys((*old, *new))
            if old.get(name) != new.get(name)
        )
        if before.score == after.score and not tasks:
            return None
        return cls(after.submission, before.score, after.score, tasks)


def _task(task: TaskResult) -> TaskSummary:
    return _task_summary(
        task.name, task.score, task.max_score, task.outcome, what_is_wrong(task, 99),
        is_unwritten(task),
    )  # fmt: skip


# Shared, since there are few ways for a task to end.
_task_summary = functools.lru_cache(10_000)(TaskSummary)
_failure = functools.lru_cache(10_000)(Failure)


def _mistakes(failed: list[TaskResult]) -> Iterator[Failure]:
    seen = set()
    for task in failed:
        for check in task.checks:
            problem = check.problem
            if problem is None or problem.mistake is None:
                continue
            if (task.name, problem.mistake) not in seen:
                seen.add((task.name, problem.mistake))
                advice = one_line(problem.advice or "", _TOLD)
                yield _failure(task.name, "", problem.mistake, advice)


def _told(task: TaskResult) -> tuple[str | None, str]:
    """The known mistake of a task and what was told, by the check that stands for it."""
    problem = next((check.problem for check in failing_checks(task, True) if check.problem), None)
    if problem is None:
        return None, what_is_wrong(task, 99)
    return problem.mistake, one_line(problem.advice or problem.message, _TOLD)


def _signature(tasks: list[TaskResult]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for task in tasks:
        for check in task.checks:
            digest.update(repr((task.name, check.name, check.outcome, _how(check))).encode())
    return digest.hexdigest()


def _how(check: CheckResult) -> tuple[str | None, ...]:
    problem = check.problem
    if problem is None:
        return ()
    if problem.mistake is not None:  # whatever example it was shown by
        return (problem.kind, problem.mistake)
    return (problem.kind, problem.message, problem.actual)


def _outliers(report: Report) -> Iterator[Outlier]:
    if report.status == "internal_error":
        yield Outlier("internal_error", one_line(report.reason or "", _REASON))
    elif report.status == "unreadable":
        yield Outlier("unreadable", one_line(report.reason or "", _REASON))
    found: dict[OutlierKind, str] = {}
    for note in report.notes:
        if _STOPPED.search(note):
            found.setdefault("stopped", note)
        elif _ENDED_ITSELF.search(note):
            found.setdefault("crashed", note)
    for task in report.tasks:
        for check in task.checks:
            problem = check.problem
            if problem is None:
                continue
            if problem.kind == "raised" and _STOPPED.search(problem.message):
                found.setdefault("stopped", f"{task.name}: {problem.message}")
            for kind in OUTLIERS:
                if problem.kind == kind:
                    found.setdefault(kind, f"{task.name}: {problem.message}")
    for kind in OUTLIERS:
        if kind in found:
            yield Outlier(kind, one_line(found[kind], _TOLD))
