"""One `ohlol grade`: what is outstanding is graded, and nothing that stands is lost over it.

Results on the same terms go on where they ended. Where the terms are others (a changed assignment,
another seed), the class is graded beside the results that stand, and these are replaced only once
somebody has seen whose score changes.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from autograder.assignment import Assignment
from autograder.batch import Outstanding, Terms, Workers, grade_class, outstanding, workers_of
from autograder.fingerprint import stamp
from autograder.results import Results
from autograder.roster import Roster, attendance
from autograder.sandbox.launch import early_zygote
from autograder.sandbox.limits import Limits
from autograder.sources import FoundClass
from autograder.submission import BadInput
from autograder.summary import Change, Summary

SECONDS_BETWEEN_LOOKS = 2.0


class Run:
    """Grades a class into a folder of results.

    Args:
        assignment: with its checks and solution.
        found: what was handed in.
        find: finds it again, to see what has arrived.
        results: where results go.
        seed: of the examples; by default that of the results that are there, or else a new one.
        limits: what a submission may use.
        allow_weaker: grade although a layer of the sandbox is missing.
        roster: everybody who could have handed something in.
        closed: folders and files that students must not be able to read.
        workers: makes who grades, on these terms; called when there is something to do.

    Raises:
        BadInput: when there are no submissions.
        SandboxRefused: when the sandbox is incomplete.
    """

    def __init__(
        self,
        assignment: Assignment,
        found: FoundClass,
        find: Callable[[], FoundClass],
        results: Results,
        *,
        workers: Callable[[Terms, ExitStack], Workers],
        seed: int | None = None,
        limits: Limits | None = None,
        allow_weaker: bool = False,
        roster: Roster | None = None,
        closed: Sequence[Path] = (),
    ) -> None:
        self._find = find
        self._roster = roster
        self._results = results
        self._make_workers = workers
        self._workers: Workers | None = None
        self._opened = ExitStack()
        if seed is None:
            seed = results.seed if results.seed is not None else secrets.randbelow(2**31)
        self.terms = Terms(
            assignment, seed, limits or Limits(), allow_weaker, (*closed, results.folder)
        )
        self._key = self.terms.key()
        self.found = found
        self._compare_with_roster(found)
        sources = self.found.sources
        standing = results.finished()
        self.kept = len(standing.keys() - {source.name for source in sources})
        """Results of submissions that are not among these; they stay."""
        self.regrades = any(
            source.name in standing and standing[source.name].terms != self._key
            for source in sources
        )
        """Whether there are results that stand on other terms."""
        self._target = self._staged() if self.regrades else results
        self._target.seed = seed
        self.work = [
            one
            for one in outstanding(self._target, sources, self._key)
            if standing.get(one.source.name) != one.as_finished
        ]
        """What has to be graded."""

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def grade(self, done: Callable[[Summary], None] = lambda summary: None) -> None:
        """Grades what is outstanding; see `grade_class`."""
        if self.work:
            self._grade(self.work, self._target, done)
        else:
            self._target.write_class()

    def changes(self) -> Iterator[Change]:
        """Whose score is another one than the one that stands, and by what."""
        if self._target is self._results:
            return
        for after in self._target.summaries():
            before = self._results.summary(after.submission)
            if before is not None and (change := Change.between(before, after)):
                yield change

    def apply(self) -> None:
        """Puts what was graded on the new terms into the place of what stood."""
        if self._target is self._results:
            return
        self._results.take_over(self._target)
        self._target.close()
        shutil.rmtree(self._target.folder, ignore_errors=True)
        self._target = self._results
        self._results.write_class()

    @property
    def pending_folder(self) -> Path:
        """Where results wait to be taken over."""
        return self._target.folder

    def watch(
        self, sleep: Callable[[float], None], done: Callable[[Summary], None]
    ) -> Iterator[int]:
        """Grades what arrives and what changes, for as long as it is asked to go on.

        A submission is graded once it looked the same twice: nothing that is still being written.

        Yields:
            How many were graded, after each look that found any.
        """
        stamps: dict[str, object] = {}
        looked_at: dict[str, object] = {}
        while True:
            try:
                found = self._find()
                self._compare_with_roster(found)
                sources = found.sources
            except BadInput:  # nothing there yet, or nothing any more
                sources = []
            before, stamps = stamps, {source.name: stamp(source) for source in sources}
            steady = [one for one in sources if stamps[one.name] == before.get(one.name)]
            changed = [one for one in steady if looked_at.get(one.name) != stamps[one.name]]
            work = outstanding(self._results, changed, self._key)
            looked_at.update({one.name: stamps[one.name] for one in changed})
            if work:
                self._grade(work, self._results, done)
                yield len(work)
            sleep(SECONDS_BETWEEN_LOOKS)

    def _grade(
        self, work: Sequence[Outstanding], target: Results, done: Callable[[Summary], None]
    ) -> None:
        if self._workers is None:
            self._workers = self._make_workers(self.terms, self._opened)
        grade_class(self._workers, work, target, done=done)

    def _compare_with_roster(self, found: FoundClass) -> None:
        if self._roster is not None:
            self._results.attendance = attendance(self._roster, found.sources)

    def _staged(self) -> Results:
        staged = self._opened.enter_context(Results(self._results.staged_folder))
        if any(finished.terms != self._key for finished in staged.finished().values()):
            staged.begin_anew()
        return staged


def processes(jobs: int) -> Callable[[Terms, ExitStack], Workers]:
    """Workers on this machine."""

    def make(terms: Terms, opened: ExitStack) -> Workers:
        zygote = early_zygote(terms.limits.packages)  # this process has torch to import as well
        if zygote is not None:
            opened.callback(zygote.close)
        return workers_of(opened.enter_context(terms.grader(zygote)), jobs)

    return make
