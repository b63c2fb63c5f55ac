"""Examples that are drawn at release and shipped, and what becomes of them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import kit
import pytest
import torch
from torch import nn, tensor

from autograder import examples
from autograder.assignment import find_assignment
from autograder.grading import Grader
from autograder.release import draw_examples, has_current_examples, release
from autograder.sandbox.wire import Call

Drawn = Mapping[str, Sequence[Mapping[str, object]]]


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    path = tmp_path / "checks.py"
    path.write_text("checks = 1\n", encoding="utf-8")
    return path


def learned(drawn: Drawn) -> dict[str, examples.Shipped]:
    """As if these arguments had been drawn, for a check that calls `f` with each."""
    return {
        check: examples.Shipped(
            arguments,
            [Call("f", tuple(one.values()), {}, "value", ()) for one in arguments],
            [1] * len(arguments),
            frozenset({b"right"}),
        )
        for check, arguments in drawn.items()
    }


def there_and_back(checks: Path, drawn: Drawn) -> dict[str, list[dict[str, Any]]]:
    path = checks.with_name(examples.FILE_NAME)
    path.write_bytes(examples.dump(learned(drawn), checks))
    back = examples.load(path, checks)
    for shipped in back.values():
        assert [call.function for call in shipped.calls] == ["f"] * len(shipped.arguments)
        assert shipped.passing == {b"right"}
    return {check: [dict(one) for one in shipped.arguments] for check, shipped in back.items()}


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -3, 2**62, 1.5, float("inf"), "", "ohlol 你好 é\n\x00", [], (), {}, [1, "a"],
        (1, (2, [3])), {"a": 1, "b": [2]},
    ],
    ids=repr,
)  # fmt: skip
def test_plain_values_survive(checks: Path, value: object) -> None:
    [back] = there_and_back(checks, {"c": [{"x": value}]})["c"]
    assert back == {"x": value}
    assert type(back["x"]) is type(value)


@pytest.mark.parametrize(
    "value",
    [
        tensor(1.5), tensor([[1, 2], [3, 4]]), torch.zeros(0, 3), tensor([True, False]),
        tensor([float("nan"), float("inf")]), torch.arange(6.0).reshape(2, 3).T,
        tensor([1.0], dtype=torch.float64),
    ],
    ids=lambda value: f"{value.dtype} {tuple(value.shape)}",
)  # fmt: skip
def test_tensors_survive(checks: Path, value: torch.Tensor) -> None:
    [back] = there_and_back(checks, {"c": [{"x": value}]})["c"]
    assert back["x"].dtype == value.dtype
    torch.testing.assert_close(back["x"], value, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("module", [nn.RNNCell(2, 3), nn.RNN(2, 3, 2), nn.Linear(2, 1)], ids=str)
def test_modules_survive_with_their_weights(checks: Path, module: nn.Module) -> None:
    [back] = there_and_back(checks, {"c": [{"cell": module, "more": [module]}]})["c"]
    for found in (back["cell"], back["more"][0]):
        assert str(found) == str(module)
        for name, weight in module.named_parameters():
            assert torch.equal(found.get_parameter(name), weight)


def test_a_check_that_cannot_be_written_down_is_left_out(checks: Path) -> None:
    drawn = {"odd": [{"x": object()}], "nested": [{"x": [1, {2}]}], "fine": [{"x": 1}, {"x": 2}]}
    assert there_and_back(checks, drawn) == {"fine": [{"x": 1}, {"x": 2}]}


def test_nothing_that_can_be_written_down_is_still_current(checks: Path) -> None:
    path = checks.with_name(examples.FILE_NAME)
    path.write_bytes(examples.dump(learned({"odd": [{"x": object()}]}), checks))
    assert examples.load(path, checks) == {}
    assert examples.is_current(path, checks)


def test_the_same_examples_give_the_same_bytes(checks: Path) -> None:
    drawn = {"c": [{"x": tensor([1.0, 2.0]), "cell": nn.Linear(1, 1)}]}
    assert examples.dump(learned(drawn), checks) == examples.dump(learned(drawn), checks)


def test_other_checks_have_other_examples(checks: Path) -> None:
    path = checks.with_name(examples.FILE_NAME)
    path.write_bytes(examples.dump(learned({"c": [{"x": 1}]}), checks))
    assert examples.is_current(path, checks)
    checks.write_bytes(b"checks = 1\r\n")  # as a checkout on Windows has it
    assert examples.is_current(path, checks)
    checks.write_bytes(b"checks = 2\n")
    assert not examples.is_current(path, checks)
    assert examples.load(path, checks) == {}


def test_a_damaged_file_is_as_good_as_none(checks: Path) -> None:
    path = checks.with_name(examples.FILE_NAME)
    assert examples.load(path, checks) == {}
    whole = examples.dump(learned({"c": [{"x": tensor([1.0]), "y": "text"}]}), checks)
    inside = zlib.decompress(whole)
    damaged = [b"", b"\x00" * 100, whole[:-5], whole[5:], zlib.compress(b""), zlib.compress(b"{}")]
    damaged += [zlib.compress(inside[:cut]) for cut in range(0, len(inside), 7)]
    for place in range(0, len(inside), 5):
        changed = bytearray(inside)
        changed[place] ^= 0x5A
        damaged.append(zlib.compress(bytes(changed)))
    for content in damaged:
        path.write_bytes(content)
        found = examples.load(path, checks)
        assert isinstance(found, dict)
        assert set(found) <= {"c"} or len(found) == 1


UP = "def up(n):\n    ### BEGIN SOLUTION\n    return n + 1\n    ### END SOLUTION\n"
COUNTING = """\
from pathlib import Path


def build(n):
    with Path(__file__).with_name("draws").open("a") as log:
        log.write(".")
    return n


@task("up", points=1, hints=("One more.", "n + 1"))
class TestUp:
    @points(1)
    @settings(max_examples=30)
    @given(n=st.builds(build, st.integers(0, 1000)))
    def test_values(self, student, n):
        close(student.up(n), n + 1)
"""


def test_practice_draws_nothing_that_was_shipped(tmp_path: Path) -> None:
    header = '# %% nbgrader={"schema_version": 3, "grade": false, "locked": false, '
    header += '"solution": true, "task": false, "grade_id": "up"}\n'
    source = kit.write_assignment(tmp_path, "counting", header + UP, COUNTING)
    out = tmp_path / "assignments"
    release(source, out)
    assert not has_current_examples(source, out)
    shipped = draw_examples(source, out)
    assert shipped == out / "counting" / ".ohlol" / examples.FILE_NAME
    assert has_current_examples(source, out)

    released = find_assignment(out / "counting")
    draws = released.checks[0].with_name("draws")
    wrong = kit.script("def up(n):\n    return n + (n < 100)\n")
    with Grader(released, seed=examples.PRACTICE_SEED, practice=True) as grader:
        assert grader.grade(kit.script(UP)).score == 1
        assert not draws.exists()
        found = kit.checks_of(grader.grade(wrong))["up.test_values"].problem
        assert found is not None
        assert found.call == "up(100)"  # made smaller all the same
        assert draws.exists()
        draws.unlink()

    # Shipped for other checks: of no use, and drawn anew.
    released.checks[0].write_text(
        released.checks[0].read_text(encoding="utf-8") + "\n# later\n", encoding="utf-8"
    )
    with Grader(released, seed=examples.PRACTICE_SEED, practice=True) as grader:
        assert draws.exists()
        assert grader.grade(kit.script(UP)).score == 1
