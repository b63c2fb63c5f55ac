"""The pages in the terminal: golden files for their looks, properties for what must never happen.

With `UPDATE_GOLDEN=1` in the environment the golden files are written anew: read them before you
keep them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from test_report import reports

from autograder.report import (
    KINDS,
    OUTCOMES,
    CheckResult,
    Problem,
    Report,
    SandboxSummary,
    TaskResult,
    Training,
)
from autograder.summary import Summary
from autograder.writers import terminal

GOLDEN = Path(__file__).parent / "golden"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def example() -> Report:
    """A submission in which most things that can go wrong do."""
    return Report.from_dict(json.loads((GOLDEN / "report.json").read_text(encoding="utf-8")))


def with_outcome(report: Report, outcome: Any, problem: Problem | None = None) -> Report:
    def changed(check: CheckResult) -> CheckResult:
        score = check.max_score if outcome == "passed" else 0.0
        return replace(check, outcome=outcome, score=score, problem=problem)

    tasks = [replace(task, checks=tuple(map(changed, task.checks))) for task in report.tasks]
    return replace(report, tasks=tuple(tasks), notes=(), sandbox=None)


def starter() -> Report:
    return with_outcome(example(), "missing", Problem("missing", "It is not there."))


def solution() -> Report:
    return with_outcome(example(), "passed")


def unreadable() -> Report:
    return replace(
        with_outcome(example(), "skipped"),
        submission="bob",
        status="unreadable",
        reason="hw1.zip holds neither hello_rnn.ipynb nor hello_rnn.py, only report.pdf. "
        "Submit the notebook itself.",
    )


def internal_error() -> Report:
    return replace(
        with_outcome(example(), "skipped"),
        submission="carol",
        status="internal_error",
        reason="The sandbox could not start: the kernel offers no seccomp.",
    )


def weaker() -> Report:
    sandbox = SandboxSummary(
        "weaker",
        {"seccomp": "in force", "landlock": "missing: the kernel is older than 5.13"},
        ("A submission could read files of others.",),
    )
    return replace(solution(), sandbox=sandbox)


def one(problem: Problem, outcome: Any = "failed", **fields: Any) -> Report:
    check = CheckResult("test_it", "It works.", 1.0, outcome, problem=problem, **fields)
    return Report("hello_rnn", "alice", 1, "graded", (TaskResult("one_hot", (check,)),))


EPOCHS = tuple(range(1, 101))
TRAINING = Training(
    losses=tuple(round(1 + 0.3 * 0.99**epoch, 4) for epoch in EPOCHS),
    reference=tuple(round(0.35 + 0.95 * 0.95**epoch, 4) for epoch in EPOCHS),
    loss_epochs=EPOCHS,
    epochs=(0, 1, 2, 5, 10, 20, 50, 100),
    predictions=("lllll", "lllll", "lllll", "ollll", "oolol", "oolol", "ohlol", "ohlol"),
    source="hello",
    target="ohlol",
    parted_at=1,
)


def training() -> Report:
    """A trajectory and a convergence check that failed."""
    trajectory = Problem(
        "value",
        "From epoch 2 on your losses leave those of the reference: 3.41 instead of 2.97.",
        "train_rnn_model(model, inputs, labels, 0.05, 4)",
        "[4.0, 2.97, 2.2, 1.9]",
        "[4.0, 3.41, nan, 900.0]",
        training=Training(
            (4.0, 3.41, None, 900.0), (4.0, 2.97, 2.2, 1.9), (1, 2, 3, 4), parted_at=2
        ),
    )
    convergence = Problem(
        "convergence",
        'After 100 epochs your model turns "hello" into "ohlol" (mean cross-entropy 1.11).',
        "train_rnn_model(model, inputs, labels, 0.05, 100)",
        "'ohlol'",
        "'ohlol'",
        advice="The first epoch moves each weight by 0.002.",
        training=TRAINING,
    )
    checks = [
        CheckResult(name, f"{name}.", 1.0, "failed", problem=problem)
        for name, problem in (("It learns", trajectory), ("It says ohlol", convergence))
    ]
    return Report(
        "hello_rnn", "alice", 1, "graded", (TaskResult("rnn_model", tuple(checks)),)
    )  # fmt: skip


def class_page(reports: Sequence[Report], **how: Any) -> str:
    return terminal.render_class(map(Summary.of, reports), **how)


def a_class(number: int) -> list[Report]:
    """A class of every kind of submission, the same one each time."""
    kinds = [example, solution, starter, unreadable, internal_error, solution, example]
    made = [kind() for kind in kinds]
    return [
        replace(made[each % 7 if each < 70 else each % 3], submission=f"student_{each:04}")
        for each in range(number)
    ]


PAGES = {
    "example": lambda **how: terminal.render(example(), **how),
    "example_verbose": lambda **how: terminal.render(example(), verbose=True, **how),
    "training": lambda **how: terminal.render(training(), **how),
    "starter": lambda **how: terminal.render(starter(), **how),
    "solution": lambda **how: terminal.render(weaker(), **how),
    "unreadable": lambda **how: terminal.render(unreadable(), **how),
    "internal_error": lambda **how: terminal.render(internal_error(), **how),
    "class_of_3": lambda **how: class_page([example(), solution(), unreadable()], **how),
    "class_of_3000": lambda **how: class_page(a_class(3000), **how),
}


@pytest.mark.parametrize("color", [False, True], ids=["plain", "color"])
@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_its_golden_file(name: str, width: int, color: bool) -> None:
    page = PAGES[name](width=width, color=color)
    golden = GOLDEN / "terminal" / f"{name}_{width}{'_color' if color else ''}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(page, encoding="utf-8", newline="")
    assert page == golden.read_bytes().decode("utf-8")


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("name", PAGES)
def test_colour_adds_nothing_but_colour(name: str, width: int) -> None:
    colored = PAGES[name](width=width, color=True)
    assert "\x1b[" in colored
    lines = [line.rstrip() for line in ESCAPE.sub("", colored).split("\n")]
    assert "\n".join(lines) == PAGES[name](width=width, color=False)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", None, "no-such-encoding"])
@pytest.mark.parametrize("name", PAGES)
def test_a_terminal_without_unicode_gets_what_it_can_show(name: str, encoding: str | None) -> None:
    page = PAGES[name](width=80, color=False, encoding=encoding)
    page.encode("cp1252" if encoding == "cp1252" else "ascii")
    assert max(map(len, page.split("\n"))) <= 80


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = terminal.render(example()), terminal.render(example(), color=False)
    for name, value in {
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "9",
    }.items():
        monkeypatch.setenv(name, value)
        assert (terminal.render(example()), terminal.render(example(), color=False)) == before


# --- for any report -------------------------------------------------------------------------------


@given(reports(), st.sampled_from([1, 24, 40, 80, 200]), st.booleans(), st.booleans())
def test_no_line_is_too_long_and_no_text_steers(
    report: Report, width: int, color: bool, verbose: bool
) -> None:
    pages = [
        terminal.render(report, width=width, color=color, verbose=verbose),
        class_page([report] * 6, width=width, color=color),
    ]
    for page in pages:
        assert page.endswith("\n")
        shown = ESCAPE.sub("", page) if color else page
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028]", shown)
        assert max(map(cell_len, shown.split("\n"))) <= max(width, 24)


@pytest.mark.parametrize("outcome", [each for each in OUTCOMES if each != "internal_error"])
def test_every_outcome_has_a_page(outcome: Any) -> None:
    page = terminal.render(with_outcome(example(), outcome), color=False)
    assert "parameter_counts" in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_is_named(kind: Any) -> None:
    wide = terminal.render(one(Problem(kind, "What happened.", advice="Look.")), color=False)
    narrow = terminal.render(
        one(Problem(kind, "What happened.", advice="Look.")), color=False, width=40
    )
    assert "What happened." in wide
    assert re.search(r"one_hot  0/1  \w+", wide)
    assert re.search(r"one_hot  0/1  \w+", narrow)


# --- what a student reads -------------------------------------------------------------------------


def test_a_failure_shows_its_call_both_values_advice_and_place() -> None:
    page = terminal.render(example(), color=False)
    for said in (
        "one_hot(tensor([0, 2, 1]), 4)",
        "smallest failing input",
        "yours                         expected",
        "You counted the classes from one",
        "cell 7, line 2: return",
    ):
        assert said in page
    assert "one_based_indices" not in page
    assert "known mistake: one_based_indices" in terminal.render(
        example(), color=False, verbose=True
    )


def test_a_starter_is_a_short_and_calm_page() -> None:
    page = terminal.render(starter(), color=False)
    assert len(page.splitlines()) <= len(starter().tasks) + 6
    assert "It is not there." not in page
    assert page.endswith("ohlol hint parameter_counts\n")
    assert "✗" not in page


def test_a_stub_that_raises_counts_as_not_written() -> None:
    problem = Problem("raised", "NotImplementedError: one_hot")
    page = terminal.render(with_outcome(example(), "error", problem), color=False)
    assert page == terminal.render(starter(), color=False)


def test_a_misspelt_name_keeps_its_advice() -> None:
    problem = Problem("missing", "There is no `one_hot`.", advice="Is it `onehot`?")
    page = terminal.render(one(problem, "missing"), color=False)
    assert "There is no `one_hot`." in page
    assert "→ Is it `onehot`?" in page


def test_one_broken_cell_is_told_once_for_all_its_tasks() -> None:
    page = terminal.render(example(), color=False)
    assert page.count("'(' was never closed") == 1
    assert "! to_inputs, flatten\n" in page


def test_what_failed_to_load_in_one_place_is_one_problem() -> None:
    tasks = []
    for name in ("one_hot", "decode"):
        problem = Problem("raised", f"{name} was not defined.", where="cell 2, line 1: 1 / 0")
        check = CheckResult("test_it", "It works.", 1.0, "error", problem=problem)
        tasks.append(TaskResult(name, (check,)))
    page = terminal.render(Report("hello_rnn", "alice", 1, "graded", tuple(tasks)), color=False)
    assert "! one_hot, decode\n  one_hot was not defined.\n" in page
    assert page.count("cell 2, line 1") == 1


def test_the_hint_is_for_the_first_task_worth_thinking_about() -> None:
    syntax = Problem("syntax", "'(' was never closed")
    assert "ohlol hint rnn_cell_step" in terminal.render(example(), color=False)
    assert "ohlol hint" not in terminal.render(one(syntax, "error"), color=False)
    assert "ohlol hint" not in terminal.render(solution(), color=False)
    assert "Every check passes." in terminal.render(solution(), color=False)


def test_other_failures_of_a_task_are_counted_and_shown_when_verbose() -> None:
    first, second, third = (
        CheckResult(f"t{each}", f"Check {each}.", 1.0, "failed", problem=Problem("value", text))
        for each, text in enumerate(["First.", "Second.", "First."])
    )
    task = TaskResult("one_hot", (first, second, third))
    report = Report("hello_rnn", "alice", 1, "graded", (task,))
    page = terminal.render(report, color=False)
    assert "1 more check fails" in page
    assert "Second." not in page
    verbose = terminal.render(report, color=False, verbose=True)
    assert "  and: Check 2.\n  First.\n" in verbose
    assert "Second." in verbose


def test_a_hidden_check_stays_hidden_unless_all_is_asked_for() -> None:
    problem = Problem("value", "Secret message.", "secret(1)", "2", "3", advice="Secret advice.")
    report = one(problem, visibility="hidden")
    page = terminal.render(report, color=False)
    assert "A hidden check did not pass." in page
    assert "ecret" not in page
    assert "It works." not in page
    assert "Secret advice." in terminal.render(report, color=False, verbose=True)


def test_a_hidden_training_stays_hidden() -> None:
    report = one(Problem("value", "Secret.", training=TRAINING), visibility="hidden")
    page = terminal.render(report, color=False)
    assert "epoch" not in page
    assert "lllll" not in page
    assert "oolol" in terminal.render(report, color=False, verbose=True)


def test_losses_that_are_no_numbers_are_shown_as_they_came() -> None:
    nothing = replace(TRAINING, losses=(None,) * len(EPOCHS))
    problem = Problem("value", "Wrong.", None, "[1.5]", "[nan]", training=nothing)
    page = terminal.render(one(problem), color=False)
    assert "[nan]" in page
    assert "loss   ○ expected\n" in page


def test_values_stand_side_by_side_where_they_fit() -> None:
    problem = Problem(
        "value", "Wrong.", None, "tensor([1.,\n        2.])", "tensor([3.,\n        4.])"
    )
    beside = terminal.render(one(problem), color=False, width=40)
    assert (
        "  yours           expected\n"
        "  tensor([3.,     tensor([1.,\n"
        "          4.])            2.])\n"
    ) in beside
    stacked = terminal.render(one(problem), color=False, width=26)
    assert (
        "  yours\n"
        "    tensor([3.,\n"
        "            4.])\n"
        "  expected\n"
        "    tensor([1.,\n"
        "            2.])\n"
    ) in stacked


def test_only_lines_that_differ_are_coloured() -> None:
    page = terminal.render(one(Problem("value", "Wrong.", None, "a\nb", "a\nc")))
    assert "\x1b[31mc\x1b[0m" in page
    assert "\x1b[32mb\x1b[0m" in page
    assert "\x1b[31ma" not in page


def test_the_place_where_values_part_is_in_sight() -> None:
    lines = [f"row {each}" for each in range(1000)]
    wrong = [*lines[:900], "row 900 is wrong", *lines[901:]]
    page = terminal.render(
        one(Problem("value", "Wrong.", None, "\n".join(lines), "\n".join(wrong))), color=False
    )
    assert "… 898 lines are the same\n" in page
    assert "row 900 is wrong    row 900\n" in page
    assert "… cut, 90 more lines\n" in page
    assert len(page.splitlines()) < 40


def test_a_megabyte_is_cut_and_says_so() -> None:
    much = "x" * 1_000_000
    problem = Problem("value", much, f"one_hot({much})", much, "y", advice=much, where=much)
    for width in (40, 80):
        page = terminal.render(one(problem), color=False, width=width)
        assert len(page) < 10_000
        assert len(re.findall(r"… cut, 99\d,\d\d\d\s+more\s+characters", page)) == 5


def test_markup_and_escapes_are_only_text() -> None:
    text = "[red]a[/red] [link=x]b[/] \x1b[2Jc :smile: \u202ed"
    page = terminal.render(
        one(Problem("value", text, text, text, text, advice=text, where=text)),
        color=False,
        width=99,
    )
    assert page.count("[red]a[/red] [link=x]b[/] c :smile: d") == 6


def test_notes_and_a_missing_sandbox_are_told_last() -> None:
    page = terminal.render(example(), color=False)
    assert page.index("ohlol hint") < page.index("Noticed while reading") < page.index("sandbox")
    confined = replace(
        example(), notes=(), sandbox=SandboxSummary("confined", {"seccomp": "in force"})
    )
    assert "seccomp" not in terminal.render(confined, color=False)
    assert "seccomp: in force" in terminal.render(confined, color=False, verbose=True)
    many = replace(confined, notes=tuple(f"note {each}" for each in range(50)))
    assert "… and 42 more" in terminal.render(many, color=False)


def test_only_everything_fills_the_bar() -> None:
    checks = [CheckResult(f"t{each}", "", 1.0, "passed", 1.0) for each in range(999)]
    last = CheckResult("last", "", 1.0, "failed")
    almost = Report("a", "b", 1, "graded", (TaskResult("t", (*checks, last)),))
    hardly = Report("a", "b", 1, "graded", (TaskResult("t", (*[replace(last)] * 999, checks[0])),))
    assert "░" in terminal.render(almost, color=False)
    assert "█" in terminal.render(hardly, color=False)


# --- what an instructor reads ---------------------------------------------------------------------


def test_a_class_page_counts_and_lists() -> None:
    page = class_page(a_class(3000), color=False)
    assert "hello_rnn · 3,000 submissions\n" in page
    assert "2,980 graded · 10 unreadable · 10 internal error\n" in page
    assert "min 0 · median" in page
    assert "one_based_indices" in page
    assert page.index("internal error (10)") < page.index("unreadable (10)")
    assert len(page.splitlines()) < 80


def test_a_class_of_none_and_of_nothing_graded() -> None:
    assert class_page([], color=False) == "No submissions.\n"
    page = class_page([internal_error(), unreadable()], color=False)
    assert "median" not in page
    assert "carol" in page


def test_a_class_page_does_not_depend_on_the_order_of_ties() -> None:
    def usual(reports: list[Report]) -> str:
        return class_page(reports, color=False)

    a = one(Problem("value", "Wrong.", mistake="a_mistake"))
    b = one(Problem("value", "Wrong.", mistake="b_mistake"))
    assert usual([a, b]) == usual([b, a])
