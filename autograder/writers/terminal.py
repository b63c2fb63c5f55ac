"""What a student reads after `ohlol check`, and an instructor after `ohlol grade`.

A page is built line by line, each at most as wide as the terminal, so that 40 columns are as
readable as 80. Everything that comes from a report passes `Page.clean` first: it is text, never
markup, and cannot steer the terminal.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text

from autograder.report import (
    OUTCOMES,
    STATUSES,
    CheckResult,
    Outcome,
    Problem,
    Report,
    TaskResult,
)
from autograder.summary import OUTLIERS, Change, Summary, TaskSummary
from autograder.writers.curves import loss_chart, predictions
from autograder.writers.page import Page
from autograder.writers.words import (
    OUTCOME_WORDS,
    SHRUNK,
    failing_checks,
    is_unwritten,
    percent,
    points_text,
    unwritten,
    what_is_wrong,
)

_WIDE = 60
_REASON_CHARACTERS = 3_000
_VALUE_CHARACTERS = 20_000
_VALUE_LINES = 12
_GAP = 4
_CALL_LINES = 18
_NOTES = 8
_ATTENTION = 10
_CHANGES = 30
_FEW_SCORES = 5
_BINS = 10
_LABEL = 13


_STYLES: dict[Outcome, str] = {
    "passed": "green",
    "failed": "red",
    "missing": "dim",
    "skipped": "dim",
}


def render(
    report: Report,
    *,
    width: int = 80,
    color: bool = True,
    verbose: bool = False,
    encoding: str | None = "utf-8",
) -> str:
    """The page for one submission, ending in a line end.

    `verbose` shows every check; otherwise the first failing check of a task stands for the others,
    and what a hidden check asks stays hidden. Without `color` there is not one escape code.
    `encoding` is the terminal's (`sys.stdout.encoding`): what it cannot show is written in ASCII.
    """
    page = Page(width, color, encoding)
    _header(page, report)
    if report.status != "graded":
        _no_grade(page, report)
    if report.status == "graded" or verbose:
        page.line()
        _task_table(page, report.tasks, verbose)
        _problems(page, report.tasks, verbose)
    if report.status == "graded":
        _closing(page, report.tasks)
    _notes(page, report.notes, verbose)
    _sandbox(page, report, verbose)
    return page.text()


def render_class(
    summaries: Iterable[Summary],
    *,
    width: int = 80,
    color: bool = True,
    encoding: str | None = "utf-8",
) -> str:
    """The page for a class: counts, scores, tasks, and which submissions to look at."""
    page = Page(width, color, encoding)
    summaries = list(summaries)
    if not summaries:
        page.line("No submissions.")
        return page.text()
    graded = [one for one in summaries if one.status == "graded"]
    _class_header(page, summaries)
    _class_scores(page, graded)
    _class_tasks(page, graded)
    _class_attention(page, summaries)
    return page.text()


def render_changes(
    changes: Iterable[Change],
    *,
    width: int = 80,
    color: bool = True,
    encoding: str | None = "utf-8",
) -> str:
    """Whose score changes on other terms, and by what."""
    page = Page(width, color, encoding)
    changes = list(changes)
    if not changes:
        page.line("Graded on other terms than before; no score changes.")
        page.line()
        return page.text()
    count = f"{len(changes):,} score{'' if len(changes) == 1 else 's'}"
    page.line((f"Graded on other terms than before: {count} would change", "bold"))
    page.line()
    shown = changes[:_CHANGES]
    names = [page.clean_line(one.submission) for one in shown]
    name_room = min(max(map(cell_len, names)), page.width // 3)
    for name, one in zip(names, shown, strict=True):
        scores = f"{_score(one.before):>6} {page.glyphs.arrow} {_score(one.after):<6}"
        tasks = ", ".join(
            f"{page.clean_line(task)} {_score(old)} {page.glyphs.arrow} {_score(new)}"
            for task, old, new in one.tasks
        )
        style = "green" if (one.after or 0) > (one.before or 0) else "yellow"
        left = set_cell_size(page.crop(name, name_room), name_room)
        room = page.width - name_room - len(scores) - 6
        page.line("  ", left, "  ", (scores, style), "  ", (page.crop(tasks, room), "dim"))
    if len(changes) > len(shown):
        page.line("  ", (f"{page.glyphs.more} and {len(changes) - len(shown):,} more", "dim"))
    page.line()
    return page.text()


def _score(score: float | None) -> str:
    return "none" if score is None else points_text(score)


# --- one submission -------------------------------------------------------------------------------


def _header(page: Page, report: Report) -> None:
    names = (page.clean_line(report.assignment), page.clean_line(report.submission))
    name = f" {page.glyphs.dot} ".join(names)
    if report.score is None:
        score, bar, style = "no score", [], "bold yellow"
    else:
        score = f"{points_text(report.score)} / {points_text(report.max_score)}"
        share = report.score / report.max_score if report.max_score else 0.0
        style = "bold green" if share == 1 else "bold"
        bar = page.bar(share, 20, "green")
    right = sum(cell_len(part) for part, _ in bar) + (2 if bar else 0) + cell_len(score)
    gap = page.width - cell_len(name) - right
    if gap >= 2:
        page.line((name, "bold"), " " * gap, *bar, "  " if bar else "", (score, style))
    else:
        page.line((page.crop(name, page.width), "bold"))
        if right <= page.width:
            page.line(*bar, "  " if bar else "", (score, style))
        else:
            page.line((score, style))


def _no_grade(page: Page, report: Report) -> None:
    page.line()
    if report.status == "unreadable":
        page.paragraph("There was nothing to grade:", style="bold")
    else:
        page.paragraph(
            "The grader itself failed. This says nothing about the work, and costs no points.",
            style="bold",
        )
    page.paragraph(page.clean(report.reason or "", _REASON_CHARACTERS), indent=2)


def _task_table(page: Page, tasks: Sequence[TaskResult], verbose: bool) -> None:
    scores = [points_text(task.score) for task in tasks]
    maxima = [points_text(task.max_score) for task in tasks]
    if verbose:
        scores += [points_text(check.score) for task in tasks for check in task.checks]
        maxima += [points_text(check.max_score) for task in tasks for check in task.checks]
    score_room = max(map(len, scores), default=0)
    points_room = score_room + 1 + max(map(len, maxima), default=0)
    names = [page.clean_line(task.name) for task in tasks]
    longest = max(map(cell_len, names), default=0)
    if verbose:
        titles = (_title(page, check) for task in tasks for check in task.checks)
        longest = max(longest, 2 + max(map(cell_len, titles), default=0))
        longest = min(longest, 56)
    name_room = max(min(longest, page.width - 4 - points_room), 4)

    def points(score: float, max_score: float) -> str:
        return f"{points_text(score):>{score_room}}/{points_text(max_score)}".ljust(points_room)

    for name, task in zip(names, tasks, strict=True):
        mark, style = _mark(page, task.outcome, is_unwritten(task))
        left = set_cell_size(page.crop(name, name_room), name_room)
        shown = points(task.score, task.max_score)
        room = page.width - 4 - name_room - points_room - 2
        # The checks that follow say it themselves.
        word = "" if verbose else what_is_wrong(task, room if page.width < _WIDE else 99)
        if cell_len(word) > room:
            word = ""
        faint = "dim" if style == "dim" else ""
        page.line((mark, style), " ", (left, faint), "  ", (shown, faint), "  ", (word, style))
        for check in task.checks if verbose else ():
            mark, style = _mark(page, check.outcome, unwritten(check))
            title = set_cell_size(page.crop(_title(page, check), name_room - 2), name_room - 2)
            shown = points(check.score, check.max_score)
            page.line("  ", (mark, style), " ", (title, "dim"), "  ", (shown, "dim"))


def _mark(page: Page, outcome: Outcome, unwritten: bool) -> tuple[str, str]:
    glyphs = page.glyphs
    if unwritten:
        return glyphs.absent, "dim"
    mark = {
        "passed": glyphs.passed,
        "failed": glyphs.failed,
        "missing": glyphs.absent,
        "skipped": glyphs.absent,
    }.get(outcome, glyphs.broken)
    return mark, _STYLES.get(outcome, "yellow")


@dataclass(slots=True)
class _Block:
    """Checks that share one problem, perhaps of several tasks: a broken cell costs all of its."""

    problem: Problem | None
    checks: list[CheckResult]
    tasks: list[TaskResult]
    others: int = 0


def _problems(page: Page, tasks: Sequence[TaskResult], verbose: bool) -> None:
    unwritten: list[TaskResult] = []
    blocks: list[_Block] = []
    for task in tasks:
        failing = failing_checks(task, verbose)
        if not failing:
            continue
        if is_unwritten(task) and not any(
            check.problem and check.problem.advice for check in failing
        ):
            unwritten.append(task)
            continue
        first, *rest = failing
        block = _add(blocks, task, first)
        for check in rest:
            if verbose or _is_same(check.problem, first.problem) or _shows_more(check, first):
                _add(blocks, task, check)
            else:
                block.others += 1
    for block in blocks:
        _block(page, block, verbose)
    if unwritten and len(unwritten) < len(tasks):
        page.line()
        names = ", ".join(page.clean_line(task.name) for task in unwritten)
        page.paragraph(f"Not written yet: {names}", style="dim")


def _shows_more(check: CheckResult, first: CheckResult) -> bool:
    """Whether a check shows a training of its own, beside the one that stands for the task."""
    return (
        check.visibility == "public"
        and all(each.problem and each.problem.training for each in (check, first))
        and check.problem is not None
        and check.problem.kind == "convergence"
    )


def _add(blocks: list[_Block], task: TaskResult, check: CheckResult) -> _Block:
    block = next((each for each in blocks if _is_same(each.problem, check.problem)), None)
    if block is None:
        block = _Block(check.problem, [], [])
        blocks.append(block)
    block.checks.append(check)
    if task not in block.tasks:
        block.tasks.append(task)
    return block


def _is_same(one: Problem | None, other: Problem | None) -> bool:
    if one is None or other is None:
        return False
    # Without a call it is the loading that failed, and one place fails in one way.
    is_loading = one.call is None and one.where is not None
    return one == other or (
        is_loading and (one.kind, one.call, one.where) == (other.kind, other.call, other.where)
    )


def _block(page: Page, block: _Block, verbose: bool) -> None:
    check, problem = block.checks[0], block.problem
    hidden = check.visibility == "hidden" and not verbose
    mark, style = _mark(page, check.outcome, unwritten(check))
    heading = Text(", ".join(page.clean_line(task.name) for task in block.tasks), "bold")
    if len(block.tasks) == 1:
        title = "A hidden check did not pass." if hidden else _title(page, check)
        heading = Text.assemble(heading, f" {page.glyphs.dot} ", title)
    page.line()
    page.paragraph(heading, first=f"{mark} ", first_style=style)
    if hidden:
        return
    if len(block.tasks) == 1:
        for other in block.checks[1:] if verbose else ():
            page.paragraph(_title(page, other), first="  and: ", first_style="dim")
    if problem is None:
        page.paragraph(f"It ended with: {OUTCOME_WORDS[check.outcome][0]}.", indent=2)
    else:
        page.paragraph(page.clean(problem.message), indent=2)
        training = problem.training
        # A curve says it better than its numbers, and a word that was learned than all weights.
        drawn = training is not None and any(loss is not None for loss in training.losses)
        if problem.call and (verbose or not training or problem.kind != "convergence"):
            _call(page, problem)
        if (problem.actual or problem.expected) and (verbose or not drawn):
            _answers(page, problem)
        if training is not None:
            loss_chart(page, training)
            predictions(page, training)
        _advice(page, problem, verbose)
    if block.others:
        more = "1 more check fails" if block.others == 1 else f"{block.others} more checks fail"
        page.paragraph(f"{more} here, often for the same reason.", style="dim", indent=2)


def _advice(page: Page, problem: Problem, verbose: bool) -> None:
    mistake = problem.mistake if verbose else None
    if (problem.call or problem.actual or problem.expected) and (
        problem.advice or problem.where or mistake
    ):
        page.line()
    if problem.advice:
        page.paragraph(
            page.clean(problem.advice),
            indent=2,
            first=f"{page.glyphs.arrow} ",
            first_style="yellow",
        )
    if mistake:
        page.paragraph(f"known mistake: {page.clean_line(mistake)}", style="dim", indent=2)
    if problem.where:
        page.paragraph(page.clean_line(problem.where), style="dim", indent=2)


def _title(page: Page, check: CheckResult) -> str:
    return page.clean_line(check.title or check.name)


def _call(page: Page, problem: Problem) -> None:
    call = problem.call or ""
    shrunk = problem.kind in SHRUNK and problem.training is None
    note = "smallest failing input" if shrunk else ""
    edge = f"  {page.glyphs.edge} "
    room = page.width - cell_len(edge)
    lines = _folded(page.clean(call, _VALUE_CHARACTERS).splitlines(), room)
    page.line()
    if len(lines) == 1 and note and cell_len(lines[0]) + 2 + len(note) <= room:
        gap = " " * (room - cell_len(lines[0]) - len(note))
        page.line((edge, "dim"), (lines[0], "cyan"), gap, (note, "dim"))
        return
    for line in lines[:_CALL_LINES]:
        page.line((edge, "dim"), (line, "cyan"))
    if len(lines) > _CALL_LINES:
        cut = _cut(page, [call], [lines], _CALL_LINES)
        page.line((edge, "dim"), (page.crop(cut, room), "dim"))


def _answers(page: Page, problem: Problem) -> None:
    """The student's value and the right one, side by side if they fit; what differs stands out."""
    given = (("yours", problem.actual, "red"), ("expected", problem.expected, "green"))
    labels = [label for label, value, _ in given if value]
    values = [value for _, value, _ in given if value]
    styles = [style for _, value, style in given if value]
    columns = [page.clean(value, _VALUE_CHARACTERS).splitlines() for value in values]
    room = page.width - 2
    widths = [
        max(map(cell_len, [label, *lines])) for label, lines in zip(labels, columns, strict=True)
    ]
    beside = sum(widths) + _GAP * (len(columns) - 1) <= room
    if not beside:
        columns = [_folded(lines, room - 2) for lines in columns]
    # Where the values part must be in sight, however far down it is.
    same = _lines_alike(*columns) if len(columns) == 2 else 0
    start = same - 2 if same >= _VALUE_LINES else 0
    end = start + _VALUE_LINES
    shown = [
        [
            (line, "" if all(line in other[row : row + 1] for other in columns) else style)
            for row, line in enumerate(lines[start:end], start)
        ]
        for lines, style in zip(columns, styles, strict=True)
    ]
    page.line()
    if start:
        skipped = page.crop(f"{page.glyphs.more} {start:,} lines are the same", room)
        page.line("  ", (skipped, "dim"))
    if beside:
        _beside(page, labels, shown, widths)
    else:
        for label, lines in zip(labels, shown, strict=True):
            page.line("  ", (label, "dim"))
            for line in lines:
                page.line("    ", line)
    if any(len(lines) > end for lines in columns):
        cut = _cut(page, values, columns, end)
        page.line("  ", (page.crop(cut, room), "dim"))


def _beside(
    page: Page,
    labels: Sequence[str],
    columns: Sequence[Sequence[tuple[str, str]]],
    widths: Sequence[int],
) -> None:
    with_labels = [[(label, "dim"), *lines] for label, lines in zip(labels, columns, strict=True)]
    for row in zip_longest(*with_labels, fillvalue=("", "")):
        parts: list[str | tuple[str, str]] = ["  "]
        for (text, style), width in zip(row, widths, strict=True):
            parts += [(text, style), " " * (width - cell_len(text) + _GAP)]
        page.line(*parts)


def _cut(page: Page, values: Sequence[str], columns: Sequence[Sequence[str]], end: int) -> str:
    """How much of the longest of `values` is not shown, when their lines are shown up to `end`."""
    if any(len(value) > _VALUE_CHARACTERS for value in values):
        number = max(
            len(value) - sum(len(line.lstrip()) for line in lines[:end])
            for value, lines in zip(values, columns, strict=True)
        )
        return f"{page.glyphs.more} cut, {number:,} more characters"
    number = max(map(len, columns)) - end
    return f"{page.glyphs.more} cut, {number:,} more line{'' if number == 1 else 's'}"


def _lines_alike(left: Sequence[str], right: Sequence[str]) -> int:
    """How many lines are equal before the first that differs; 0 when none differs."""
    for number, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return number
    return 0 if len(left) == len(right) else min(len(left), len(right))


def _folded(lines: Iterable[str], room: int) -> list[str]:
    """Lines of at most `room` columns, broken after a space if one is near, the rest indented."""
    folded: list[str] = []
    for line in lines:
        front = ""
        # Only what one line can hold is looked at, or a long text would be read once a line.
        while cell_len(front + line[: 4 * room]) > room:
            head = chop_cells(line[: 4 * room], room - len(front))[0]
            space = head.rfind(" ") + 1
            if space > len(head) // 2:
                head = head[:space]
            folded.append(front + head)
            line = line[len(head) :]
            front = "  "
        folded.append(front + line)
    return folded


def _closing(page: Page, tasks: Sequence[TaskResult]) -> None:
    open_tasks = [task for task in tasks if task.outcome != "passed"]
    page.line()
    if not open_tasks:
        page.line(("Every check passes.", "green"))
        return
    first = "Stuck?  "
    if all(map(is_unwritten, tasks)):
        first = ""
        page.paragraph("Nothing is written yet; every task is waiting for you. A good start:")
    # A hint helps where there is something to think about: neither with the spelling of Python
    # nor with what waits for another task.
    hinted = [task for task in open_tasks if task.outcome != "skipped" and not _has_syntax(task)]
    started = [task for task in hinted if not is_unwritten(task)]
    if hinted:
        name = page.clean_line((started or hinted)[0].name)
        page.paragraph(f"ohlol hint {name}", style="cyan", first=first, first_style="dim")


def _has_syntax(task: TaskResult) -> bool:
    return any(check.problem and check.problem.kind == "syntax" for check in task.checks)


def _notes(page: Page, notes: Sequence[str], verbose: bool) -> None:
    if not notes:
        return
    page.line()
    page.line(("Noticed while reading the file:", "dim"))
    shown = notes if verbose else notes[:_NOTES]
    for note in shown:
        page.paragraph(
            page.clean(note), style="dim", first=f"{page.glyphs.dot} ", first_style="dim"
        )
    if len(shown) < len(notes):
        page.line((f"{page.glyphs.more} and {len(notes) - len(shown):,} more", "dim"))


def _sandbox(page: Page, report: Report, verbose: bool) -> None:
    sandbox = report.sandbox
    if sandbox is None or (sandbox.profile == "confined" and not verbose):
        return
    said = {
        "confined": "The code ran confined.",
        "weaker": "The sandbox was weaker than it should be.",
        "plain": "The code ran without a sandbox.",
    }[sandbox.profile]
    style = "yellow" if sandbox.profile == "weaker" else "dim"
    page.line()
    page.paragraph(" ".join([said, *(page.clean_line(each) for each in sandbox.lost)]), style=style)
    for layer, state in sandbox.layers.items() if verbose else ():
        page.paragraph(page.clean_line(f"{layer}: {state}"), style="dim", indent=2)


# --- a class --------------------------------------------------------------------------------------


def _class_header(page: Page, summaries: Sequence[Summary]) -> None:
    name = page.clean_line(summaries[0].assignment)
    count = f"{len(summaries):,} submission{'' if len(summaries) == 1 else 's'}"
    page.line((page.crop(f"{name} {page.glyphs.dot} {count}", page.width), "bold"))
    statuses = Counter(one.status for one in summaries)
    outcomes = Counter(task.outcome for one in summaries for task in one.tasks)
    page.line()
    page.items(
        [f"{statuses[each]:,} {each.replace('_', ' ')}" for each in STATUSES if statuses[each]],
        first="submissions".ljust(_LABEL),
    )
    page.items(
        [f"{outcomes[each]:,} {each.replace('_', ' ')}" for each in OUTCOMES if outcomes[each]],
        first="tasks".ljust(_LABEL),
    )


def _class_scores(page: Page, graded: Sequence[Summary]) -> None:
    scores = [one.score for one in graded if one.score is not None]
    if not scores:
        return
    # One assignment has one maximum; should two versions of it meet, the larger holds them all.
    top = max(one.max_score for one in graded)
    marks = (("min", min(scores)), ("median", statistics.median(scores)), ("max", max(scores)))
    said = [f"{name} {points_text(score)}" for name, score in marks]
    page.items([*said, f"{points_text(top)} possible"], first="scores".ljust(_LABEL))
    if not top or len(scores) < _FEW_SCORES:
        return
    bins = _BINS if len(scores) >= 2 * _BINS else _BINS // 2
    # A full score falls into the last bin.
    counts = Counter(min(int(score / top * bins), bins - 1) for score in scores)
    labels = [
        f"{points_text(top * step / bins)} to {points_text(top * (step + 1) / bins)}"
        for step in range(bins)
    ]
    label_room = max(map(len, labels))
    count_room = len(f"{max(counts.values()):,}")
    length = max(min(page.width - 2 - label_room - 2 - count_room - 2, 40), 1)
    page.line()
    for step, label in enumerate(labels):
        full = round(counts[step] / max(counts.values()) * length)
        bar = page.glyphs.full * (max(full, 1) if counts[step] else 0)
        page.line(
            ("  " + label.rjust(label_room), "dim"),
            f"  {counts[step]:>{count_room},}  ",
            (bar, "cyan"),
        )


def _class_tasks(page: Page, graded: Sequence[Summary]) -> None:
    tasks: dict[str, list[TaskSummary]] = {}
    troubles: dict[str, Counter[str]] = {}
    for one in graded:
        mistakes = {mistake.task: mistake.mistake for mistake in reversed(one.mistakes)}
        for task in one.tasks:
            tasks.setdefault(task.name, []).append(task)
            trouble = mistakes.get(task.name) or task.trouble
            if trouble:
                troubles.setdefault(task.name, Counter())[page.clean_line(trouble)] += 1
    if not tasks:
        return
    names = {name: page.clean_line(name) for name in tasks}
    roomy = page.width >= _WIDE
    bar_length = 10 if roomy else 6
    name_room = max(min(max(map(cell_len, names.values())), page.width - bar_length - 9), 4)
    page.heading("Passed by task")
    for name, results in tasks.items():
        share = sum(task.outcome == "passed" for task in results) / len(results)
        left = set_cell_size(page.crop(names[name], name_room), name_room)
        room = page.width - name_room - bar_length - 9 - 2
        trouble = page.crop(_most_frequent(page, troubles.get(name)), room) if roomy else ""
        page.line(
            "  ",
            left,
            "  ",
            *page.bar(share, bar_length, "green"),
            f" {percent(share):>4}  ",
            (trouble, "dim"),
        )


def _most_frequent(page: Page, troubles: Counter[str] | None) -> str:
    """What most often kept a task from passing: a known mistake's id, or the kind of problem."""
    if not troubles:
        return ""
    # The more frequent first, then by name: the same class gives the same page.
    trouble, count = min(troubles.items(), key=lambda item: (-item[1], item[0]))
    return f"{count:,} {page.glyphs.times} {trouble}"


def _class_attention(page: Page, summaries: Sequence[Summary]) -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    for one in summaries:
        if one.outliers:  # the first is what one should look at first
            kind = one.outliers[0].kind
            found.setdefault(kind, []).append((one.submission, one.outliers[0].says))
    if not found:
        return
    page.heading("Worth a look")
    for kind in OUTLIERS:
        word = kind.replace("_", " ")
        entries = found.get(kind, [])
        if not entries:
            continue
        page.line("  ", (f"{word} ({len(entries):,})", "yellow"))
        shown = [
            (page.clean_line(name), page.clean_line(reason))
            for name, reason in entries[:_ATTENTION]
        ]
        name_room = min(max(cell_len(name) for name, _ in shown), page.width // 3)
        for name, reason in shown:
            if page.width < _WIDE:
                page.line("    ", page.crop(name, page.width - 4))
                page.line("      ", (page.crop(reason, page.width - 6), "dim"))
                continue
            left = set_cell_size(page.crop(name, name_room), name_room)
            page.line("    ", left, "  ", page.crop(reason, page.width - 6 - name_room))
        if len(entries) > len(shown):
            page.line("    ", (f"{page.glyphs.more} and {len(entries) - len(shown):,} more", "dim"))
