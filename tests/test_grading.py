"""What grading finds out: every outcome and kind of problem, each on a small assignment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import kit
import pytest

from autograder.assignment import Assignment, BadAssignment
from autograder.grading import Grader
from autograder.report import CheckResult, Report
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

SOLUTION = """\
def double(x):
    return x * 2


def pick(x):
    return len(x) - 1


def look(x, index):
    return x[index].item()


def shout(text):
    return text.upper()
"""

# Four tasks: one with every comparison; one whose second call depends on the first answer; one of
# plain tests, fixtures and parameters; one of texts.
CHECKS = """\
few = settings(max_examples=20)
PAIRS = tensors("batch", "feature")


@task("double", points=4, hints=("Twice.", "x * 2"))
class TestDouble:
    @points(0.5)
    @few
    @given(x=PAIRS)
    def test_shape(self, student, x):
        '''The shape stays.'''
        close(student.double(x), x, axes="batch feature", rtol=0, atol=float("inf"))

    @points(1.5, after="test_shape")
    @given(x=PAIRS)
    def test_values(self, student, x):
        '''Every number is doubled.'''
        close(student.double(x), x * 2, axes="batch feature")

    @points(0.5)
    @few
    @given(x=PAIRS)
    def test_gradients(self, student, x):
        '''Gradients flow.'''
        same_gradients(student.double, lambda x: x * 2, x)

    @points(0.75)
    @few
    @given(x=PAIRS)
    def test_unchanged(self, student, x):
        '''What you are given stays.'''
        unchanged_arguments(student.double, x)

    @points(0.75)
    @few
    @given(x=PAIRS)
    def test_repeatable(self, student, x):
        '''Twice the same.'''
        repeatable(student.double, x)


@task("pick", points=2, provides=("pick", "look"))
class TestPick:
    @points(2)
    @few
    @given(x=tensors("n", low=2))
    def test_looked_up(self, student, x):
        '''Whatever you pick, you find it.'''
        index = student.pick(x)
        if type(index) is not int or not 0 <= index < len(x):
            raise Mismatch("value", f"There is no number {index}.", actual=index)
        close(student.look(x, index), x[index].item())


@pytest.fixture
def word():
    return "abc"


@task("plain", points=3, provides=("shout",))
class TestPlain:
    @pytest.fixture
    def upper(self, word):
        return word.upper()

    @points(1)
    def test_fixtures(self, student, word, upper):
        '''Without Hypothesis.'''
        close(student.shout(word), upper)

    @points(0.5)
    @pytest.mark.parametrize("text", ["", "x"])
    def test_parameters(self, student, text):
        '''With parameters.'''
        close(student.shout(text), text.upper())

    @points(0.5)
    @few
    @pytest.mark.parametrize("times", [1, 2])
    @given(text=texts("ab"))
    def test_both(self, student, word, times, text):
        '''With everything at once.'''
        close(student.shout((word + text) * times), (word + text).upper() * times)
"""

LIMITS = Limits(statement_seconds=3)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return kit.write_assignment(tmp_path_factory.mktemp("course"), "zoo", SOLUTION, CHECKS)


@pytest.fixture(scope="module")
def grader(assignment: Assignment) -> Iterator[Grader]:
    with Grader(assignment, seed=7, limits=LIMITS) as grader:
        yield grader


def others_earn_everything(report: Report, *tasks: str) -> bool:
    return kit.tasks_that_lost(report) == set(tasks)


def double(grader: Grader, body: str) -> dict[str, CheckResult]:
    """How the checks of `double` end for the solution with this instead of its own."""
    report = grader.grade(kit.script(SOLUTION.replace("return x * 2", body)))
    assert report.status == "graded"
    assert others_earn_everything(report, "double")
    return {
        name.removeprefix("double."): check
        for name, check in kit.checks_of(report).items()
        if name.startswith("double.")
    }


def problem(check: CheckResult) -> tuple[str, str, str]:
    assert check.problem is not None
    return check.outcome, check.problem.kind, check.problem.message


def test_the_solution_earns_everything(grader: Grader) -> None:
    report = grader.grade(kit.script(SOLUTION, name="alice"))
    assert (report.status, report.score, report.max_score) == ("graded", 9, 9)
    assert (report.assignment, report.submission, report.seed) == ("zoo", "alice", 7)
    assert {check.outcome for check in kit.checks_of(report).values()} == {"passed"}
    assert {check.visibility for check in kit.checks_of(report).values()} == {"public"}


def test_nothing_at_all_is_missing_and_worth_nothing(grader: Grader) -> None:
    report = grader.grade(kit.script("x = 1"))
    assert (report.status, report.score, report.max_score) == ("graded", 0, 9)
    outcomes = {name: check.outcome for name, check in kit.checks_of(report).items()}
    assert outcomes.pop("double.test_values") == "skipped"
    assert set(outcomes.values()) == {"missing"}


# Wrong results


def test_value(grader: Grader) -> None:
    checks = double(grader, "return x * 3")
    assert [name for name, check in checks.items() if check.outcome != "passed"] == [
        "test_values", "test_gradients",
    ]  # fmt: skip
    found = checks["test_values"].problem
    assert found is not None
    assert found.kind == "value"
    assert found.message.startswith("In the result, 1 of 1 elements is wrong, first at batch=0,")
    assert (found.call or "").startswith("double(tensor([[")
    assert found.actual != found.expected
    assert problem(checks["test_gradients"])[:2] == ("failed", "gradient")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "should be a tensor, and is None. Is there a return statement"),
        ("pass", "should be a tensor, and is None. Is there a return statement"),
        ("return (x * 2).numpy()", "is numpy.ndarray. Stay in torch"),
        ("return (x * 2).tolist()", "should be a tensor, and is a list."),
        ("return float(x.sum())", "should be a tensor, and is a float."),
        ("return object", "should be a tensor, and is type."),
    ],
)
def test_type(grader: Grader, body: str, words: str) -> None:
    checks = double(grader, body)
    outcome, kind, message = problem(checks["test_shape"])
    assert (outcome, kind) == ("failed", "type")
    assert words in message
    assert checks["test_values"].outcome == "skipped"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return (x * 2)[0]", "the axis batch is missing"),
        ("return (x * 2).unsqueeze(0)", "there is an axis of length 1 too many"),
        ("return (x * 2).T", "do the axes stand in the order (feature, batch)?"),
        ("return torch.cat([x, x])", "axis 0 (batch) is 2 instead of 1"),
    ],
)
def test_shape(grader: Grader, body: str, words: str) -> None:
    outcome, kind, message = problem(double(grader, body)["test_shape"])
    assert (outcome, kind) == ("failed", "shape")
    assert message.startswith("The result should have the shape (batch, feature) = (")
    assert words in message


def test_dtype(grader: Grader) -> None:
    assert problem(double(grader, "return x.double() * 2")["test_shape"]) == (
        "failed", "dtype", "The result holds float64; it should hold float32.",
    )  # fmt: skip


def test_gradient(grader: Grader) -> None:
    checks = double(grader, "return (x * 2).detach()")
    assert [name for name, check in checks.items() if check.outcome != "passed"] == [
        "test_gradients"
    ]
    outcome, kind, message = problem(checks["test_gradients"])
    assert (outcome, kind) == ("failed", "gradient")
    assert "cut off from the inputs" in message


def test_mutated_argument(grader: Grader) -> None:
    checks = double(grader, "return x.mul_(2)")
    outcome, kind, message = problem(checks["test_unchanged"])
    assert (outcome, kind) == ("failed", "mutated_argument")
    assert message.startswith("`x` has other values after the call than before.")


@pytest.mark.parametrize(
    "body", ["return x * 2 + torch.rand(1)", "double.calls = getattr(double, 'calls', 0) + 1\n"
             "    return x * 2 + double.calls"],
)  # fmt: skip
def test_nondeterministic(grader: Grader, body: str) -> None:
    outcome, kind, message = problem(double(grader, body)["test_repeatable"])
    assert (outcome, kind) == ("failed", "nondeterministic")
    assert "Two calls with the same arguments" in message


# Missing, broken, raising


def test_missing_with_the_name_that_comes_near(grader: Grader) -> None:
    report = grader.grade(kit.script(SOLUTION.replace("def double(", "def doubel(")))
    assert others_earn_everything(report, "double")
    check = kit.checks_of(report)["double.test_shape"]
    assert check.outcome == "missing"
    assert check.problem is not None
    assert check.problem.message == "There is no double in your work."
    assert (
        check.problem.advice == "You have doubel: is that the one? The name must be exactly double."
    )


def test_syntax_costs_its_own_cell_and_says_where(grader: Grader) -> None:
    first, *rest = SOLUTION.split("\n\n\n")
    report = grader.grade(kit.notebook("import torch", first.replace("(x):", "(x)"), *rest))
    assert others_earn_everything(report, "double")
    check = kit.checks_of(report)["double.test_shape"]
    assert check.problem is not None
    assert (check.outcome, check.problem.kind) == ("error", "syntax")
    assert "expected ':'" in check.problem.message
    assert check.problem.where == "cell 2, line 1: def double(x)"


def test_an_exception_is_made_small_and_located(grader: Grader) -> None:
    body = "def double(x):\n    return torch.zeros(1, 1) + x[2:] if len(x) > 2 else x.nothing"
    report = grader.grade(kit.notebook(SOLUTION, "import torch", body))
    check = kit.checks_of(report)["double.test_values"]
    assert check.outcome == "skipped"
    check = kit.checks_of(report)["double.test_shape"]
    assert check.problem is not None
    assert (check.outcome, check.problem.kind) == ("error", "raised")
    assert check.problem.message == (
        "Your code raised AttributeError: 'Tensor' object has no attribute 'nothing'."
    )
    assert (check.problem.call or "").count(",") == 0  # one sample, one feature
    assert (check.problem.where or "").startswith("cell 3, line 2: return torch.zeros(1, 1)")


def test_the_line_is_the_students_own_and_not_torchs(grader: Grader) -> None:
    check = double(grader, "y = x\n    return torch.matmul(y, y[0, :0])")["test_shape"]
    assert check.problem is not None
    assert check.problem.kind == "raised"
    assert (check.problem.where or "").endswith("return torch.matmul(y, y[0, :0])")


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt", "BaseException('x')"])
def test_exceptions_that_would_end_a_program_are_only_exceptions(
    grader: Grader, error: str
) -> None:
    outcome, kind, message = problem(double(grader, f"raise {error}")["test_shape"])
    assert (outcome, kind) == ("error", "raised")
    assert error.partition("(")[0] in message


def test_not_written_yet(grader: Grader) -> None:
    outcome, kind, message = problem(double(grader, "raise NotImplementedError")["test_shape"])
    assert (outcome, kind) == ("error", "raised")
    assert message == "double is not written yet: it still raises NotImplementedError."


def test_a_statement_that_fails_costs_what_it_would_have_defined(grader: Grader) -> None:
    report = grader.grade(kit.script(f"{SOLUTION}\n\ndouble = nothing.double\n"))
    check = kit.checks_of(report)["double.test_shape"]
    # What was defined before it stands.
    assert check.outcome == "passed"
    assert any("NameError" in note for note in report.notes)
    report = grader.grade(
        kit.script(SOLUTION.replace("def double(x):", "double = nothing.double\ndef other(x):"))
    )
    assert others_earn_everything(report, "double")
    assert problem(kit.checks_of(report)["double.test_shape"])[:2] == ("error", "raised")


# Ends of processes


def test_a_hang_costs_one_deadline_and_not_one_for_each_example(assignment: Assignment) -> None:
    # A second for each of the hundred examples would use up the submission's thirty, and with them
    # the points of the tasks that come after.
    limits = Limits(check_seconds=2, call_seconds=1, submission_seconds=30)
    with Grader(assignment, seed=7, limits=limits) as grader:
        checks = double(grader, "while True: pass")
    assert {check.outcome for check in checks.values()} == {"timeout", "skipped"}
    outcome, kind, message = problem(checks["test_shape"])
    assert (outcome, kind) == ("timeout", "timeout")
    assert "loop that never ends" in message
    assert checks["test_shape"].problem is not None
    assert (checks["test_shape"].problem.call or "").startswith("double(tensor(")


def test_memory(grader: Grader) -> None:
    outcome, kind, message = problem(double(grader, "return torch.zeros(2**40)")["test_shape"])
    assert (outcome, kind) == ("memory", "memory")
    assert message.startswith("Your code asked for ")


@pytest.mark.parametrize(
    "body", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 11)",
             "import ctypes; ctypes.string_at(0)"],
)  # fmt: skip
def test_crashed(grader: Grader, body: str) -> None:
    checks = double(grader, body)
    assert {check.outcome for check in checks.values()} == {"crashed", "skipped"}
    outcome, kind, message = problem(checks["test_shape"])
    assert (outcome, kind) == ("crashed", "crashed")
    assert message.startswith("Your code ended its own process")


def test_skipped_only_while_the_earlier_check_fails(grader: Grader) -> None:
    checks = double(grader, "return (x * 2)[0]")
    skipped = checks["test_values"]
    assert (skipped.outcome, skipped.score, skipped.max_score) == ("skipped", 0, 1.5)
    assert checks["test_unchanged"].outcome == "passed"


# Small failures


def test_a_bug_of_batches_shrinks_to_the_smallest_batch(grader: Grader) -> None:
    body = "return x * 2 if len(x) == 1 else (x * 2).mean(0, keepdim=True).expand(x.shape)"
    check = double(grader, body)["test_values"]
    assert check.problem is not None
    rows = (check.problem.call or "").count("[") - 1
    numbers = (check.problem.call or "").count(".")
    assert (rows, numbers) == (2, 2)  # batch 2, one feature


def test_a_bug_of_long_texts_shrinks_to_the_shortest(grader: Grader) -> None:
    body = "def shout(text):\n    return text.upper() if len(text) < 6 else text\n"
    report = grader.grade(kit.script(f"{SOLUTION}\n\n{body}"))
    assert others_earn_everything(report, "plain")
    checks = kit.checks_of(report)
    failed = [name for name, check in checks.items() if check.outcome != "passed"]
    assert failed == ["plain.test_both[1]", "plain.test_both[2]"]
    first = checks["plain.test_both[1]"].problem
    assert first is not None
    assert first.call == "shout('abcaaa')"


def test_an_error_in_few_examples_is_still_found_and_small(grader: Grader) -> None:
    body = "if x.shape == (3, 2): raise ValueError('no')\n    return x * 2"
    check = double(grader, body)["test_values"]
    assert check.problem is not None
    assert check.problem.kind == "raised"
    assert (check.problem.call or "").count(".") == 6


# Fixtures, parameters, plain tests


def test_plain_tests_fixtures_and_parameters(grader: Grader) -> None:
    body = "def shout(text):\n    return text.upper() if text else None\n"
    report = grader.grade(kit.script(f"{SOLUTION}\n\n{body}"))
    outcomes = {
        name: check.outcome
        for name, check in kit.checks_of(report).items()
        if name.startswith("plain.")
    }
    assert outcomes == {
        "plain.test_fixtures": "passed",
        "plain.test_parameters[]": "failed",
        "plain.test_parameters[x]": "passed",
        "plain.test_both[1]": "passed",
        "plain.test_both[2]": "passed",
    }
    failed = kit.checks_of(report)["plain.test_parameters[]"].problem
    assert failed is not None
    assert (failed.kind, failed.call) == ("type", "shout('')")


# Verdicts that are remembered


def test_a_call_that_depends_on_an_answer_is_made_for_each_submission(grader: Grader) -> None:
    first = "\n\ndef pick(x):\n    return 0\n"
    # The calls that were foreseen are `pick(x)` and `look(x, len(x) - 1)`. All of these pick 0, and
    # answer the foreseen calls alike; they part where it was not foreseen.
    right = f"{SOLUTION}{first}"
    wrong = right + "\n\ndef look(x, index):\n    return x[-1].item()\n"
    for source, outcome in [(right, "passed"), (wrong, "failed"), (right, "passed")]:
        check = kit.checks_of(grader.grade(kit.script(source)))["pick.test_looked_up"]
        assert check.outcome == outcome


@pytest.mark.parametrize(
    ("body", "outcome"),
    [("import os; os._exit(1)", "crashed"), ("while True: pass", "timeout"), ("1 / 0", "error")],
)
def test_a_call_that_nobody_foresaw_may_end_like_any_other(
    grader: Grader, body: str, outcome: str
) -> None:
    source = "\n\ndef pick(x):\n    return 0\n\n\ndef look(x, index):\n    if index == 0:\n        "
    report = grader.grade(kit.script(f"{SOLUTION}{source}{body}\n    return x[index].item()\n"))
    assert report.status == "graded", report.reason
    assert others_earn_everything(report, "pick")
    assert kit.checks_of(report)["pick.test_looked_up"].outcome == outcome


def test_the_same_answers_get_the_same_verdict_again(grader: Grader) -> None:
    # Equal within the tolerance, and not to the bit: judged once, and remembered.
    near = f"{SOLUTION}\n\ndef double(x):\n    return x * 2.000001\n"
    far = f"{SOLUTION}\n\ndef double(x):\n    return x * 2.1\n"
    scores = [grader.grade(kit.script(source)).score for source in (near, far, near, far, near)]
    assert scores == [9, 7, 9, 7, 9]


# Examples


def draws(assignment: Assignment) -> int:
    log = assignment.folder / "draws"
    return len(log.read_bytes()) if log.exists() else 0


COUNTING = """\
from pathlib import Path


def build(n):
    with Path(__file__).with_name("draws").open("a") as log:
        log.write(".")
    return n


@task("up", points=1)
class TestUp:
    @points(1)
    @settings(max_examples=30)
    @given(n=st.builds(build, st.integers(0, 1000)))
    def test_values(self, student, n):
        close(student.up(n), n + 1)
"""
UP = "def up(n):\n    return n + 1\n"


def test_drawn_once_and_replayed_for_everybody(tmp_path: Path) -> None:
    assignment = kit.write_assignment(tmp_path, "counting", UP, COUNTING)
    with Grader(assignment, seed=1) as grader:
        drawn = draws(assignment)
        assert drawn >= 30
        assert [len(check.examples) for check in grader.checks] == [30]
        for source in (UP, "def up(n):\n    return 1 + n\n", UP):
            assert grader.grade(kit.script(source)).score == 1
        assert draws(assignment) == drawn
        # A failure is made smaller: that draws, and finds the smallest.
        report = grader.grade(kit.script("def up(n):\n    return n + (n < 100)\n"))
        found = kit.checks_of(report)["up.test_values"].problem
        assert found is not None
        assert found.call == "up(100)"
        assert draws(assignment) > drawn
        # And it spoils nothing for those who come after.
        again = draws(assignment)
        assert grader.grade(kit.script(UP)).score == 1
        assert draws(assignment) == again


def test_the_seed_decides_the_examples_and_the_report(
    assignment: Assignment, grader: Grader
) -> None:
    wrong = kit.script(f"{SOLUTION}\n\ndef double(x):\n    return x * 2 + (x > 1.8)\n")
    report = grader.grade(wrong).without_times().to_dict()
    assert grader.grade(wrong).without_times().to_dict() == report
    with Grader(assignment, seed=7, limits=LIMITS) as same:
        assert same.grade(wrong).without_times().to_dict() == report
        assert _texts(same) == _texts(grader)
    with Grader(assignment, seed=8, limits=LIMITS) as other:
        assert _texts(other) != _texts(grader)


def _texts(grader: Grader) -> list[str]:
    """What was drawn, as text: tensors do not compare as a whole."""
    return [str([example.arguments for example in check.examples]) for check in grader.checks]


def test_only_some_tasks(assignment: Assignment) -> None:
    with Grader(assignment, seed=7, tasks=["pick"]) as grader:
        report = grader.grade(kit.script(SOLUTION))
    assert [task.name for task in report.tasks] == ["pick"]
    assert (report.score, report.max_score) == (2, 2)


def test_reports_without_grading(grader: Grader) -> None:
    report = grader.unreadable("bob", "There is nothing in it.")
    assert (report.status, report.score, report.max_score) == ("unreadable", 0, 9)
    report = grader.internal_error("bob", "No room on the disk.")
    assert (report.status, report.score, report.max_score) == ("internal_error", None, 9)


# The grader's own faults


FAULTY = """\
@task("up", points=1)
class TestUp:
    @points(1)
    @settings(max_examples=10)
    @given(n=st.integers(0, 9))
    def test_values(self, student, n):
        close(student.up(n), {0: 1}.get(n, n + 1) if student.up(n) < 100 else 1 / 0)


@task("down", points=1)
class TestDown:
    @points(1)
    @given(n=st.integers(0, 9))
    def test_values(self, student, n):
        close(student.down(n), n - 1)
"""


def test_a_check_that_crashes_over_one_answer_is_nobodys_zero(tmp_path: Path) -> None:
    solution = f"{UP}\n\ndef down(n):\n    return n - 1\n"
    assignment = kit.write_assignment(tmp_path, "faulty", solution, FAULTY)
    with Grader(assignment, seed=1) as grader:
        assert grader.grade(kit.script(solution)).score == 2
        report = grader.grade(kit.script(f"{solution}\n\ndef up(n):\n    return n + 100\n"))
        assert (report.status, report.score, report.max_score) == ("internal_error", None, 2)
        assert "ZeroDivisionError" in (report.reason or "")
        checks = kit.checks_of(report)
        assert checks["up.test_values"].outcome == "internal_error"
        assert checks["down.test_values"].outcome == "passed"
        # The next one is graded as if nothing had happened.
        report = grader.grade(kit.script(f"{solution}\n\ndef up(n):\n    return n\n"))
        assert (report.status, report.score) == ("graded", 1)


# Assignments that do not hold together

ONE = """\
@task("up", points=1)
class TestUp:
    @points(1)
    @settings(max_examples=10)
    @given(n=st.integers(0, 9))
    def test_values(self, student, n):
        '''One more.'''
        close(student.up(n), n + 1)
"""


def refused(tmp_path: Path, checks: str, solution: str = UP) -> str:
    assignment = kit.write_assignment(tmp_path, "bad", solution, checks)
    with pytest.raises(BadAssignment) as caught:
        Grader(assignment, seed=1, zygote=kit.cold_zygote())
    return str(caught.value)


@pytest.mark.parametrize(
    ("checks", "message"),
    [
        (ONE.replace("points=1", "points=2"),
         "The task up is worth 2 points, but its checks add up to 1."),
        (ONE.replace("    @points(1)\n", ""),
         "checks.py::TestUp::test_values has no @points(…)."),
        (ONE.replace('@task("up", points=1)\n', ""),
         "checks.py::TestUp::test_values stands in no class with @task(…)."),
        (ONE.replace("points(1)", "points(1, after='test_shape')"),
         "checks.py::TestUp::test_values comes after test_shape, which is no earlier check of up."),
        (ONE.replace("n + 1", "n + 2"),
         "The check checks.py::TestUp::test_values (One more.) rejects the assignment's own "
         "solution: The result differs"),
        ("", "The assignment has no checks."),
    ],
    ids=["points", "no points", "no task", "after", "rejects", "empty"],
)  # fmt: skip
def test_bad_assignments(tmp_path: Path, checks: str, message: str) -> None:
    assert refused(tmp_path, checks).startswith(message)


def test_checks_that_cannot_be_imported(tmp_path: Path) -> None:
    message = refused(tmp_path, "import no_such_module\n")
    assert "checks.py" in message
    assert "No module named 'no_such_module'" in message


def test_a_check_that_asks_for_a_fixture_that_is_not_there(tmp_path: Path) -> None:
    message = refused(tmp_path, ONE.replace("(self, student, n)", "(self, student, n, table)"))
    assert "fixture 'table' not found" in message


def test_a_solution_that_does_not_run(tmp_path: Path) -> None:
    message = refused(tmp_path, ONE, solution=f"{UP}\n\nnothing\n")
    assert "bad.py" in message
    assert "NameError" in message


def test_a_solution_that_is_not_python(tmp_path: Path) -> None:
    message = refused(tmp_path, ONE, solution="def up(n)\n    return n + 1\n")
    assert "bad.py" in message
    assert "expected ':'" in message


def test_drawing_in_the_body_is_refused(tmp_path: Path) -> None:
    checks = ONE.replace("n=st.integers(0, 9)", "data=st.data()")
    checks = checks.replace("student, n)", "student, data)")
    checks = checks.replace(
        "        close", "        n = data.draw(st.integers(0, 9))\n        close"
    )
    message = refused(tmp_path, checks)
    assert "checks.py::TestUp::test_values" in message
    assert "st.data()" in message


def test_assuming_in_the_body_is_refused(tmp_path: Path) -> None:
    message = refused(
        tmp_path, ONE.replace("        close", "        assume(n > 3)\n        close")
    )
    assert "checks.py::TestUp::test_values" in message
    assert "assume" in message


def test_arguments_that_cannot_be_sent_are_refused(tmp_path: Path) -> None:
    # The solution, in this process, would get the real thing; students would not.
    checks = ONE.replace("close(student.up(n), n + 1)", "close(student.up({n}), n + 1)")
    message = refused(tmp_path, checks, solution="def up(n):\n    return max(n) + 1\n")
    assert "checks.py::TestUp::test_values" in message
    assert "set" in message


def test_two_assignments_in_one_process(tmp_path: Path) -> None:
    # Their files have the same names; neither is judged by the other's.
    one = kit.write_assignment(tmp_path / "a", "one", UP, ONE)
    two = kit.write_assignment(
        tmp_path / "b", "two", "def down(n):\n    return n - 1\n",
        ONE.replace("up", "down").replace("n + 1", "n - 1"),
    )  # fmt: skip
    with Grader(one, seed=1) as first, Grader(two, seed=1) as second:
        assert first.grade(kit.script(UP)).score == 1
        assert second.grade(kit.script("def down(n):\n    return n - 1\n")).score == 1
        assert first.grade(kit.script("def down(n):\n    return n - 1\n")).score == 0


def test_hidden_checks_of_a_task_that_has_public_ones(tmp_path: Path) -> None:
    hidden = ONE.replace("TestUp", "TestHidden").replace("points=1", "points=2")
    hidden = hidden.replace("points(1)", "points(2)").replace("test_values", "test_hidden")
    assignment = kit.write_assignment(tmp_path, "both", UP, ONE, hidden)
    with Grader(assignment, seed=1) as grader:
        report = grader.grade(kit.script(UP))
    assert (report.score, report.max_score) == (3, 3)
    assert [task.name for task in report.tasks] == ["up"]
    visibility = {name: check.visibility for name, check in kit.checks_of(report).items()}
    assert visibility == {"up.test_values": "public", "up.test_hidden": "hidden"}


def test_a_plain_assert_is_a_failure_like_any_other(tmp_path: Path) -> None:
    checks = ONE.replace(
        "close(student.up(n), n + 1)", "assert student.up(n) == n + 1, 'One more!'"
    )
    assignment = kit.write_assignment(tmp_path, "asserting", UP, checks)
    with Grader(assignment, seed=1) as grader:
        assert grader.grade(kit.script(UP)).score == 1
        report = grader.grade(kit.script("def up(n):\n    return n\n"))
    assert (report.status, report.score) == ("graded", 0)
    outcome, kind, message = problem(kit.checks_of(report)["up.test_values"])
    assert (outcome, kind) == ("failed", "value")
    assert message.startswith("One more!")


def test_notebook_and_script_are_judged_alike(grader: Grader) -> None:
    def said(submission: Submission) -> dict[str, object]:
        data = grader.grade(submission).without_times().to_dict()
        return {key: data[key] for key in ("score", "status", "seed", "max_score")}

    assert said(kit.script(SOLUTION)) == said(kit.notebook(*SOLUTION.split("\n\n\n")))
