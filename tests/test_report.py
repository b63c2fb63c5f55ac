"""Reports: their totals, what they refuse, their JSON, and the files written from them."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
import pickle
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.files import write_atomically
from autograder.report import (
    KINDS,
    OUTCOMES,
    PROFILES,
    STATUSES,
    VISIBILITIES,
    CheckResult,
    Kind,
    Outcome,
    Problem,
    Report,
    ReportError,
    SandboxSummary,
    TaskResult,
    Training,
    report_schema,
)
from autograder.summary import Summary
from autograder.writers import csv_file, json_file
from autograder.writers.plain import one_line, plain

GOLDEN = Path(__file__).parent / "golden"

# --- reports to draw ------------------------------------------------------------------------------

HOSTILE = st.sampled_from(
    [
        "\x1b[31mred\x1b[0m",
        "[red]markup[/red]",
        "[/]",
        "\u202etxet\u202c",
        "half a pair \ud83d",
        "\ud83d\ude00",
        "\x00\x07\x7f\x9b1m",
        "a\r\nb\u2028c",
        "=HYPERLINK(1)",
        "你好, 世界",
        "x" * 3000,
        "😀" * 50,
    ]
)
# Surrogates are what UTF-8 cannot hold; hypothesis leaves them out unless asked.
TEXT = st.text(st.characters(exclude_categories=()), max_size=30) | HOSTILE
MAYBE = st.none() | TEXT
POINTS = st.floats(0, 100) | st.sampled_from([0.1, 0.2, 1 / 3, 0.5, 1.0, 2.0])

LOSSES = st.none() | st.floats(-1e9, 1e9)


@st.composite
def trainings(draw: st.DrawFn) -> Training:
    loss_epochs = sorted(draw(st.sets(st.integers(1, 1000), max_size=20)))
    epochs = sorted(draw(st.sets(st.integers(0, 1000), max_size=9)))
    return Training(
        losses=tuple(draw(LOSSES) for _ in loss_epochs),
        reference=tuple(draw(LOSSES) for _ in loss_epochs),
        loss_epochs=tuple(loss_epochs),
        epochs=tuple(epochs),
        predictions=tuple(draw(TEXT)[:200] for _ in epochs),
        source=draw(MAYBE),
        target=draw(MAYBE),
        parted_at=draw(st.none() | st.integers(1, 1000)),
    )


problems = st.builds(
    Problem,
    st.sampled_from(KINDS),
    TEXT,
    *[MAYBE] * 6,
    training=st.none() | trainings(),
)


@st.composite
def checks(draw: st.DrawFn, outcomes: tuple[Outcome, ...], earning: bool) -> CheckResult:
    outcome = draw(st.sampled_from(outcomes))
    maximum = draw(POINTS)
    score = 0.0
    if outcome == "passed":
        score = maximum
    elif earning and outcome not in ("missing", "skipped", "internal_error"):
        score = draw(st.floats(0, 1)) * maximum
    return CheckResult(
        draw(TEXT),
        draw(TEXT),
        maximum,
        outcome,
        score,
        draw(st.sampled_from(VISIBILITIES)),
        None if outcome == "passed" else draw(st.none() | problems),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    status = draw(st.sampled_from(STATUSES))
    outcomes = OUTCOMES
    if status == "graded":
        outcomes = tuple(each for each in OUTCOMES if each != "internal_error")
    elif status == "unreadable":
        outcomes = ("skipped", "missing")
    names = draw(st.lists(st.text(max_size=20), max_size=4, unique=True))
    some_checks = st.lists(checks(outcomes, status == "graded"), min_size=1, max_size=4)
    return Report(
        assignment=draw(TEXT),
        submission=draw(TEXT),
        seed=draw(st.integers()),
        status=status,
        tasks=tuple(TaskResult(name, tuple(draw(some_checks)), draw(TEXT)) for name in names),
        reason=None if status == "graded" else draw(TEXT.filter(bool)),
        notes=tuple(draw(st.lists(TEXT, max_size=3))),
        sandbox=draw(
            st.none()
            | st.builds(
                SandboxSummary,
                st.sampled_from(PROFILES),
                st.dictionaries(TEXT, TEXT, max_size=3),
                st.lists(TEXT, max_size=3).map(tuple),
            )
        ),
        environment=draw(st.dictionaries(TEXT, TEXT, max_size=3)),
        timing=draw(st.dictionaries(TEXT, st.floats(0, 1e6) | TEXT, max_size=3)),
    )


def schema_errors(data: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(report_schema())
    return [error.message for error in validator.iter_errors(data)]


def example() -> Report:
    return Report.from_dict(json.loads((GOLDEN / "report.json").read_text(encoding="utf-8")))


def check(outcome: Outcome = "passed", points: float = 1.0, score: float | None = None) -> Any:
    earned = score if score is not None else points if outcome == "passed" else 0.0
    return CheckResult("test_it", "It works.", points, outcome, earned)


def graded(*tasks: TaskResult, **fields: Any) -> Report:
    return Report("hello_rnn", "alice", 1, "graded", tasks, **fields)


# --- trainings ------------------------------------------------------------------------------------


def test_a_report_without_a_training_does_not_speak_of_one() -> None:
    assert "training" not in Problem("value", "Wrong.").to_dict()
    assert "training" in Problem("value", "Wrong.", training=Training()).to_dict()


@pytest.mark.parametrize(
    "fields",
    [
        {"losses": (1.0,)},
        {"losses": (math.nan,), "reference": (1.0,), "loss_epochs": (1,)},
        {"losses": (1.0,), "reference": (math.inf,), "loss_epochs": (1,)},
        {"losses": (1.0,), "reference": (1.0,), "loss_epochs": (0,)},
        {"losses": (1.0,) * 201, "reference": (1.0,) * 201, "loss_epochs": tuple(range(1, 202))},
        {"losses": (1.0, 1.0), "reference": (1.0, 1.0), "loss_epochs": (2, 1)},
        {"epochs": (1,)},
        {"epochs": (-1,), "predictions": ("ohlol",)},
        {"epochs": (1,), "predictions": ("o" * 201,)},
        {"parted_at": 0},
    ],
)
def test_a_training_that_cannot_be_drawn_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"epoch|loss|prediction"):
        Training(**fields)


def test_the_parting_is_told_with_as_many_digits_as_it_takes() -> None:
    training = Training((1.5, 1.1012), (1.5, 1.0982), (1, 2), parted_at=2)
    assert training.parting is not None
    assert training.parting.endswith("reference: 1.1012 instead of 1.0982.")
    never_finite = Training((None,), (1.5,), (1,), parted_at=1)
    assert never_finite.parting is not None
    assert "no finite number instead of 1.5" in never_finite.parting
    assert Training((1.5,), (1.5,), (1,)).parting is None


# --- totals ---------------------------------------------------------------------------------------


def test_scores_add_up_without_the_noise_of_floats() -> None:
    task = TaskResult("one_hot", (check(points=0.1), check(points=0.2)))
    assert task.score == 0.3
    assert graded(task).score == 0.3
    assert graded(task).max_score == 0.3


def test_thirds_make_a_whole_within_a_task_and_across_tasks() -> None:
    third = check(points=1 / 3)
    assert TaskResult("one_hot", (third,) * 3).max_score == 1
    alone = [TaskResult(name, (third,)) for name in "abc"]
    assert graded(*alone).max_score == 1
    assert Report.from_dict(graded(*alone).to_dict()).score == 1


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["passed", "passed"], "passed"),
        (["passed", "timeout", "failed"], "timeout"),
        (["skipped", "failed"], "skipped"),
        (["failed", "internal_error"], "internal_error"),
    ],
)
def test_a_task_ends_as_its_first_check_that_did_not_pass(
    outcomes: list[Outcome], expected: Outcome
) -> None:
    assert TaskResult("one_hot", tuple(map(check, outcomes))).outcome == expected


def test_the_maximum_counts_what_was_skipped() -> None:
    task = TaskResult("one_hot", (check("missing", 0.5), check("skipped", 1.5)))
    assert (task.score, task.max_score) == (0, 2)


def test_the_graders_failure_is_no_score_and_an_unreadable_submission_zero() -> None:
    tasks = (TaskResult("one_hot", (check("skipped", 2),)),)
    failed = Report("hello_rnn", "a", 1, "internal_error", tasks, reason="The sandbox broke.")
    unreadable = Report("hello_rnn", "a", 1, "unreadable", tasks, reason="There is no notebook.")
    assert (failed.score, failed.max_score) == (None, 2)
    assert (unreadable.score, unreadable.max_score) == (0, 2)


# --- what cannot be true --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"score": 1.5, "outcome": "failed"},
        {"score": -0.1, "outcome": "failed"},
        {"score": math.nan, "outcome": "failed"},
        {"max_score": math.inf},
        {"max_score": True},
        {"score": 0.5},
        {"problem": Problem("value", "wrong")},
        {"outcome": "skipped", "score": 0.5},
        {"outcome": "missing", "score": 0.5},
        {"outcome": "won"},
        {"visibility": "secret"},
    ],
    ids=str,
)
def test_a_check_refuses_what_cannot_be_true(fields: dict[str, Any]) -> None:
    possible: dict[str, Any] = {
        "name": "t",
        "title": "T.",
        "max_score": 1.0,
        "outcome": "passed",
        "score": 1.0,
    }
    CheckResult(**possible)
    with pytest.raises(ValueError, match=r"\w"):
        CheckResult(**{**possible, **fields})


def test_a_report_refuses_what_cannot_be_true() -> None:
    task = TaskResult("one_hot", (check(),))
    with pytest.raises(ValueError, match="without checks"):
        TaskResult("one_hot", ())
    with pytest.raises(ValueError, match="same name"):
        graded(task, task)
    with pytest.raises(ValueError, match="internal_error"):
        graded(TaskResult("one_hot", (check("internal_error"),)))
    with pytest.raises(ValueError, match="reason"):
        graded(task, reason="because")
    with pytest.raises(ValueError, match="why"):
        Report("hello_rnn", "alice", 1, "internal_error", (task,))
    with pytest.raises(ValueError, match="cannot earn"):
        Report("hello_rnn", "alice", 1, "unreadable", (task,), reason="There is no notebook.")
    with pytest.raises(ValueError, match="timing"):
        graded(task, timing={"total": math.nan})
    with pytest.raises(ValueError, match="kind"):
        Problem("bad", "wrong")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="text"):
        Problem("value", 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="seed"):
        Report("hello_rnn", "alice", "1", "graded", (task,))  # type: ignore[arg-type]


def test_text_that_utf8_cannot_hold_is_replaced() -> None:
    assert Problem("value", "\ud83d\ude00 and \ud83d").message == "😀 and \ufffd"


# --- to and from JSON -----------------------------------------------------------------------------


@given(reports())
def test_every_report_survives_json_and_keeps_to_the_schema(report: Report) -> None:
    text = json_file.render(report)
    data = json.loads(text.encode("utf-8"), parse_constant=pytest.fail)
    assert schema_errors(data) == []
    assert Report.from_dict(data) == report
    assert json_file.render(Report.from_dict(data)) == text
    assert pickle.loads(pickle.dumps(report)) == report


@given(reports())
def test_json_holds_nothing_that_cannot_be_seen(report: Report) -> None:
    kinds = {unicodedata.category(each) for each in json_file.render(report).replace("\n", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_json_is_the_golden_file() -> None:
    assert json_file.render(example()) == (GOLDEN / "report.json").read_text(encoding="utf-8")


def test_json_keeps_letters_and_escapes_what_cannot_be_seen() -> None:
    report = graded(notes=("你好 \u202e\x1b[31m\u2028",))
    assert r'"你好 \u202e\u001b[31m\u2028"' in json_file.render(report)


KEYS = {
    "report": "schema_version assignment submission seed status score max_score reason tasks notes "
    "sandbox environment timing",
    "task": "name title score max_score outcome checks",
    "check": "name title score max_score outcome visibility problem",
    "problem": "kind message call expected actual mistake advice where",
}


def test_keys_stand_in_the_order_of_the_contract() -> None:
    report = example().to_dict()
    task = report["tasks"][1]
    failed = task["checks"][1]
    found = {"report": report, "task": task, "check": failed, "problem": failed["problem"]}
    assert {name: " ".join(each) for name, each in found.items()} == KEYS


def test_two_runs_differ_in_their_times_alone() -> None:
    one, other = replace(example(), timing={"total": 1.0}), replace(example(), timing={"total": 2})
    assert one != other
    assert one.without_times() == other.without_times()


def _damaged(change: Any) -> dict[str, Any]:
    data = copy.deepcopy(example().to_dict())
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("schema_version"), "no schema_version"),
        (lambda data: data.update(schema_version=2), "schema_version 2.*reads 1"),
        (lambda data: data.pop("notes"), "lacks the field 'notes'"),
        (lambda data: data.update(extra=1), "does not know"),
        (lambda data: data.update(score=28.0), "add up"),
        (lambda data: data["tasks"][0].update(score=0.25), "add up"),
        (lambda data: data["tasks"][0]["checks"][0].update(score=9), "damaged"),
        (lambda data: data["tasks"][0]["checks"][0].update(extra=9), "damaged"),
        (lambda data: data["tasks"][0].update(checks=None), "damaged"),
        (lambda data: data.update(status="great"), "damaged"),
        (lambda data: data.update(notes="text"), "does not know"),
        (lambda data: data.update(environment=[]), "damaged"),
    ],
)
def test_what_is_no_report_is_refused_in_plain_words(change: Any, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        Report.from_dict(_damaged(change))


# --- the schema -----------------------------------------------------------------------------------


def test_the_schema_is_one_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())


# As the contract has them.
CONTRACT_STATUSES = "graded unreadable internal_error"
CONTRACT_OUTCOMES = "passed failed error timeout memory crashed missing skipped internal_error"
CONTRACT_KINDS = (
    "missing syntax raised type shape dtype value gradient mutated_argument nondeterministic "
    "timeout memory crashed output_limit protocol convergence"
)


def test_the_schema_knows_every_word_of_the_contract() -> None:
    schema = report_schema()
    definitions = schema["$defs"]
    assert " ".join(schema["properties"]["status"]["enum"]) == CONTRACT_STATUSES
    assert " ".join(definitions["outcome"]["enum"]) == CONTRACT_OUTCOMES
    assert " ".join(definitions["problem"]["properties"]["kind"]["enum"]) == CONTRACT_KINDS
    assert tuple(definitions["outcome"]["enum"]) == OUTCOMES == get_args(Outcome)
    assert tuple(definitions["problem"]["properties"]["kind"]["enum"]) == KINDS == get_args(Kind)
    assert tuple(schema["properties"]["status"]["enum"]) == STATUSES
    assert tuple(definitions["check"]["properties"]["visibility"]["enum"]) == VISIBILITIES
    assert tuple(definitions["sandbox"]["properties"]["profile"]["enum"]) == PROFILES


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(extra=1),
        lambda data: data["tasks"][0].update(extra=1),
        lambda data: data["tasks"][0]["checks"][0].update(extra=1),
        lambda data: data["tasks"][1]["checks"][1]["problem"].update(extra=1),
        lambda data: data["sandbox"].update(extra=1),
        lambda data: data.update(score=None),
        lambda data: data.update(score=-1),
        lambda data: data.update(reason="because"),
        lambda data: data.update(status="unreadable", reason="why"),
        lambda data: data.update(status="internal_error", reason="why"),
        lambda data: data["tasks"][0].update(outcome="internal_error"),
        lambda data: data["tasks"][0].update(checks=[]),
        lambda data: data["tasks"][1]["checks"][1].update(outcome="passed"),
        lambda data: data["tasks"][1]["checks"][1]["problem"].update(kind="other"),
    ],
)
def test_the_schema_refuses_what_cannot_be_true(change: Any) -> None:
    assert schema_errors(_damaged(lambda data: None)) == []
    assert schema_errors(_damaged(change))


def test_everything_in_the_schema_is_described_and_closed() -> None:
    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for child in node.values():
                yield from objects(child)

    found = list(objects(report_schema()))
    assert len(found) >= 5
    for each in found:
        assert each["description"]
        assert "additionalProperties" in each
        for name, field in each.get("properties", {}).items():
            assert "description" in field or "$ref" in field, name


# --- grades.csv -----------------------------------------------------------------------------------


def table_of(reports: list[Report]) -> str:
    return csv_file.render(map(Summary.of, reports))


def test_a_class_as_csv() -> None:
    one_hot = TaskResult("one_hot", (check(points=0.5), check("failed", 1.5, 0.25)))
    decode = TaskResult("decode", (check(points=1),))
    absent = tuple(
        TaskResult(task.name, (check("skipped", task.max_score),)) for task in (one_hot, decode)
    )
    table = table_of(
        [
            graded(one_hot, decode),
            Report("hello_rnn", "bob", 1, "unreadable", absent, reason="There is no notebook."),
            Report("hello_rnn", "carol", 1, "internal_error", absent, reason="No sandbox."),
        ]
    )
    assert table == (
        "submission,score,max_score,status,one_hot,decode\n"
        "alice,1.75,3,graded,0.75,1\n"
        "bob,0,3,unreadable,0,0\n"
        "carol,,3,internal_error,,\n"
    )


def test_csv_without_submissions_is_its_heading() -> None:
    assert csv_file.render([]) == "submission,score,max_score,status\n"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("\t=1", "'=1"),
        ("\x1b[31m=1", "'=1"),
        ("\u202e=1", "'=1"),
        ('a,"b"', 'a,"b"'),
        ("two\nlines", "two lines"),
        ("Zoë", "Zoë"),
    ],
)
def test_a_name_never_becomes_a_formula(name: str, cell: str) -> None:
    table = table_of([replace(example(), submission=name)])
    assert next(iter(csv.DictReader(io.StringIO(table))))["submission"] == cell


@given(st.lists(reports(), max_size=3))
def test_csv_has_one_row_a_report(many: list[Report]) -> None:
    rows = list(csv.reader(io.StringIO(table_of(many), newline="")))
    assert len(rows) == len(many) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [row[3] for row in rows[1:]] == [report.status for report in many]


# --- text made harmless ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", "]0;never ended"),
        ("\x1bcreset", "reset"),
        ("over\rwrite", "over\nwrite"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("a\tb", "a   b"),
        ("\u202egnp.exe", "gnp.exe"),
        ("nul\x00 bell\x07", "nul bell"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 3),
        ("half \ud83d", "half \ufffd"),
        ("你好 é ✓", "你好 é ✓"),
    ],
)
def test_plain_text_is_all_that_is_left(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_cut_says_how_much_is_gone() -> None:
    assert plain("x" * 1_000_000, 10) == "x" * 10 + "… cut, 999,990 more characters"
    assert plain("x" * 10, 10) == "x" * 10
    assert one_line(" a \n\n b ") == "a b"


@pytest.mark.parametrize("start", ["\x1b", "\x1b[", "\x1b]", "\x9d", "\x9b", "\u0301", "\x1b]0;"])
def test_a_long_text_is_read_only_once(start: str) -> None:
    # Quadratic work would take minutes here, not a moment.
    assert "\x1b" not in plain(start * 300_000, 1_000_000)


# --- writing files --------------------------------------------------------------------------------


def test_a_file_is_written_whole_in_utf8_with_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    write_atomically(path, "é\n")
    write_atomically(path, "你\n")
    assert path.read_bytes() == "你\n".encode()
    assert [each.name for each in tmp_path.iterdir()] == ["grades.csv"]


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud83d")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_atomically(tmp_path / "folder", "new")
    assert path.read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "grades.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    fresh, path, link = tmp_path / "fresh", tmp_path / "grades.csv", tmp_path / "link"
    fresh.write_text("as the user's mask has it")
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_atomically(link, "new")
    write_atomically(tmp_path / "other", "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "other").stat().st_mode == fresh.stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no /dev/null")
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomically(Path("/dev/null"), "text")
    assert not Path("/dev/null").is_file()
