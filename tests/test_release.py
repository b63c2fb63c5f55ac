"""What leaves for students: cut starters, the released folder, and a student's own copy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import Assignment, AssignmentNotFound, BadAssignment, find_assignment
from autograder.release import (
    CannotRelease,
    CannotStart,
    LanguageMissing,
    compare,
    cut,
    release,
    release_root,
    start,
)
from autograder.scaffold import new
from autograder.starter import AuthoringToolsMissing

jupytext = pytest.importorskip("jupytext")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbgrader")

REPOSITORY = Path(__file__).resolve().parent.parent


def marker(grade_id: str, kind: str = "solution", **more: object) -> str:
    metadata: dict[str, object] = {
        "schema_version": 3,
        "grade": kind == "grade",
        "locked": kind in {"grade", "locked"},
        "solution": kind == "solution",
        "task": False,
        "grade_id": grade_id,
        **more,
    }
    return f"# %% nbgrader={json.dumps(metadata)}"


SOURCE = f'''\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.0.0
#   kernelspec:
#     display_name: Some environment
#     language: python
#     name: somewhere
# ---

# %% [markdown]
# # Lab: "hello" → "ohlol", 你好
#
# $h' = \\tanh(W x)$

{marker("imports", "locked")}
import torch

# %% [markdown]
# ## Task 1
{marker("double")}
def double(x):
    """Twice `x`."""
    given = "kept"
    ### BEGIN SOLUTION
    secret_factor = 2

    return x * secret_factor
    ### END SOLUTION


{marker("Model")}
class Model:
    def __init__(self):
        self.given = 1

    def forward(self, x):
        ### BEGIN SOLUTION
        return torch.tanh(x) + self.given * 3
        ### END SOLUTION

    def backward(self, x):
        ### BEGIN SOLUTION
        return torch.atanh(x) - self.given * 3
        ### END SOLUTION

# %% tags=["demo"]
# %matplotlib inline
if __name__ == "__main__":
    print(double(torch.ones(2)))

# %%

# %% [markdown]
# The end.

{marker("test_double", "grade", points=2)}
assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(21) == 42
### END HIDDEN TESTS

# %% [markdown]
# The end.
'''

SECRETS = (
    "secret_factor",
    "torch.tanh(x)",
    "torch.atanh(x)",
    "double(21)",
    "SOLUTION",
    "HIDDEN",
    "never leaves",
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one assignment, `lab`, and everything that must stay at home."""
    course = tmp_path / "course"
    folder = course / "solutions" / "lab"
    (folder / "mistakes" / "double").mkdir(parents=True)
    (folder / "lab.py").write_text(SOURCE, encoding="utf-8")
    (folder / "checks.py").write_text(
        '"""Public checks. → 你好"""\nimport torch\n', encoding="utf-8"
    )
    (folder / "hidden.py").write_text("# never leaves\n")
    (folder / "notes.md").write_text("never leaves\n")
    (folder / "mistakes" / "double" / "other.txt").write_text("never leaves\n")
    monkeypatch.chdir(course)
    return course


@pytest.fixture
def lab(course: Path) -> Assignment:
    return find_assignment("lab")


def with_source(course: Path, text: str) -> Assignment:
    (course / "solutions" / "lab" / "lab.py").write_text(text, encoding="utf-8")
    return find_assignment("lab")


def line_of(text: str, within: str, nth: int = 1) -> int:
    lines = [number for number, line in enumerate(within.split("\n"), 1) if text in line]
    return lines[nth - 1]


def read(files: dict[str, bytes], name: str) -> Any:
    text = files[name].decode()
    if name.endswith(".ipynb"):
        return nbformat.reads(text, as_version=4)
    return jupytext.reads(text, fmt="py:percent")


# --- cutting


def test_what_leaves(lab: Assignment) -> None:
    files = cut(lab)
    assert list(files) == [".ohlol/checks.py", "lab.ipynb", "lab.py"]
    assert files[".ohlol/checks.py"] == (lab.folder / "checks.py").read_bytes()


def test_no_answer_leaves(lab: Assignment) -> None:
    for path, content in cut(lab).items():
        for secret in SECRETS:
            assert secret not in content.decode(), f"{secret} in {path}"


@pytest.mark.parametrize("file", ["lab.ipynb", "lab.py"])
def test_given_code_stays_and_stubs_take_the_answers_place(lab: Assignment, file: str) -> None:
    cells = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell
        for cell in read(cut(lab), file).cells
    }
    assert cells["double"].source == (
        'def double(x):\n    """Twice `x`."""\n    given = "kept"\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert cells["Model"].source.count("        raise NotImplementedError()") == 2
    assert cells["test_double"].source == "assert double(2) == 4"


def test_script_reads_back_as_the_notebook(lab: Assignment) -> None:
    files = cut(lab)
    notebook, script = read(files, "lab.ipynb"), read(files, "lab.py")
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ]
    assert [cell.metadata.get("nbgrader") for cell in notebook.cells] == [
        cell.metadata.get("nbgrader") for cell in script.cells
    ]
    assert "%matplotlib inline\n" in script.cells[5].source
    assert "\n# %matplotlib inline\n" in files["lab.py"].decode()


def test_text_is_kept_as_written(lab: Assignment) -> None:
    files = cut(lab)
    first = '# Lab: "hello" → "ohlol", 你好\n\n$h\' = \\tanh(W x)$'
    assert read(files, "lab.ipynb").cells[0].source == first
    assert (
        files["lab.py"].decode().startswith('# %% [markdown]\n# # Lab: "hello" → "ohlol", 你好\n')
    )


def test_notebook_is_valid_for_jupyter_and_nbgrader(lab: Assignment) -> None:
    from nbgrader.preprocessors import CheckCellMetadata
    from nbgrader.utils import compute_checksum

    notebook = read(cut(lab), "lab.ipynb")
    nbformat.validate(notebook)
    CheckCellMetadata().preprocess(notebook, {})
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [cell.metadata.nbgrader.grade_id for cell in marked] == [
        "imports",
        "double",
        "Model",
        "test_double",
    ]
    for cell in marked:
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
        assert cell.metadata.deletable is False
    assert marked[0].metadata.editable is False


def test_cell_ids_come_from_grade_ids_and_are_unique(lab: Assignment) -> None:
    identifiers = [cell.id for cell in read(cut(lab), "lab.ipynb").cells]
    assert len(set(identifiers)) == len(identifiers)
    assert {"imports", "double", "Model", "test_double"} <= set(identifiers)
    # The two cells that say "The end." differ by a number alone.
    assert sum(identifier.endswith("-2") for identifier in identifiers) == 1


def test_no_versions_and_no_environment(lab: Assignment) -> None:
    files = cut(lab)
    notebook = read(files, "lab.ipynb")
    assert notebook.metadata == {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    for name in ("lab.ipynb", "lab.py"):
        assert b"jupytext" not in files[name]
        assert b"Some environment" not in files[name]
    assert not any("lines_to_next_cell" in cell.metadata for cell in notebook.cells)
    assert notebook.cells[5].metadata == {"tags": ["demo"]}


def test_line_ends_and_byte_order_mark_make_no_difference(course: Path, lab: Assignment) -> None:
    wanted = cut(lab)
    for file in ("lab.py", "checks.py"):
        path = lab.folder / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert cut(lab) == wanted


HASHES = """
import hashlib, json, socket, sys
def refuse(*_, **__): raise OSError("offline")
socket.socket.connect = socket.getaddrinfo = refuse
from autograder.assignment import find_assignment
from autograder.release import cut
files = cut(find_assignment(sys.argv[1]))
print(json.dumps({path: hashlib.sha256(content).hexdigest() for path, content in files.items()}))
"""


def test_the_same_bytes_from_anywhere_offline(lab: Assignment, tmp_path: Path) -> None:
    outputs = []
    for number in range(2):
        home, folder = tmp_path / f"home{number}", tmp_path / f"cwd{number}"
        for path in (home, folder):
            path.mkdir()
            if number:
                # Neither tool's configuration may reach the cut.
                (path / "jupytext.toml").write_text(
                    'formats = "ipynb,py:light"\nnotebook_metadata_filter = "all"\n'
                    'cell_metadata_filter = "all"\ncomment_magics = false\n'
                )
                (path / "nbgrader_config.py").write_text(
                    "c = get_config()\nc.ClearSolutions.code_stub = {'python': 'pass'}\n"
                )
        environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONHASHSEED": str(number),
            "TZ": "Asia/Shanghai" if number else "UTC",
            "LC_ALL": "C",
        }
        run = subprocess.run(
            [sys.executable, "-c", HASHES, str(lab.folder)],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert run.stderr == ""
        outputs.append(run.stdout)
    assert outputs[0] == outputs[1]


def test_translations_are_cut_too(course: Path, lab: Assignment) -> None:
    (lab.folder / "zh").mkdir()
    (lab.folder / "zh" / "lab.py").write_text(SOURCE.replace("The end.", "完"), encoding="utf-8")
    # No language: an old draft is not to leave, not even cut.
    (lab.folder / "attic").mkdir()
    (lab.folder / "attic" / "lab.py").write_text(SOURCE, encoding="utf-8")
    files = cut(lab)
    assert list(files) == [".ohlol/checks.py", "lab.ipynb", "lab.py", "zh/lab.ipynb", "zh/lab.py"]
    assert "完" in files["zh/lab.py"].decode()
    assert b"secret_factor" not in files["zh/lab.py"]


def test_a_released_assignment_cannot_be_cut_again(course: Path, lab: Assignment) -> None:
    release(lab, course / "assignments")
    with pytest.raises(BadAssignment, match="released assignment"):
        cut(find_assignment("assignments/lab"))


@pytest.mark.parametrize("missing", ["jupytext", "nbgrader.preprocessors"])
def test_without_the_authoring_tools(
    lab: Assignment, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(AuthoringToolsMissing, match=r"pip install 'ohlol\[authoring\]'"):
        cut(lab)


# --- guards


@pytest.mark.parametrize(
    ("old", "new_text", "at", "nth", "message"),
    [
        pytest.param(
            marker("double"), "# %%", "def double(x)", 1, "no solution cell", id="no metadata"
        ),
        pytest.param(
            marker("double"), marker("double", "locked"), "def double(x)", 1, "no solution cell",
            id="locked, not solution",
        ),
        pytest.param(
            marker("double"), marker("Model"), "class Model", 1,
            r"the grade_id 'Model' is taken, by line \d+", id="grade ids collide",
        ),
        pytest.param(
            marker("double"), marker("do uble"), "def double(x)", 1, "may hold letters",
            id="grade id with a blank",
        ),
        pytest.param(
            marker("double"), marker("x" * 65), "def double(x)", 1, "at most 64",
            id="long grade id",
        ),
        pytest.param(
            marker("double"), marker(""), "def double(x)", 1, "grade_id is empty",
            id="empty grade id",
        ),
        pytest.param(
            marker("double"), marker("double", schema_version=2), "def double(x)", 1,
            "not valid: Outdated schema version", id="schema version",
        ),
        pytest.param(
            marker("double"), marker("double")[:-1] + ",}", "def double(x)", 1,
            "cannot be read", id="no JSON",
        ),
        pytest.param(
            marker("double"), "# %% nbgrader=true", "def double(x)", 1, "not valid",
            id="no object",
        ),
        pytest.param(
            marker("double"), "# %% deletable=false", "def double(x)", 1,
            "locked and has no nbgrader metadata", id="locked without metadata",
        ),
        pytest.param(
            "    ### BEGIN SOLUTION\n    secret", "    secret", "    ### END SOLUTION", 1,
            "END SOLUTION without a BEGIN", id="end without begin",
        ),
        pytest.param(
            "    ### END SOLUTION\n\n\n", "\n\n\n", "    ### BEGIN SOLUTION", 1,
            "has no END SOLUTION in its cell", id="begin without end",
        ),
        pytest.param(
            "    secret_factor = 2\n", "    ### BEGIN SOLUTION\n", "    ### BEGIN SOLUTION", 2,
            r"inside the answer that line \d+ began", id="nested",
        ),
        pytest.param(
            '    given = "kept"\n', "    ## begin solution\n", "## begin solution", 1,
            "is left after cutting", id="marker that nbgrader overlooks",
        ),
        pytest.param(
            '    given = "kept"\n', "    ### BEGIN SOLTUION\n", "SOLTUION", 1,
            "is left after cutting", id="misspelt marker",
        ),
        pytest.param(
            "# The end.", "# ### BEGIN_SOLUTION", "BEGIN_SOLUTION", 1,
            "is left after cutting", id="marker in text",
        ),
        pytest.param(
            "# ## Task 1\n",
            "# ## Task 1\n#\n#     secret_factor = 2\n#     return x * secret_factor\n",
            "#     secret_factor", 1, "stands in given text as well", id="answer in text",
        ),
        pytest.param(
            "print(double(torch.ones(2)))", "return torch.tanh(x) + self.given * 3",
            "return torch.tanh(x)", 2, "stands in given text as well", id="answer in given code",
        ),
        pytest.param(
            "class Model:\n", "class Model:\n    if True:\n        pass\n  ",
            "class Model", 1, None,
            id="source that does not parse is the author's business",
        ),
        pytest.param(
            "    def forward(self, x):\n        ### BEGIN SOLUTION\n",
            "    ### BEGIN SOLUTION\n    def forward(self, x):\n        y = [\n"
            "    ### END SOLUTION\n            x]\n        ### BEGIN SOLUTION\n",
            "class Model", 1, "no valid Python", id="stub does not parse",
        ),
    ],
)  # fmt: skip
def test_a_source_that_would_leak_or_break_is_refused(
    course: Path, old: str, new_text: str, at: str, nth: int, message: str | None
) -> None:
    assert old in SOURCE
    text = SOURCE.replace(old, new_text, 1)
    assignment = with_source(course, text)
    if message is None:
        cut(assignment)
        return
    with pytest.raises(BadAssignment, match=message) as caught:
        cut(assignment)
    assert caught.value.path == assignment.solution
    assert caught.value.line == line_of(at, text, nth)
    assert f"lab.py:{caught.value.line}: " in str(caught.value)


def test_a_solution_cell_without_markers_would_lose_its_def_line(course: Path) -> None:
    text = f"{marker('f')}\ndef f():\n    return 1\n"
    with pytest.raises(BadAssignment, match="no ### BEGIN SOLUTION, so all of it would go"):
        cut(with_source(course, text))


def test_a_written_answer_is_replaced_as_a_whole(course: Path) -> None:
    answer = marker("why", grade=True, points=1).replace("# %%", "# %% [markdown]")
    text = f"{SOURCE}\n{answer}\n# Because weights are shared.\n"
    notebook = read(cut(with_source(course, text)), "lab.ipynb")
    assert notebook.cells[-1].source == "YOUR ANSWER HERE"


def test_short_answers_may_look_like_given_code(course: Path) -> None:
    text = (
        f"# %%\ndef given(h):\n    return h\n\n{marker('f')}\ndef f(h):\n"
        "    ### BEGIN SOLUTION\n    return h\n    ### END SOLUTION\n"
    )
    assert b"return h" in cut(with_source(course, text))["lab.py"]


def test_cell_markers_inside_strings_survive(course: Path) -> None:
    text = f'{SOURCE}\n# %%\nscript = """\n# %% inside\n"""\n'
    notebook = read(cut(with_source(course, text)), "lab.ipynb")
    assert notebook.cells[-1].source == 'script = """\n# %% inside\n"""'


@pytest.mark.parametrize(
    "statement",
    ["import helpers", "from lab import double", "from . import x", "import hidden as h"],
)
def test_checks_that_cannot_stand_alone_are_refused(lab: Assignment, statement: str) -> None:
    (lab.folder / "helpers.py").write_text("")
    (lab.folder / "checks.py").write_text(f"import torch\n\ndef f():\n    {statement}\n")
    with pytest.raises(BadAssignment, match=r"only checks\.py leaves") as caught:
        cut(lab)
    assert (caught.value.path, caught.value.line) == (lab.folder / "checks.py", 4)


def test_a_header_that_is_no_yaml(course: Path) -> None:
    text = SOURCE.replace("#   kernelspec:", "#   kernelspec: [")
    with pytest.raises(BadAssignment, match="jupytext cannot read it"):
        cut(with_source(course, text))


def test_checks_with_a_syntax_error(lab: Assignment) -> None:
    (lab.folder / "checks.py").write_text("x = 1\ndef\n")
    with pytest.raises(BadAssignment) as caught:
        cut(lab)
    assert caught.value.line == 2


def test_a_source_that_is_not_utf8(lab: Assignment) -> None:
    (lab.folder / "lab.py").write_bytes(b"# %%\n# \xe9\n")
    with pytest.raises(BadAssignment, match="not UTF-8 at byte 7"):
        cut(lab)


def test_nbgrader_cuts_the_uncut_source_as_we_do(lab: Assignment, tmp_path: Path) -> None:
    nbgrader_course = tmp_path / "nbgrader"
    source = nbgrader_course / "source" / "lab"
    source.mkdir(parents=True)
    assert lab.solution is not None
    nbformat.write(jupytext.read(lab.solution, fmt="py:percent"), source / "lab.ipynb")
    (tmp_path / "home").mkdir()
    scripts = str(Path(sys.executable).parent)
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "lab"],
        cwd=nbgrader_course,
        # nbgrader starts alembic, which is installed beside it.
        env={
            **os.environ,
            "HOME": str(tmp_path / "home"),
            "PATH": os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    theirs = nbformat.read(nbgrader_course / "release" / "lab" / "lab.ipynb", as_version=4)
    ours = read(cut(lab), "lab.ipynb")
    assert [(cell.source, cell.metadata.get("nbgrader")) for cell in theirs.cells] == [
        (cell.source, cell.metadata.get("nbgrader")) for cell in ours.cells
    ]


# --- releasing


def test_release_writes_what_cut_gives(course: Path, lab: Assignment) -> None:
    assert release_root(lab) == course / "assignments"
    written = release(lab, release_root(lab))
    folder = course / "assignments" / "lab"
    assert written == [folder / path for path in cut(lab)]
    for path, content in cut(lab).items():
        assert (folder / path).read_bytes() == content
    assert compare(lab, release_root(lab)) == []
    assert find_assignment("assignments/lab").starter == folder / "lab.py"


def test_release_again_writes_nothing(course: Path, lab: Assignment) -> None:
    release(lab, course / "assignments")
    assert release(lab, course / "assignments") == []


def test_release_removes_what_is_no_longer_generated(course: Path, lab: Assignment) -> None:
    folder = course / "assignments" / "lab"
    release(lab, course / "assignments")
    (folder / "zh").mkdir()
    for stale in ("zh/lab.py", ".ohlol/old.py"):
        (folder / stale).write_text("")
    (folder / "data.csv").write_text("mine")
    assert compare(lab, course / "assignments") == [
        f"stale: {folder / '.ohlol/old.py'} is no longer cut from the source",
        f"stray: {folder / 'data.csv'} is not cut from the source; move or delete it",
        f"stale: {folder / 'zh/lab.py'} is no longer cut from the source",
    ]
    assert release(lab, course / "assignments") == []
    assert sorted(os.listdir(folder)) == [".ohlol", "data.csv", "lab.ipynb", "lab.py"]
    assert os.listdir(folder / ".ohlol") == ["checks.py"]


def test_compare_names_missing_and_changed_files(course: Path, lab: Assignment) -> None:
    folder = course / "assignments" / "lab"
    assert compare(lab, course / "assignments") == [
        f"missing: {folder / path}" for path in (".ohlol/checks.py", "lab.ipynb", "lab.py")
    ]
    assert not folder.exists()
    release(lab, course / "assignments")
    text = (folder / "lab.py").read_text(encoding="utf-8")
    (folder / "lab.py").write_text(text.replace("# ## Task 1", "# ## Task one"), encoding="utf-8")
    (folder / ".ohlol" / "checks.py").write_text("\n".join(map(str, range(99))))
    checks, script = compare(lab, course / "assignments")
    assert script.splitlines()[0] == f"changed: {folder / 'lab.py'}"
    assert "-# ## Task one" in script.splitlines()
    assert "+# ## Task 1" in script.splitlines()
    assert len(checks.splitlines()) == 22
    assert checks.endswith("more lines")
    assert release(lab, course / "assignments") == [folder / ".ohlol/checks.py", folder / "lab.py"]


def test_compare_overlooks_caches_and_line_ends(course: Path, lab: Assignment) -> None:
    folder = course / "assignments" / "lab"
    release(lab, course / "assignments")
    (folder / ".ohlol" / "__pycache__").mkdir()
    (folder / ".ohlol" / "__pycache__" / "checks.pyc").write_text("")
    (folder / "lab.py").write_bytes((folder / "lab.py").read_bytes().replace(b"\n", b"\r\n"))
    assert compare(lab, course / "assignments") == []


def test_release_never_overwrites_its_own_source(course: Path, lab: Assignment) -> None:
    for out_root in (course / "solutions", lab.folder):
        with pytest.raises(CannotRelease, match="is the source of lab"):
            release(lab, out_root)
    assert (lab.folder / "lab.py").read_text(encoding="utf-8") == SOURCE


def test_nothing_is_written_when_the_source_is_refused(course: Path, lab: Assignment) -> None:
    release(lab, course / "assignments")
    before = (course / "assignments" / "lab" / "lab.py").read_bytes()
    with_source(course, SOURCE.replace("    ### END SOLUTION", "", 1))
    with pytest.raises(BadAssignment):
        release(lab, course / "assignments")
    assert (course / "assignments" / "lab" / "lab.py").read_bytes() == before


def test_release_where_nothing_can_be_written(course: Path, lab: Assignment) -> None:
    (course / "assignments").write_text("a file")
    with pytest.raises(CannotRelease, match="cannot be written"):
        release(lab, course / "assignments")


def test_the_scaffold_releases(course: Path) -> None:
    new("fresh", course)
    files = cut(find_assignment("fresh"))
    assert b"x * factor\n" not in files["fresh.py"]
    stub = next(cell for cell in read(files, "fresh.ipynb").cells if cell.id == "scale")
    assert stub.source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")


# --- starting


@pytest.fixture
def students(
    course: Path, lab: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A student's folder, beside a course whose `lab` is released."""
    release(lab, course / "assignments")
    folder = tmp_path / "student"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def begin(students: Path, course: Path) -> Callable[..., Any]:
    return lambda *args, **options: start(course / "assignments" / "lab", *args, **options)


def test_start_copies_the_release(students: Path, course: Path, begin: Callable[..., Any]) -> None:
    result = begin()
    assert result.folder == Path("lab")
    assert result.written == tuple(
        Path("lab", path) for path in (".ohlol/checks.py", "lab.ipynb", "lab.py")
    )
    assert (result.kept, result.unchanged) == ((), ())
    for path in result.written:
        assert path.read_bytes() == (course / "assignments" / path).read_bytes()


def test_start_to_another_folder(tmp_path: Path, begin: Callable[..., Any]) -> None:
    result = begin(tmp_path / "deep" / "er")
    assert all(path.is_relative_to(tmp_path / "deep" / "er") for path in result.written)


def test_start_again_keeps_the_students_work(students: Path, begin: Callable[..., Any]) -> None:
    begin()
    work = students / "lab" / "lab.ipynb"
    work.write_text("hours of work")
    (students / "lab" / "notes.txt").write_text("mine")
    (students / "lab" / ".ohlol" / "checks.py").write_text("an older version")
    result = begin()
    assert result.kept == (Path("lab/lab.ipynb"),)
    assert result.unchanged == (Path("lab/lab.py"),)
    assert result.written == (Path("lab/.ohlol/checks.py"),)
    assert work.read_text() == "hours of work"
    assert (students / "lab" / "notes.txt").read_text() == "mine"


def test_start_does_not_write_through_links_or_folders(
    students: Path, tmp_path: Path, begin: Callable[..., Any]
) -> None:
    (students / "lab" / "lab.py").mkdir(parents=True)
    (students / "lab" / "lab.ipynb").symlink_to(tmp_path / "elsewhere")
    assert begin().kept == (Path("lab/lab.ipynb"), Path("lab/lab.py"))
    assert not (tmp_path / "elsewhere").exists()


def test_start_in_another_language(
    students: Path, course: Path, lab: Assignment, begin: Callable[..., Any]
) -> None:
    with pytest.raises(LanguageMissing, match=r"not there in 'zh'\. Available: en\."):
        begin(lang="zh")
    assert os.listdir(students) == []
    (lab.folder / "zh").mkdir()
    (lab.folder / "zh" / "lab.py").write_text(SOURCE.replace("The end.", "完"), encoding="utf-8")
    release(lab, course / "assignments")
    begin(lang="zh")
    assert "完" in (students / "lab" / "lab.py").read_text(encoding="utf-8")
    assert sorted(os.listdir(students / "lab")) == [".ohlol", "lab.ipynb", "lab.py"]
    with pytest.raises(LanguageMissing, match=r"Available: en, zh\."):
        begin(lang="fr")


def test_start_of_a_source_gives_what_was_cut_from_it(
    course: Path, lab: Assignment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(CannotStart, match="not been released yet: ohlol release lab"):
        start("lab")
    release(lab, course / "assignments")
    start("lab", tmp_path / "copy")
    assert b"secret_factor" not in (tmp_path / "copy" / "lab.py").read_bytes()


def test_start_refuses_places(
    students: Path, course: Path, lab: Assignment, begin: Callable[..., Any]
) -> None:
    (students / "lab").write_text("a file")
    with pytest.raises(CannotStart, match="cannot be written"):
        begin()
    with pytest.raises(CannotStart, match="is an assignment's source"):
        begin(lab.folder)
    assert not (lab.folder / "lab.ipynb").exists()


def test_start_of_something_unknown(students: Path) -> None:
    with pytest.raises(AssignmentNotFound):
        start("no_such_lab")


def test_start_needs_no_authoring_tools(students: Path, course: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from autograder.release import start\n"
        "start(Path(sys.argv[1]))\n"
        "print(sorted({'jupytext', 'nbformat', 'nbgrader', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(course / "assignments" / "lab")],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout == "[]\n"


# --- the lessons that come with the project


SOURCES = sorted(path.parent for path in REPOSITORY.glob("solutions/*/checks.py"))


@pytest.mark.parametrize("folder", SOURCES, ids=lambda folder: folder.name)
def test_no_line_of_a_lessons_answers_leaves(folder: Path, tmp_path: Path) -> None:
    assignment = find_assignment(folder)
    assert assignment.solution is not None
    answer: set[str] = set()
    given: set[str] = set()
    inside = False
    for line in assignment.solution.read_text(encoding="utf-8").split("\n"):
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            inside = "BEGIN" in line
        else:
            (answer if inside else given).add(line.strip())
    assert answer
    script = {
        line.strip() for line in cut(assignment)[f"{assignment.name}.py"].decode().split("\n")
    }
    assert not (answer - given) & script


@pytest.mark.parametrize("folder", SOURCES, ids=lambda folder: folder.name)
def test_lessons_are_released_as_they_stand(folder: Path) -> None:
    assert compare(find_assignment(folder), REPOSITORY / "assignments") == []
