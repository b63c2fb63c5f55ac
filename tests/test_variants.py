"""Correct and wrong solutions that others wrote: correct ones earn everything, wrong ones do not.

The collection lies outside of the project; ``OHLOL_VARIANTS`` says where. A variant is used as its
README asks: its code becomes the last cell of the solution.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import kit
import pytest

from autograder.assignment import find_assignment
from autograder.batch import Terms, grade_class, outstanding, workers_of
from autograder.report import Report
from autograder.results import Results
from autograder.submission import find_submissions

VARIANTS = Path(os.environ.get("OHLOL_VARIANTS") or kit.ROOT.parent / "shared" / "variants")
FOLDERS = {
    "task1_cell_step": {"rnn_cell_step"},
    "task2_encoding": {"vocabulary", "one_hot", "to_inputs"},
    "task3_run_cell": {"run_cell"},
    "task4_run_layers": {"run_layers"},
    "task5_flatten": {"flatten"},
    "task6_models": {"cell_model", "rnn_model", "decode"},
}


def variants(kind: str) -> list[object]:
    paths = sorted(VARIANTS.glob(f"*/{kind}/*.py"))
    if not paths:
        why = f"needs {kind} variants, and {VARIANTS} has none; OHLOL_VARIANTS says where they are"
        return [pytest.param(None, marks=pytest.mark.skip(reason=why), id="no variants")]
    return [pytest.param(path, id=f"{path.parts[-3]}-{path.stem}") for path in paths]


@pytest.fixture(scope="module")
def reports(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Report]:
    """The report of each variant that is tested: they are graded as a class of their own."""
    folder = tmp_path_factory.mktemp("class")
    solution = (kit.HELLO_RNN / "hello_rnn.py").read_text(encoding="utf-8")
    names: dict[str, Path] = {}
    for item in request.session.items:
        variant = getattr(item, "callspec", None) and item.callspec.params.get("variant")
        if isinstance(variant, Path):
            name = "-".join([*variant.parts[-3:-1], variant.stem])
            names[name] = variant
            code = variant.read_text(encoding="utf-8")
            (folder / f"{name}.py").write_text(f"{solution}\n\n# %%\n{code}", encoding="utf-8")
    terms = Terms(find_assignment(kit.HELLO_RNN), seed=20261123)
    with terms.grader() as grader, Results(folder / "results") as results:
        work = outstanding(results, find_submissions([folder], "hello_rnn"), terms.key())
        grade_class(workers_of(grader, os.cpu_count() or 1), work, results)
    return {
        variant: Report.from_dict(
            json.loads((folder / "results" / name / "report.json").read_text())
        )
        for name, variant in names.items()
    }


def problems(report: Report) -> dict[str, str]:
    return {
        name: check.problem.message if check.problem else check.outcome
        for name, check in kit.checks_of(report).items()
        if check.outcome != "passed"
    }


@pytest.mark.parametrize("variant", variants("correct"))
def test_correct_earns_everything(reports: dict[Path, Report], variant: Path) -> None:
    report = reports[variant]
    assert (report.status, report.notes) == ("graded", ())
    assert problems(report) == {}
    assert report.score == report.max_score


@pytest.mark.parametrize("variant", variants("wrong"))
def test_wrong_loses_in_its_folder_and_nowhere_else(
    reports: dict[Path, Report], variant: Path
) -> None:
    report = reports[variant]
    assert (report.status, report.notes) == ("graded", ())
    lost, own = kit.tasks_that_lost(report), FOLDERS[variant.parts[-3]]
    assert lost
    assert lost <= own, problems(report)
