"""The command line: what each command takes and says. What it does stands elsewhere."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

import autograder
from autograder.errors import SandboxRefused, Unusable

if TYPE_CHECKING:
    from autograder.layouts import Attempts
    from autograder.report import Report
    from autograder.results import Results
    from autograder.roster import Attendance
    from autograder.run import Run
    from autograder.summary import Summary

_F = TypeVar("_F", bound=Callable[..., object])

WRONG, UNUSABLE, FAILED = 1, 2, 3
"""Exit statuses: something was found wrong; the input was no good; the grader itself failed."""

# Said again here, so that help needs no more than click.
_LAYOUTS = (
    "auto", "plain", "canvas", "moodle", "gradescope", "blackboard", "brightspace", "nbgrader",
)  # fmt: skip
_ATTEMPTS = ("latest-by-name", "latest-by-time")


class _Commands(click.Group):
    """In the order of somebody's first day, and with errors that people can act on."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["start", "check", "hint", "grade", "new", "verify", "release"]

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Unusable as error:
            _stop(str(error), UNUSABLE)
        except SandboxRefused as error:
            _stop(str(error), FAILED)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            more = " What was finished is written; the same command goes on." if full else ""
            _stop(
                f"{error.filename or 'A file'}: {error.strerror or error}.{more}",
                FAILED if full else UNUSABLE,
            )


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90},
    epilog="Each command explains itself: ohlol COMMAND --help",
)
@click.version_option(autograder.__version__, prog_name="ohlol")
def main() -> None:
    """Learn RNNs by writing them, and know within a moment what is wrong and why.

    \b
    Students:     ohlol start            copy the lesson to a folder of yours
                  ohlol check            what works, what does not, and the smallest input
                                         that shows it
                  ohlol hint run_cell    a nudge; ask again for more
    Instructors:  ohlol grade class/ --assignment hello_rnn --out results/
                  ohlol new my_lesson    write your own
    """


def run() -> NoReturn:
    """What the installed command calls: `main`, and then an end without ceremony.

    Everything is closed by then, and taking torch apart again takes a third of a second.
    """
    status = 0
    try:
        main()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
    except Exception:
        traceback.print_exc()
        click.echo("\nThis is a fault of ohlol, not of yours.", err=True)
        status = FAILED
    with contextlib.suppress(BrokenPipeError):  # whoever read the output has seen enough
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


@main.command()
@click.argument("assignment", default="hello_rnn")
@click.option("--to", type=click.Path(path_type=Path), help="Folder to copy to.  [default: ./NAME]")
@click.option("--lang", default="en", show_default=True, help="Language of the lesson.")
def start(assignment: str, to: Path | None, lang: str) -> None:
    """Copy the lesson ASSIGNMENT to a folder of yours.

    Nothing of yours is ever overwritten: run it again whenever a file got lost.
    """
    from autograder.release import start as begin

    result = begin(assignment, to, lang=lang)
    for path in result.written:
        if ".ohlol" not in path.parts:
            click.echo(f"new      {path}")
    for path in result.kept:
        click.echo(f"kept     {path} (yours, and left as it is)")
    for path in result.unchanged:
        if ".ohlol" not in path.parts:
            click.echo(f"as new   {path}")
    click.echo(
        f"\nOpen the notebook (or the .py, whichever you like), then: ohlol check {result.folder}"
    )


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--task", "tasks", multiple=True, help="Check this task only; may be repeated.")
@click.option("--watch", is_flag=True, help="Check again whenever the file is saved.")
@click.option("--assignment", help="Name or folder of the assignment.  [default: by the file]")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True,
              help="Of what is said about known mistakes.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show every failing check of a task.")
def check(
    path: Path,
    tasks: tuple[str, ...],
    watch: bool,
    assignment: str | None,
    lang: str,
    verbose: bool,
) -> None:
    """Check your own work in PATH (a file, or the folder it is in).

    Every failing check shows the smallest call that fails, what your code returned, and what it
    should have returned. Exit status 0 when everything passes, 1 when something does not.
    """
    # First of all, so that it gets warm while this process imports torch as well.
    from autograder.sandbox.launch import early_zygote
    from autograder.sandbox.limits import Limits

    zygote = early_zygote(Limits().packages)
    try:
        from autograder.practice import Practice

        with Practice(
            path, tasks=tasks, assignment=assignment, zygote=zygote, lang=lang
        ) as practice:
            report = practice.report()
            _show(report, verbose)
            while watch:
                practice.wait_for_change(time.sleep)
                click.clear()
                report = practice.report()
                _show(report, verbose)
    except KeyboardInterrupt:
        click.echo()
        sys.exit(130)
    finally:
        if zygote is not None:
            zygote.close()
    if report.status == "unreadable":
        sys.exit(UNUSABLE)
    if report.status == "internal_error":
        sys.exit(FAILED)
    sys.exit(0 if report.score == report.max_score else WRONG)


@main.command()
@click.argument("task")
@click.option("--assignment", help="Name or folder.  [default: whichever has the task]")
@click.option("--again", is_flag=True, help="Begin with the first hint again.")
def hint(task: str, assignment: str | None, again: bool) -> None:
    """Show the next hint for TASK: a nudge first, nearly the answer last."""
    from autograder import hints
    from autograder.practice import assignment_with_task

    found, all_hints = assignment_with_task(task, assignment)
    if again:
        hints.reset(found, task)
    given = hints.next_hint(found, task, all_hints)
    click.echo(f"Hint {given.number} of {given.total} for {task}:\n")
    click.echo(click.wrap_text(given.text, width=min(80, _width()), preserve_paragraphs=True))


@main.command()
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--assignment", required=True, help="Name, or folder such as solutions/NAME.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option("--layout", default="auto", show_default=True, type=click.Choice(_LAYOUTS),
              help="Whose export it is; plain: each file or folder is a submission.")  # fmt: skip
@click.option("--attempts", type=click.Choice(_ATTEMPTS), default=_ATTEMPTS[0], show_default=True,
              help="Which attempt counts: by the number or time that the system wrote into its "
              "name, or by when the files were changed.")  # fmt: skip
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV",
              help="Everybody in the course: adds names, lists who is missing.")  # fmt: skip
@click.option("--seed", type=int, help="Of the examples; secret until it is in the reports.")
@click.option("--jobs", type=click.IntRange(1), help="Workers.  [default: one for each core]")
@click.option("--cluster", "address", metavar="ADDRESS",
              help="Grade on a Dask cluster instead of here: tcp://host:8786.")  # fmt: skip
@click.option("--resume/--fresh", default=True, show_default=True,
              help="Keep what OUT holds and is unchanged, or grade everything anew.")  # fmt: skip
@click.option("--apply", "apply_changes", is_flag=True,
              help="Take over changed scores of a regrading without asking.")  # fmt: skip
@click.option("--watch", is_flag=True, help="Go on, and grade whatever arrives or changes.")
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True,
              help="MiB that a submission may use.")  # fmt: skip
@click.option("--check-seconds", type=click.FloatRange(0.1), default=8.0, show_default=True,
              help="For all the calls of one check.")  # fmt: skip
@click.option("--total-seconds", type=click.FloatRange(1), default=180.0, show_default=True,
              help="For everything that one submission does.")  # fmt: skip
@click.option("--disk", type=click.IntRange(1), default=64, show_default=True,
              help="MiB that a submission may write.")  # fmt: skip
@click.option("--output", type=click.IntRange(1), default=16, show_default=True,
              help="MiB that a submission may print.")  # fmt: skip
@click.option("--threads", is_flag=True, help="Let submissions start threads.")
@click.option("--package", "packages", multiple=True,
              help="Further package that submissions may import; may be repeated.")  # fmt: skip
@click.option("--allow-weaker-sandbox", is_flag=True,
              help="Grade although a layer is missing; every report says so.")  # fmt: skip
def grade(
    submissions: tuple[Path, ...],
    assignment: str,
    out: Path,
    layout: str,
    attempts: Attempts,
    roster: Path | None,
    seed: int | None,
    jobs: int | None,
    address: str | None,
    memory: int,
    check_seconds: float,
    total_seconds: float,
    disk: int,
    output: int,
    threads: bool,
    packages: tuple[str, ...],
    allow_weaker_sandbox: bool,
    resume: bool,
    apply_changes: bool,
    watch: bool,
) -> None:
    """Grade a class: files, folders or zips of SUBMISSIONS.

    A folder that directly holds NAME.ipynb or NAME.py is one submission. In an export of Canvas,
    Moodle, Gradescope, Blackboard, Brightspace or nbgrader, zipped or not, each student or group
    is one; otherwise each file or folder is. Results go to OUT: index.html and grades.csv for the
    class, feedback.html and report.json for each submission.

    The same command again goes on where it was stopped, and does nothing twice: what has not
    changed (submission, assignment, seed, settings, versions) keeps its result. With a changed
    assignment it shows whose score changes before anything is overwritten.

    Students' code runs confined: by default it may import torch, numpy, matplotlib and Python's
    standard library. Exit status 3 when the sandbox is incomplete or the grader itself failed on a
    submission, which then has no score and is listed.
    """
    from autograder.sandbox.limits import Limits

    defaults = Limits()
    limits = Limits(
        memory_bytes=memory * 2**20,
        check_seconds=check_seconds,
        call_seconds=min(defaults.call_seconds, check_seconds),
        submission_seconds=total_seconds,
        disk_bytes=disk * 2**20,
        output_bytes=output * 2**20,
        threads=threads,
        packages=(*defaults.packages, *packages),
    )
    from autograder.assignment import find_assignment
    from autograder.cluster import cluster
    from autograder.results import Results
    from autograder.roster import read_roster
    from autograder.run import Run, processes
    from autograder.submission import find_class

    found = find_assignment(assignment)
    find = functools.partial(find_class, submissions, found.name, layout=layout, attempts=attempts)
    handed_in = find()
    students = None if roster is None else read_roster(roster)
    workers = processes(jobs or os.cpu_count() or 1) if address is None else cluster(address)
    try:
        with contextlib.ExitStack() as stack:
            results = stack.enter_context(Results(out))
            if not resume:
                results.begin_anew()
            run = stack.enter_context(
                Run(
                    found, handed_in, find, results, workers=workers, seed=seed, limits=limits,
                    allow_weaker=allow_weaker_sandbox, roster=students,
                    closed=[*submissions, *([] if roster is None else [roster])],
                )
            )  # fmt: skip
            _say(run.found.remarks)
            with _bar(len(run.found.sources), len(run.found.sources) - len(run.work)) as done:
                run.grade(done)
            if run.regrades:
                _settle(run, apply_changes)
            failed = _show_class(results, run, out, attempts)
            if watch:
                _watch(run, results)
    except KeyboardInterrupt:
        _stop("\nStopped. What was finished is written; the same command goes on.", 130)
    if failed:
        sys.exit(FAILED)


def _settle(run: Run, apply_changes: bool) -> None:
    """Shows whose score changes, and takes the new ones over if somebody wants them."""
    from autograder.writers import terminal

    changes = list(run.changes())
    click.echo(terminal.render_changes(changes, **_look()), nl=False)
    if changes and not apply_changes and sys.stdin.isatty():
        apply_changes = click.confirm("Put these scores into the place of the old ones?")
    if changes and not apply_changes:
        _stop(
            f"Nothing was overwritten. The new results are in {run.pending_folder}; to take them "
            "over, run the same command with --apply.",
            0,
        )
    run.apply()


def _show_class(results: Results, run: Run, out: Path, attempts: str) -> bool:
    """Says how the class did; whether the grader itself failed on somebody."""
    from autograder.writers import terminal

    summaries = list(results.summaries())
    click.echo(terminal.render_class(summaries, **_look()), nl=False)
    if older := run.found.passed_over:
        count = f"{older} attempt{'s' if older > 1 else ''}"
        _say([f"{count} passed over (--attempts {attempts}); the reports say which."])
    if run.kept:
        click.echo(f"\n{run.kept} of these are not among the submissions, and stand as they were.")
    if results.attendance is not None:
        _say_who_is_missing(results.attendance, out)
    click.echo(f"\nSeed {run.terms.seed}. Results: {out / 'index.html'}, {out / 'grades.csv'}")
    return any(one.status == "internal_error" for one in summaries)


def _say_who_is_missing(attendance: Attendance, out: Path) -> None:
    from autograder.archive import shown
    from autograder.filenames import listed

    _say(attendance.remarks)
    if not attendance.missing:
        _say(["Everybody on the roster has handed something in."])
        return
    names = [student.shown for student, _ in attendance.missing]
    _say([f"Missing ({len(names)}): {listed(names, 50)}. They have no report."])
    click.echo(f"Listed: {shown(str(out / 'missing.csv'))}")


def _watch(run: Run, results: Results) -> None:
    click.echo("\nWaiting for submissions. Ctrl-C ends it.")

    def tell(summary: Summary) -> None:
        score = "no score" if summary.score is None else f"{summary.score:g}/{summary.max_score:g}"
        click.echo(f"{time.strftime('%H:%M:%S')}  {summary.submission}  {score}  {summary.status}")

    for _ in run.watch(time.sleep, tell):
        pass


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        click.echo(click.wrap_text(sentence, width=min(_width(), 100), subsequent_indent="  "))


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a small assignment NAME that passes `ohlol verify`, to write your own from."""
    from autograder.scaffold import new as scaffold

    for path in scaffold(name, Path()):
        click.echo(f"new      {path}")
    click.echo(f"\nProve it: ohlol verify {name}\nGive it out: ohlol release {name}")


@main.command()
@click.argument("assignment", required=False)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the examples.")
@click.option("--quick", is_flag=True, help="Leave out the small changes to the solution.")
@click.option("--allow-weaker-sandbox", is_flag=True, help="Go on although a layer is missing.")
def verify(assignment: str | None, seed: int, quick: bool, allow_weaker_sandbox: bool) -> None:
    """Prove an assignment, by trying out all that you rely on.

    The solution earns everything and the starter nothing; each correct style (styles/) earns
    everything; each known mistake (mistakes/) fails the checks it names, costs no other task and is
    recognised; no small change to the solution goes unnoticed. Without a name, every assignment
    under ./solutions is proved. Exit status 1 when a proof fails.
    """
    from autograder.verify import verifiable
    from autograder.verify import verify as prove

    failed = False
    for found in verifiable(assignment):
        click.echo(found.name)
        with _steps() as progress:
            for proof in prove(
                found, seed=seed, allow_weaker=allow_weaker_sandbox, mutate=not quick,
                progress=progress,
            ):  # fmt: skip
                failed |= not proof.holds
                progress("", 0, 1)
                mark = click.style("✓", fg="green") if proof.holds else click.style("✗", fg="red")
                click.echo(f"  {mark} {proof.claim}")
                if not proof.holds and proof.detail:
                    click.echo(_indented(proof.detail))
    sys.exit(WRONG if failed else 0)


@main.command()
@click.argument("assignment", required=False)
@click.option("--check", "only_compare", is_flag=True, help="Only compare; exit 1 if they differ.")
def release(assignment: str | None, only_compare: bool) -> None:
    """Cut what students get (assignments/NAME) from what you wrote (solutions/NAME)."""
    from autograder import release as releasing
    from autograder.verify import verifiable

    different = False
    for found in verifiable(assignment):
        root = releasing.release_root(found)
        if only_compare:
            differences = releasing.compare(found, root)
            if not releasing.has_current_examples(found, root):
                differences.append("the examples for practice were drawn for other checks")
            different |= bool(differences)
            for difference in differences:
                click.echo(difference)
            if not differences:
                click.echo(f"{root / found.name} is up to date")
            continue
        written = releasing.release(found, root)
        if not releasing.has_current_examples(found, root):
            written.append(releasing.draw_examples(found, root))
        for path in written:
            click.echo(f"written  {path}")
        if not written:
            click.echo(f"{root / found.name} is up to date")
    if different:
        click.echo("\nCut it anew with: ohlol release")
        sys.exit(WRONG)


def _show(report: Report, verbose: bool) -> None:
    from autograder.writers import terminal

    click.echo(terminal.render(report, verbose=verbose, **_look()), nl=False)


def _look() -> dict[str, Any]:
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return {"width": min(_width(), 100), "color": color, "encoding": sys.stdout.encoding}


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((80, 24)).columns


class _bar:  # noqa: N801 - used as a statement
    """A progress bar with counts by outcome, on a terminal; nothing elsewhere."""

    def __init__(self, total: int, finished: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        self._counts: dict[str, int] = {}
        self._total, self._finished = total, finished
        # No refreshing thread: the workers are forked from this process.
        self._progress = Progress(
            TextColumn("grading"), BarColumn(), MofNCompleteColumn(), Remaining(),
            TextColumn("{task.fields[rate]}"), TextColumn("{task.fields[counts]}"),
            console=Console(stderr=True), auto_refresh=False, transient=True,
        )  # fmt: skip

    def __enter__(self) -> Callable[[Summary], None]:
        self._progress.start()
        self._since = time.monotonic()
        self._task = self._progress.add_task(
            "grading", total=self._total, completed=self._finished, counts="", rate=""
        )
        self._progress.refresh()
        return self._done

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def _done(self, summary: Summary) -> None:
        kind = summary.status.replace("_", " ")
        if summary.status == "graded":
            kind = "full marks" if summary.score == summary.max_score else "graded"
        self._counts[kind] = self._counts.get(kind, 0) + 1
        rate = sum(self._counts.values()) / max(time.monotonic() - self._since, 1e-9)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(self._counts.items()))
        self._progress.update(self._task, advance=1, counts=counts, rate=f"{rate:.1f}/s")
        self._progress.refresh()


@contextlib.contextmanager
def _steps() -> Iterator[Callable[[str, int, int], None]]:
    """A line on a terminal that says what is being tried and how far it is; nothing elsewhere."""
    shown = sys.stderr.isatty()

    def show(claim: str, done: int, total: int) -> None:
        if shown:
            count = f" {done}/{total}" if total > 1 else ""
            text = f"  … {claim}{count}" if claim else ""
            click.echo(f"\r\x1b[K{text[: _width() - 1]}", nl=False, err=True)

    try:
        yield show
    finally:
        show("", 0, 1)


def _indented(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.splitlines())


def _stop(message: str, status: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)
