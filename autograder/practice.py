"""A student's own work, checked on their own machine: public checks, shipped examples."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from autograder.assignment import (
    Assignment,
    AssignmentNotFound,
    BadAssignment,
    find_assignment,
    installed_assignments,
)
from autograder.hints import hints_in
from autograder.report import Report
from autograder.sandbox.launch import ZygoteProcess
from autograder.submission import BadInput, find_class

_SECONDS_BETWEEN_LOOKS = 0.3


class Practice:
    """Checks one student's file, as often as they like.

    Args:
        path: the file, or the folder it is in.
        tasks: check these only.
        assignment: name or folder; by default the installed one that the file is called after.
        zygote: the sandbox's zygote, where it was started already.
        lang: of what is said about known mistakes.

    Raises:
        BadInput: when there is no file to check.
        AssignmentError: when it is not clear of which assignment.
    """

    def __init__(
        self,
        path: Path,
        *,
        tasks: Sequence[str] = (),
        assignment: str | None = None,
        zygote: ZygoteProcess | None = None,
        lang: str = "en",
    ) -> None:
        if not path.exists():
            raise BadInput(f"There is no file or folder {path}.")
        self._path = path
        self._assignment = _assignment_of(path, assignment)
        known = hints_in(self._assignment.checks[0])
        for task in tasks:
            if task not in known:
                raise BadInput(_no_task(task, {self._assignment.name: known}))
        from autograder.examples import PRACTICE_SEED  # late: they import torch
        from autograder.grading import Grader

        self._grader = Grader(
            self._assignment,
            seed=PRACTICE_SEED,
            practice=True,
            tasks=tasks,
            zygote=zygote,
            lang=lang,
        )
        self._seen = self._state()

    def __enter__(self) -> Practice:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._grader.close()

    def report(self) -> Report:
        """Grades the file as it is now."""
        from autograder.batch import grade_one

        self._seen = self._state()
        sources = find_class([self._path], self._assignment.name, layout="plain").sources
        if len(sources) != 1:
            named = [source for source in sources if source.name == self._assignment.name]
            if len(named) != 1:
                raise BadInput(
                    f"There is no {self._assignment.name}.ipynb or {self._assignment.name}.py in "
                    f"{self._path}. Say which file: ohlol check FILE."
                )
            sources = named
        return grade_one(self._grader, sources[0])

    def wait_for_change(self, sleep: Callable[[float], None]) -> None:
        """Returns once the file was saved again.

        Looks at the clock of the file, since notices of changes get lost on network drives and on
        folders shared with other systems.
        """
        while self._state() == self._seen:
            sleep(_SECONDS_BETWEEN_LOOKS)

    def _state(self) -> list[tuple[str, int, int]]:
        paths = sorted(self._path.iterdir()) if self._path.is_dir() else [self._path]
        state = []
        for path in paths:
            try:
                found = path.stat()
            except OSError:
                continue  # an editor replaces the file at this moment
            if path.suffix in (".py", ".ipynb", ".zip"):
                state.append((path.name, found.st_mtime_ns, found.st_size))
        return state


def assignment_with_task(task: str, name: str | None) -> tuple[str, tuple[str, ...]]:
    """The assignment that has a task, and the task's hints.

    Raises:
        AssignmentError: when none or several have it.
    """
    if name is not None:
        assignments = [find_assignment(name)]
    else:
        assignments = [find_assignment(folder) for folder in installed_assignments().values()]
    hints = {assignment.name: hints_in(assignment.checks[0]) for assignment in assignments}
    having = [name for name, tasks in hints.items() if task in tasks]
    if not having:
        raise AssignmentNotFound(_no_task(task, hints))
    if len(having) > 1:
        raise BadAssignment(
            f"Several assignments have a task {task}: {', '.join(having)}. Say --assignment NAME."
        )
    return having[0], hints[having[0]][task]


def _released_around(path: Path) -> Assignment | None:
    """What a course released without installing it: the student works in that very folder."""
    folder = path if path.is_dir() else path.parent
    checks = folder / ".ohlol" / "checks.py"
    if not checks.is_file():
        return None
    works = {file.stem for file in folder.iterdir() if file.suffix in (".py", ".ipynb")}
    named = [name for name in (folder.name, path.stem) if name in works]
    if not named and len(works) != 1:
        raise BadInput(f"Which of {', '.join(sorted(works)) or 'no files'}? ohlol check FILE")
    # What stands where the starter was is the student's by now, and may be anything.
    name = (named or sorted(works))[0]
    return Assignment(name=name, folder=folder, checks=(checks,), solution=None, starter=None)


def _no_task(task: str, known: Mapping[str, Collection[str]]) -> str:
    """What is said about a task that no assignment has."""
    near = difflib.get_close_matches(task, [name for tasks in known.values() for name in tasks], 1)
    maybe = f" Did you mean {near[0]}?" if near else ""
    lists = [f"The tasks of {name} are: {', '.join(tasks)}." for name, tasks in known.items()]
    return " ".join([f"There is no task {task}.{maybe}", *lists])


def _assignment_of(path: Path, name: str | None) -> Assignment:
    if name is not None:
        named = find_assignment(name)
        at = path.resolve()
        own = named.solution is None and named.folder.resolve() in (at, at.parent)
        return dataclasses.replace(named, starter=None) if own else named
    installed = installed_assignments()
    stems = (
        [path.stem] if path.is_file() else [p.stem for p in path.iterdir()] + [path.resolve().name]
    )
    found = [stem for stem in dict.fromkeys(stems) if stem in installed]
    if len(found) == 1:
        return find_assignment(installed[found[0]])
    if not found and (released := _released_around(path.absolute())):
        return released
    if not found and len(installed) == 1:
        return find_assignment(next(iter(installed.values())))
    which = f"several ({', '.join(found)})" if found else "none that is installed"
    raise AssignmentNotFound(
        f"It is not clear of which assignment {path} is: its name says {which}. "
        f"Say --assignment NAME; installed: {', '.join(installed) or 'none'}."
    )
