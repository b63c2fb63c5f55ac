"""What `ohlol verify` proves, and that it does not let pass what does not hold."""

from __future__ import annotations

from pathlib import Path

import kit
import pytest

from autograder.assignment import Assignment, BadAssignment, find_assignment
from autograder.mutation import arguments
from autograder.release import draw_examples, release, release_root
from autograder.verify import Proof, verify

CELL = (
    '# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, "solution": true, '
    '"task": false, "grade_id": "TASK"}\n'
)
SCALE = f"""\
{CELL.replace("TASK", "scale")}def scale(x, factor):
    ### BEGIN SOLUTION
    return x * factor
    ### END SOLUTION
"""
CHECKS = """\
@task("scale", points=1, hints=("Multiply.", "x * factor"))
class TestScale:
    @points(1)
    @given(x=tensors("n"), factor=st.integers(-3, 3))
    def test_values(self, student, x, factor):
        close(student.scale(x, factor), x * factor)
"""

HOLD_TOGETHER = "The checks hold together and accept the solution"
EVERYTHING = "The solution earns 1 of 1"
CUT = "The starter can be cut"
SCRIPT, NOTEBOOK = (f"The starter earns nothing, as a {kind}" for kind in ("script", "notebook"))
UP_TO_DATE = "What is released is up to date"
HINTS = "Every task has two to four hints"


def proofs(assignment: Assignment, *, mutate: bool = False) -> dict[str, Proof]:
    return {proof.claim: proof for proof in verify(assignment, seed=0, mutate=mutate)}


def failing(assignment: Assignment, *, mutate: bool = False) -> dict[str, str]:
    found = proofs(assignment, mutate=mutate)
    return {claim: proof.detail for claim, proof in found.items() if not proof.holds}


def test_what_holds_is_said_in_order(tmp_path: Path) -> None:
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, CHECKS)
    told: list[str] = []
    found = list(verify(assignment, seed=0, progress=lambda claim, done, total: told.append(claim)))
    claims = [proof.claim for proof in found]
    assert claims[:6] == [HOLD_TOGETHER, EVERYTHING, CUT, SCRIPT, NOTEBOOK, HINTS]
    assert claims[6].startswith("None of ")
    assert claims[6].endswith(" small changes to the solution goes unnoticed")
    assert [proof for proof in found if not proof.holds or proof.detail] == []
    assert set(claims) - set(told) <= {HINTS}  # which takes no time
    assert sorted(path.name for path in tmp_path.iterdir()) == ["solutions"]  # leaves nothing


def test_checks_that_reject_the_solution(tmp_path: Path) -> None:
    checks = CHECKS.replace("x * factor)", "x + factor)")
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, checks)
    [(claim, detail)] = failing(assignment).items()
    assert claim == HOLD_TOGETHER
    assert "rejects the assignment's own solution" in detail
    assert list(proofs(assignment)) == [HOLD_TOGETHER]  # nothing else can be said


def test_a_starter_that_earns_something(tmp_path: Path) -> None:
    free = """
    @points(1)
    def test_free(self, student):
        close(1, 1)
"""
    checks = CHECKS.replace("points=1", "points=2") + free
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, checks)
    detail = "scale, test_free passes without an answer"
    assert failing(assignment) == {SCRIPT: detail, NOTEBOOK: detail}


def test_a_starter_that_cannot_be_cut(tmp_path: Path) -> None:
    solution = SCALE.replace("    ### END SOLUTION\n", "")
    assignment = kit.write_assignment(tmp_path, "lesson", solution, CHECKS)
    [(claim, detail)] = failing(assignment).items()
    assert claim == CUT
    assert "lesson.py" in detail


def test_too_few_hints(tmp_path: Path) -> None:
    checks = CHECKS.replace('("Multiply.", "x * factor")', '("Multiply.",)')
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, checks)
    assert failing(assignment) == {HINTS: "Not so: scale"}


def test_a_release_that_is_out_of_date(tmp_path: Path) -> None:
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, CHECKS)
    assert UP_TO_DATE not in proofs(assignment)  # nothing is released
    root = release_root(assignment)
    release(assignment, root)
    draw_examples(assignment, root)
    assert proofs(assignment)[UP_TO_DATE].holds
    checks = assignment.folder / "checks.py"
    checks.write_text(checks.read_text(encoding="utf-8") + "\n# later\n", encoding="utf-8")
    [(claim, detail)] = failing(assignment).items()
    assert claim == UP_TO_DATE
    assert "checks.py" in detail
    assert "examples" in detail
    assert detail.endswith("Run `ohlol release` to cut it anew.")


def test_only_a_source_can_be_verified(tmp_path: Path) -> None:
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, CHECKS)
    release(assignment, tmp_path / "out")
    with pytest.raises(BadAssignment, match="with its solution"):
        proofs(find_assignment(tmp_path / "out" / "lesson"))


# Small changes to the solution

WEAK = CHECKS.replace("st.integers(-3, 3)", "st.just(1)")


def survivors(assignment: Assignment) -> list[str]:
    [detail] = failing(assignment, mutate=True).values()
    return detail.splitlines()


def test_checks_that_are_too_weak(tmp_path: Path) -> None:
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, WEAK)
    found = survivors(assignment)
    assert "scale: `return x * factor` became `return x / factor`, and every check passes" in found


def test_what_is_argued_to_be_no_change(tmp_path: Path) -> None:
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, WEAK)
    entry = (
        '[[mutant]]\ntask = "scale"\nbefore = "return x * factor"\nafter = "return x / factor"\n'
    )
    argued = assignment.folder / "equivalent.toml"
    argued.write_text(f'{entry}why = "One is one."\n', encoding="utf-8")
    found = survivors(assignment)
    assert found
    assert not any("x / factor" in line for line in found)
    argued.write_text(f'{entry}why = " "\n', encoding="utf-8")
    with pytest.raises(BadAssignment, match="not argued for"):
        arguments(assignment.folder)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("return x / factor", "is noticed"),
        ("return x ** factor ** x", "is no change to this solution"),
    ],
)
def test_what_is_argued_for_and_is_no_hole(tmp_path: Path, after: str, said: str) -> None:
    assignment = kit.write_assignment(tmp_path, "lesson", SCALE, CHECKS)
    entry = f'[[mutant]]\ntask = "scale"\nbefore = "return x * factor"\nafter = "{after}"\n'
    (assignment.folder / "equivalent.toml").write_text(f'{entry}why = "It was so."\n', "utf-8")
    assert failing(assignment, mutate=True) == {
        "Every change in equivalent.toml is one, and goes unnoticed": (
            f"scale: `return x * factor` → `{after}` {said}"
        )
    }


def test_what_the_lesson_gives_is_there_for_changed_solutions_too(tmp_path: Path) -> None:
    # A change must not count as noticed because its cell cannot run by itself.
    given = "def times(x, factor):\n    return x * factor\n\n\n"
    solution = given + SCALE.replace("return x * factor\n", "return times(x, factor)\n")
    assignment = kit.write_assignment(
        tmp_path,
        "lesson",
        solution,
        CHECKS.replace(
            "close(student.scale(x, factor), x * factor)", "assert_true(student.scale(x, factor))"
        ).replace("@task", "def assert_true(result):\n    close(result is None, False)\n\n\n@task"),
    )
    assert any("times(factor, x)" in line for line in survivors(assignment))


# As commands


def test_the_exit_status_says_whether_everything_holds(tmp_path: Path) -> None:
    kit.write_assignment(tmp_path, "bad", SCALE, CHECKS.replace("x * factor)", "x + factor)"))
    found = kit.ohlol("verify", "bad", "--quick", cwd=tmp_path)
    assert found.returncode == 1
    assert found.stdout.startswith("bad\n  ✗ The checks hold together and accept the solution\n")
    assert "rejects the assignment's own solution" in found.stdout
    found = kit.ohlol("verify", "nothing", cwd=tmp_path)
    assert found.returncode == 2
    assert found.stderr.startswith("No assignment is called 'nothing'.")
    found = kit.ohlol("verify", cwd=tmp_path / "solutions" / "bad")
    assert found.returncode == 2
    assert "ohlol new NAME" in found.stderr
