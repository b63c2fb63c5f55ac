"""One hint at a time, remembered."""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs
import pytest

from autograder.hints import Hint, HintsNotRemembered, NoHints, next_hint, reset

HINTS = ("Look at the shapes.", "Use unsqueeze.", "h.unsqueeze(0)")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv("OHLOL_STATE_DIR", str(folder))
    return folder


def state_file(state: Path) -> Path:
    (file,) = (path for path in state.rglob("*") if path.is_file())
    return file


def test_one_more_each_time() -> None:
    assert [next_hint("lab", "run_cell", HINTS) for _ in HINTS] == [
        Hint(number=1, total=3, text="Look at the shapes."),
        Hint(number=2, total=3, text="Use unsqueeze."),
        Hint(number=3, total=3, text="h.unsqueeze(0)"),
    ]


def test_after_the_last_the_last_again_and_a_word() -> None:
    for _ in HINTS:
        next_hint("lab", "run_cell", HINTS)
    for _ in range(2):
        hint = next_hint("lab", "run_cell", HINTS)
        assert (hint.number, hint.total, hint.repeated) == (3, 3, True)
        assert hint.text.startswith("h.unsqueeze(0)\n")
        assert "no more" in hint.text


def test_tasks_and_assignments_are_apart() -> None:
    next_hint("lab", "run_cell", HINTS)
    assert next_hint("lab", "decode", HINTS).number == 1
    assert next_hint("other", "run_cell", HINTS).number == 1
    assert next_hint("lab", "run_cell", HINTS).number == 2


def test_reset_one_task_or_all() -> None:
    for task in ("a", "b"):
        next_hint("lab", task, HINTS)
    reset("lab", "a")
    assert next_hint("lab", "a", HINTS).number == 1
    assert next_hint("lab", "b", HINTS).number == 2
    reset("lab")
    assert next_hint("lab", "b", HINTS).number == 1


def test_reset_of_nothing_writes_nothing(state: Path) -> None:
    reset("lab")
    reset("lab", "a")
    assert not state.exists()


def test_task_without_hints(state: Path) -> None:
    with pytest.raises(NoHints, match="decode has no hints"):
        next_hint("lab", "decode", ())
    assert not state.exists()


def test_fewer_hints_than_were_shown() -> None:
    for _ in HINTS:
        next_hint("lab", "a", HINTS)
    hint = next_hint("lab", "a", HINTS[:1])
    assert (hint.number, hint.total, hint.repeated) == (1, 1, True)


def test_more_hints_than_were_there() -> None:
    next_hint("lab", "a", HINTS[:1])
    assert next_hint("lab", "a", HINTS).text == "Use unsqueeze."


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"a": "two"}',
        b'{"a": -1}',
        b'{"a": true}',
        b'{"a": 1.5}',
        b"[" * 200_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_corrupted_file_counts_as_nothing_shown(state: Path, content: bytes) -> None:
    next_hint("lab", "a", HINTS)
    next_hint("lab", "a", HINTS)
    state_file(state).write_bytes(content)
    assert next_hint("lab", "a", HINTS).number == 1
    assert json.loads(state_file(state).read_bytes()) == {"a": 1}


def test_a_corrupted_entry_spares_the_others(state: Path) -> None:
    next_hint("lab", "a", HINTS)
    state_file(state).write_text('{"a": 2, "b": {}}')
    assert next_hint("lab", "a", HINTS).number == 3


def test_no_part_files_stay_behind(state: Path) -> None:
    next_hint("lab", "a", HINTS)
    assert os.listdir(state_file(state).parent) == ["lab.json"]


def test_a_state_folder_that_cannot_be_written(state: Path) -> None:
    state.write_text("a file where the folder should be")
    with pytest.raises(HintsNotRemembered, match="OHLOL_STATE_DIR"):
        next_hint("lab", "a", HINTS)


def test_the_users_state_folder_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OHLOL_STATE_DIR")
    folder = tmp_path / "user"
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda app, **_: str(folder / app))
    next_hint("lab", "a", HINTS)
    assert state_file(folder).is_relative_to(folder / "ohlol")
