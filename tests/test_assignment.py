"""Finding assignments by name and by path, and scaffolding new ones."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograder.assignment
from autograder.assignment import (
    AssignmentNotFound,
    BadAssignment,
    find_assignment,
    installed_assignments,
)
from autograder.scaffold import CannotScaffold, new


def make_source(folder: Path, *files: str) -> Path:
    folder.mkdir(parents=True)
    for file in files or (f"{folder.name}.py", "checks.py"):
        (folder / file).write_text("")
    return folder


def make_released(folder: Path) -> Path:
    (folder / ".ohlol").mkdir(parents=True)
    for file in (f"{folder.name}.py", f"{folder.name}.ipynb", ".ohlol/checks.py"):
        (folder / file).write_text("")
    return folder


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that the package is installed in an empty place of the test's own."""
    package = tmp_path / "site-packages" / "autograder"
    package.mkdir(parents=True)
    monkeypatch.setattr(autograder.assignment, "__file__", str(package / "assignment.py"))
    return package


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    course = tmp_path / "course"
    course.mkdir()
    monkeypatch.chdir(course)
    return course


def test_source_by_name(course: Path) -> None:
    folder = make_source(course / "solutions" / "hello_rnn")
    found = find_assignment("hello_rnn")
    assert found.name == "hello_rnn"
    assert found.folder == folder
    assert found.checks == (folder / "checks.py",)
    assert found.solution == folder / "hello_rnn.py"
    assert found.starter is None


def test_hidden_checks_of_a_source(course: Path) -> None:
    folder = make_source(course / "solutions" / "lab", "lab.py", "checks.py", "hidden.py")
    assert find_assignment("lab").checks == (folder / "checks.py", folder / "hidden.py")


@pytest.mark.parametrize("below", ["solutions", "solutions/lab", "notes/week1"])
def test_source_by_name_from_a_folder_below(course: Path, below: str) -> None:
    folder = make_source(course / "solutions" / "lab")
    (course / below).mkdir(parents=True, exist_ok=True)
    assert find_assignment("lab", start=course / below).folder == folder


def test_search_goes_on_above_a_solutions_folder_without_it(course: Path) -> None:
    folder = make_source(course / "solutions" / "lab")
    make_source(course / "part2" / "solutions" / "other")
    assert find_assignment("lab", start=course / "part2").folder == folder


def test_nearest_solutions_folder_wins(course: Path) -> None:
    make_source(course / "solutions" / "lab")
    nearer = make_source(course / "part2" / "solutions" / "lab")
    assert find_assignment("lab", start=course / "part2").folder == nearer


@pytest.mark.parametrize("written", ["stuff/lab", "./stuff/lab/", "stuff/../stuff/lab"])
def test_source_by_relative_path(course: Path, written: str) -> None:
    folder = make_source(course / "stuff" / "lab")
    assert find_assignment(written).folder == folder


def test_by_absolute_path_and_by_dot(course: Path) -> None:
    folder = make_released(course / "assignments" / "lab")
    assert find_assignment(folder).folder == folder
    assert find_assignment(".", start=folder).name == "lab"
    assert find_assignment("..", start=folder / ".ohlol").name == "lab"


def test_released_by_path(course: Path) -> None:
    folder = make_released(course / "assignments" / "lab")
    found = find_assignment("assignments/lab")
    assert found.checks == (folder / ".ohlol" / "checks.py",)
    assert found.solution is None
    assert found.starter == folder / "lab.py"


def test_released_as_a_notebook_alone(course: Path) -> None:
    folder = make_released(course / "lab")
    (folder / "lab.py").unlink()
    assert find_assignment("./lab").starter is None


def test_installed_with_the_wheel_or_beside_a_checkout(course: Path, package: Path) -> None:
    wheel = make_released(package / "assignments" / "hello_rnn")
    checkout = make_released(package.parent / "assignments" / "another")
    (package / "assignments" / "__pycache__").mkdir()
    assert installed_assignments() == {"another": checkout, "hello_rnn": wheel}
    assert find_assignment("hello_rnn").folder == wheel


def test_a_source_comes_before_an_installed_assignment(course: Path, package: Path) -> None:
    make_released(package / "assignments" / "lab")
    source = make_source(course / "solutions" / "lab")
    assert find_assignment("lab").folder == source


def test_a_folder_here_by_bare_name(course: Path) -> None:
    folder = make_released(course / "lab")
    assert find_assignment("lab").folder == folder


def test_a_students_folder_never_passes_for_the_installed_assignment(
    course: Path, package: Path
) -> None:
    installed = make_released(package / "assignments" / "lab")
    students = make_released(course / "lab")
    assert find_assignment("lab").folder == installed
    assert find_assignment("./lab").folder == students


def test_unknown_name_lists_what_exists_and_the_nearest(course: Path, package: Path) -> None:
    make_released(package / "assignments" / "hello_rnn")
    make_source(course / "solutions" / "intro")
    with pytest.raises(AssignmentNotFound) as caught:
        find_assignment("Hello-rn")
    assert str(caught.value) == (
        "No assignment is called 'Hello-rn'. Did you mean hello_rnn? "
        "These exist: hello_rnn (installed), intro (solutions)."
    )


def test_unknown_name_where_nothing_exists(course: Path) -> None:
    with pytest.raises(AssignmentNotFound, match="None is installed"):
        find_assignment("lab")


@pytest.mark.parametrize("name", ["", "a\0b", "./a\0b", "x" * 300])
def test_names_that_no_file_system_has(course: Path, name: str) -> None:
    with pytest.raises(AssignmentNotFound):
        find_assignment(name)


def test_path_that_does_not_exist(course: Path) -> None:
    make_source(course / "solutions" / "lab")
    with pytest.raises(AssignmentNotFound, match=r"no folder solutions/lob\. Did you mean lab\?"):
        find_assignment("solutions/lob")


def test_path_of_a_file(course: Path) -> None:
    make_source(course / "solutions" / "lab")
    with pytest.raises(AssignmentNotFound, match=r"is a file.*try solutions/lab"):
        find_assignment("solutions/lab/lab.py")


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        (("lab.py",), "checks.py is missing"),
        (("checks.py",), "lab.py is missing"),
        (("notes.txt",), "lab.py and checks.py are missing"),
    ],
)
def test_incomplete_source_names_what_is_missing(
    course: Path, files: tuple[str, ...], missing: str
) -> None:
    folder = make_source(course / "solutions" / "lab", *files)
    with pytest.raises(BadAssignment, match=missing) as caught:
        find_assignment("lab")
    assert caught.value.path == folder


def test_incomplete_released_folder(course: Path) -> None:
    folder = make_released(course / "lab")
    folder.rename(course / "renamed")
    with pytest.raises(BadAssignment, match=r"renamed\.py is missing"):
        find_assignment("./renamed")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("my-lab", r"no Python identifier.*\(my_lab would do\)"),
        ("1st", "no Python identifier"),
        ("class", "word of the Python language"),
        ("checks", "holds already"),
    ],
)
def test_folder_names_that_cannot_be_module_names(course: Path, name: str, why: str) -> None:
    make_source(course / "solutions" / name)
    with pytest.raises(BadAssignment, match=why):
        find_assignment(f"solutions/{name}")


def test_new_writes_an_assignment_that_can_be_found(course: Path) -> None:
    written = new("my_lab", course)
    folder = course / "solutions" / "my_lab"
    assert written == [folder / "my_lab.py", folder / "checks.py"]
    assert sorted(os.listdir(folder)) == ["checks.py", "my_lab.py"]
    assert os.listdir(course / "solutions") == ["my_lab"]
    assert find_assignment("my_lab").solution == written[0]
    for path in written:
        ast.parse(path.read_text(encoding="utf-8"))
    assert "# # my_lab\n" in written[0].read_text(encoding="utf-8")


def test_new_writes_well_kept_code(course: Path) -> None:
    ruff = shutil.which(
        "ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    )
    if ruff is None:
        pytest.skip("ruff is not installed")
    new("my_lab", course)
    # E266 and E501: nbgrader's markers and metadata are written as nbgrader wants them.
    options = ["--isolated", "--select=E,F,I,UP,B", "--ignore=E266,E501", "--line-length=100"]
    subprocess.run([ruff, "check", *options, "solutions"], check=True)


def test_new_refuses_an_existing_folder_and_leaves_it_alone(course: Path) -> None:
    folder = make_source(course / "solutions" / "lab", "mine.txt")
    with pytest.raises(CannotScaffold, match="exists already"):
        new("lab", course)
    assert os.listdir(folder) == ["mine.txt"]


@pytest.mark.parametrize("name", ["my-lab", "", "../x", "for", "checks", "random", "torch"])
def test_new_refuses_names(course: Path, name: str) -> None:
    with pytest.raises(CannotScaffold):
        new(name, course)
    assert os.listdir(course) == []


def test_new_where_nothing_can_be_written(course: Path) -> None:
    (course / "solutions").write_text("a file")
    with pytest.raises(CannotScaffold, match="cannot be written"):
        new("lab", course)
