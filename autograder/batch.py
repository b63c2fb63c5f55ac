"""Grades a class: many submissions, several workers, one report each.

The grader is made ready once, examples drawn and zygote warm, and then forked: a worker shares all
of that, and costs little memory of its own. What a submission does cannot reach a worker; should
one die all the same, the others' work goes on, and only a submission that kills its worker twice is
given up.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from autograder.errors import SandboxRefused
from autograder.files import write_atomically
from autograder.grading import Grader
from autograder.report import Report
from autograder.submission import Source, UnreadableSubmission, read_submission
from autograder.summary import Summary
from autograder.writers import csv_file, feedback, json_file, overview


def grade_class(
    grader: Grader,
    sources: Sequence[Source],
    out: Path,
    *,
    jobs: int = 1,
    done: Callable[[Report], None] = lambda report: None,
) -> list[Report]:
    """Grades every source, and writes ``report.json`` and ``feedback.html`` to ``<out>/<name>/`` as
    soon as each is done.

    Args:
        grader: ready; it is forked for each worker when there are several.
        sources: what to grade.
        out: folder of the results; made if it is not there.
        jobs: how many workers.
        done: told each report, in the order in which they are done.

    Returns:
        The reports in the order of the sources, also written to ``<out>/grades.csv`` and
        ``<out>/index.html``.

    Raises:
        SandboxRefused: when the sandbox is incomplete: nothing is graded then.
        OSError: when results cannot be written.
    """
    reports: dict[str, Report] = {}
    _warm(grader, sources)
    try:
        for report in _graded(grader, sources, jobs):
            # The report last: where it stands, the submission is finished.
            write_atomically(out / report.submission / "feedback.html", feedback.render(report))
            write_atomically(out / report.submission / "report.json", json_file.render(report))
            reports[report.submission] = report
            done(report)
    finally:
        in_order = [reports[source.name] for source in sources if source.name in reports]
        if in_order:
            write_atomically(out / "grades.csv", csv_file.render(in_order))
            write_atomically(out / "index.html", overview.render(map(Summary.of, in_order)))
    return in_order


def grade_one(grader: Grader, source: Source) -> Report:
    """Reads and grades one submission; whatever goes wrong becomes its report.

    Raises:
        SandboxRefused: when the sandbox is incomplete.
    """
    try:
        submission = read_submission(source, grader.assignment.name, grader.names)
    except UnreadableSubmission as error:
        return grader.unreadable(source.name, str(error))
    except Exception as error:  # the grader's own fault, and nobody else's
        return grader.internal_error(source.name, f"Reading it failed: {error!r}")
    try:
        return grader.grade(submission)
    except SandboxRefused:
        raise
    except Exception as error:
        return grader.internal_error(source.name, f"Grading it failed: {error!r}")


def _warm(grader: Grader, sources: Sequence[Source]) -> None:
    """Loads slow modules before the workers are made, when the class seems to want them."""
    for source in sources[:3]:
        try:
            submission = read_submission(source, grader.assignment.name, grader.names)
        except Exception:  # its turn comes, and with it what is wrong
            continue
        grader.warm(submission)


def _graded(grader: Grader, sources: Sequence[Source], jobs: int) -> Iterator[Report]:
    if jobs <= 1 or len(sources) <= 1:
        for source in sources:
            yield grade_one(grader, source)
        return
    waiting = list(sources)
    suspects: list[Source] = []
    while waiting or suspects:
        # After a worker died, whatever was under way is tried alone: the one to blame shows itself.
        alone = bool(suspects)
        batch, workers = ([suspects.pop(0)], 1) if alone else (waiting, min(jobs, len(waiting)))
        if not alone:
            waiting = []
        unfinished: list[Source] = []
        for source, result in _in_workers(grader, batch, workers):
            if isinstance(result, Report):
                yield result
            elif alone:
                yield grader.internal_error(source.name, "The grader's worker died over it, twice.")
            else:
                unfinished.append(source)
        suspects.extend(unfinished[: 2 * workers])
        waiting.extend(unfinished[2 * workers :])


def _in_workers(
    grader: Grader, sources: Sequence[Source], workers: int
) -> Iterator[tuple[Source, Report | None]]:
    """Each source with its report, or None when the pool broke before it was done."""
    global _grader
    _grader = grader
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupt)
    try:
        futures: dict[Future[Report], Source] = {}
        try:
            for source in sources:
                futures[pool.submit(_grade_in_worker, source)] = source
        except BrokenProcessPool:
            yield from ((source, None) for source in sources[len(futures) :])
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda done: futures[done].name):
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    yield futures[future], None
                else:
                    yield futures[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_grader: Grader | None = None


def _grade_in_worker(source: Source) -> Report:
    assert _grader is not None
    return grade_one(_grader, source)


def _ignore_interrupt() -> None:
    """Ctrl-C is for the process that the user sees; it ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
