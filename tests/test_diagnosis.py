"""What is said of a wrong solution is true of it: measured on mistakes that others wrote.

A known mistake is named rightly when it answers as the wrong solution does on fresh inputs. The
collection comes from ``OHLOL_VARIANTS``, as in `test_variants`.
"""

from __future__ import annotations

from typing import Any

import pytest
from kit import HELLO_RNN, script
from test_variants import FOLDERS, VARIANTS

from autograder import Grader, find_assignment
from autograder.mistakes import Catalogue, Observed, same_answer
from autograder.reference import across
from autograder.report import Problem
from autograder.sandbox.performer import perform
from autograder.sandbox.program import own
from autograder.sandbox.wire import Answer, Call, Raised

FRESH_SEEDS = (31, 32, 33, 34)  # of about a thousand inputs for each task, unlike those graded on

# Of these the message itself says what is wrong; of the others somebody has to find out.
SPEAKING = {"type", "shape", "dtype", "gradient", "mutated_argument", "nondeterministic"}

WRONG = sorted(VARIANTS.glob("*/wrong/*.py"))

pytestmark = pytest.mark.skipif(
    not WRONG, reason=f"needs wrong variants, and {VARIANTS} has none; OHLOL_VARIANTS says where"
)


@pytest.fixture(scope="module")
def diagnoses() -> list[tuple[str, list[tuple[str, Problem]]]]:
    """For each wrong solution, its problems by task."""
    solution = (HELLO_RNN / "hello_rnn.py").read_text(encoding="utf-8")
    found = []
    with Grader(find_assignment(HELLO_RNN), seed=77) as grader:
        for path in WRONG:
            source = path.read_text(encoding="utf-8")
            submission = script(f"{solution}\n\n# %%\n{source}")
            problems = [
                (task, verdict.problem)
                for task in sorted(FOLDERS[path.parts[-3]])
                for verdict in grader.judged(submission, task).values()
                if verdict.problem is not None
            ]
            found.append((source, problems))
    return found


@pytest.fixture(scope="module")
def fresh() -> dict[str, list[tuple[int, Call]]]:
    """For each task, calls that nobody was graded on, each with its seed."""
    calls: dict[str, list[tuple[int, Call]]] = {}
    for seed in FRESH_SEEDS:
        with Grader(find_assignment(HELLO_RNN), seed=seed) as grader:
            for check in grader.checks:
                if check.points.compared:
                    own_calls = calls.setdefault(check.task.name, [])
                    own_calls.extend((check.seed, call) for call in check.calls)
    return calls


def test_a_named_mistake_is_true_of_the_code(
    diagnoses: list[tuple[str, list[tuple[str, Problem]]]],
    fresh: dict[str, list[tuple[int, Call]]],
) -> None:
    catalogue = Catalogue.of(HELLO_RNN)
    named = wrongly = 0
    complaints = []
    for source, problems in diagnoses:
        namespace: dict[str, Any] = {}
        exec(compile(source, "<variant>", "exec"), namespace)
        for task, mistake in {(task, p.mistake) for task, p in problems if p.mistake}:
            named += 1
            if not _answers_alike(catalogue, task, str(mistake), namespace, fresh[task]):
                wrongly += 1
                complaints.append(f"{task}: {mistake} is not true of\n{source}")
    assert named, "no mistake was ever named"
    print(f"\nnamed {named}, of which not true {wrongly}")
    assert wrongly <= 0.03 * named, "\n".join(complaints)


def test_something_true_is_said_of_nearly_every_mistake(
    diagnoses: list[tuple[str, list[tuple[str, Problem]]]],
) -> None:
    silent = [
        source
        for source, problems in diagnoses
        if not any(p.mistake or p.advice or p.kind in SPEAKING for _, p in problems)
    ]
    named = sum(any(p.mistake for _, p in problems) for _, problems in diagnoses)
    print(f"\n{len(diagnoses)} wrong solutions: {named} named, {len(silent)} without a word")
    assert len(silent) <= 0.1 * len(diagnoses), "\n".join(silent)


def _answers_alike(
    catalogue: Catalogue,
    task: str,
    name: str,
    namespace: dict[str, Any],
    calls: list[tuple[int, Call]],
) -> bool:
    mistake = next(m for m in catalogue.mistakes if (m.task, m.id) == (task, name))
    observed = Observed("fresh", 0, [call for _, call in calls], [])
    for index, (_, call) in enumerate(calls):
        if not mistake.concerns(call):
            continue
        theirs: Answer | Raised = across(perform(own(call), namespace))
        if not same_answer(theirs, catalogue.answer(mistake, observed, index), call):
            return False
    return True
