"""Submissions that try to break out: none earns a point, breaks the grader or leaves a trace."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from siege import LIMITS, PATIENCE, Attack, Siege, attack, attacks, peak_memory

from autograder.errors import SandboxRefused
from autograder.report import Report
from autograder.sandbox.launch import start_zygote
from autograder.writers import terminal

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs Linux, where the sandbox is"
)

REASONABLE_GROWTH = 300 * 2**20  # bytes that one submission may cost the grader, for a moment


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OHLOL_SECRET", "hunter2")
        with Siege(tmp_path_factory.mktemp("siege")) as siege:
            siege.grade_honest()  # everything that is loaded once is loaded
            yield siege


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.name)
def test_attack_fails(siege: Siege, attack: Attack) -> None:
    before = peak_memory()

    report = siege.grade(attack.source)

    assert report.status == "graded", report.reason
    assert report.score == 0.0
    assert peak_memory() - before < REASONABLE_GROWTH
    _assert_as_told(report, attack)
    _assert_harmless(report)
    assert siege.grade_honest().score == 2.0
    assert siege.traces() == []


def test_each_attack_tells_what_must_happen() -> None:
    ends = {"failed", "error", "timeout", "memory", "crashed", "missing"}
    for one in attacks():
        assert "Must" in one.source.split('"""')[1], one.name
        assert one.outcomes <= ends, one.name


def test_nothing_passes_from_one_submission_to_the_next(siege: Siege) -> None:
    source = attack("leaves_word").source

    assert [siege.evidence(source) for _ in range(2)] == ["'nobody was here'"] * 2


BOMBS = {
    "parentheses": "(" * 100_000 + ")" * 100_000,
    "signs": "-" * 100_000 + "1",
    "brackets": "[" * 20_000 + "]" * 20_000,
    "nots": "not " * 20_000 + "1",
    "powers": "2" + "**2" * 20_000,
    "attributes": "a" + ".a" * 20_000,
    "calls": "a" + "()" * 20_000,
    "sums": "1" + "+1" * 20_000,
    "lambdas": "lambda:" * 20_000 + "1",
    "f-strings": "f'{" * 200 + "1" + "}'" * 200,
    "blocks": "".join("\n" + " " * depth + "if 1:" for depth in range(300)) + " pass",
    "unfinished": "x = '''" + "(" * 20_000,
    "NUL": "x = 1\x00",
    "surrogate": "x = '\ud800'",
    "encoding": "# -*- coding: utf-7 -*-\nx = '+AAA-'",
    "wide number": "x = " + "9" * 200_000,
    "only backslashes": "\\\n" * 20_000,
    "magics": "%time x\n!ls\n" * 100,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_text_that_exhausts_parsers_harms_nobody(siege: Siege, text: str) -> None:
    report = siege.grade(f"{text}\n\n\ndef unlock(door):\n    return door\n")

    assert report.status == "graded", report.reason
    assert report.score == 0.0
    _assert_harmless(report)
    assert siege.grade_honest().score == 2.0


CONTROLS = [one for one in attacks() if one.control]
"""An attack that fails proves something only where it would succeed without the sandbox."""


@pytest.fixture(scope="module")
def weaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Siege]]:
    """Sieges without some layers, each made when it is first wanted."""
    zygote = start_zygote(LIMITS.packages)
    with contextlib.ExitStack() as stack:

        @cache
        def siege(without: frozenset[str]) -> Siege:
            folder = tmp_path_factory.mktemp("weaker")
            return stack.enter_context(Siege(folder, without=sorted(without), zygote=zygote))

        yield siege


@pytest.mark.parametrize("attack", CONTROLS, ids=lambda attack: attack.name)
def test_attack_gets_through_without_the_layer(
    weaker: Callable[..., Siege], attack: Attack
) -> None:
    siege = weaker(attack.control)

    report = siege.grade(attack.source)

    check = report.tasks[0].checks[0]
    assert report.sandbox is not None
    assert report.sandbox.profile == "weaker"
    assert report.sandbox.lost
    if check.outcome != "passed":  # with the solution's numbers at hand
        assert check.problem is not None
        assert "through" in str(check.problem.actual)
    _undo(siege)


@pytest.mark.parametrize("name", ["kills_its_parent", "limits_its_parent"])
def test_the_zygote_is_hit_without_the_layers(tmp_path: Path, name: str) -> None:
    with Siege(tmp_path, without=["seccomp", "landlock"]) as siege:
        pidfd = os.pidfd_open(siege.zygote.process.pid)

        with contextlib.suppress(SandboxRefused):  # which is how the grader notices
            siege.grade(attack(name).source)
            siege.grade_honest()

        assert select.select([pidfd], [], [], PATIENCE)[0], "it lives on"
        os.close(pidfd)


def _undo(siege: Siege) -> None:
    """What got through in a control."""
    for path in (siege.results, siege.submission):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("alice's")
        path.with_name(path.name + "~").unlink(missing_ok=True)


def _assert_as_told(report: Report, attack: Attack) -> None:
    check = report.tasks[0].checks[0]
    assert check.problem is not None
    told = f"{check.problem.message}\n{check.problem.actual}"
    assert check.outcome in attack.outcomes, told
    assert attack.kind in ("", check.problem.kind), told
    if attack.note:
        assert any(attack.note in note for note in report.notes), report.notes
    evidence = str(check.problem.actual)
    if attack.shows == "denied":
        assert "denied" in evidence
        assert not re.search(r"through|odd|more characters", evidence), evidence
    else:
        assert attack.shows in evidence


SCHEMA = json.loads(resources.files("autograder").joinpath("report.schema.json").read_text())


def _assert_harmless(report: Report) -> None:
    """Text from the other side fits the schema and the screen, and steers nobody's terminal."""
    found = report.to_dict()
    jsonschema.validate(found, SCHEMA)
    text = json.dumps(found, ensure_ascii=False)
    text.encode("utf-8")
    assert len(text) < 200_000
    page = terminal.render(report, width=80, color=False)
    assert not re.search(r"[^\n\x20-\x7e\xa0-\U0010ffff]", page)
    assert len(page) < 50_000
