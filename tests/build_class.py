"""Builds the sample class: a folder of submissions as an instructor gets them from an LMS.

What is text stands in `class/` as it was handed in. The rest is made here, the same bytes each
time: zips as macOS and Windows make them, a zip in a zip, a bomb, a path escape, a link, an empty
folder, a document, an upload that broke off, a notebook with megabytes of outputs.

    python tests/build_class.py FOLDER
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import stat
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

CLASS = Path(__file__).with_name("class")
RELEASED = CLASS.parents[1] / "assignments" / "hello_rnn" / "hello_rnn.ipynb"

_WHEN = (2026, 11, 23, 21, 58, 4)
_BOMB_BYTES = 320_000_000  # more than one submission may hold, and a good third of a MB on disk
_FINDER = b"\0\5\x16\7\0\2\0\0Mac OS X        \0\2\0\0\0\t\0\0\x002\0\0\0\x0e"


def build_class(folder: Path) -> Path:
    """Writes the class into a folder, in place of what was there; returns the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CLASS, folder)
    for build in (_notebooks, _zips, _documents, _links_and_folders, _leftovers):
        build(folder)
    return folder


def _notebooks(folder: Path) -> None:
    # Untouched, as it was given out.
    shutil.copyfile(RELEASED, folder / "kira.ipynb")
    shutil.copyfile(RELEASED, folder / "jamal" / "hello_rnn.ipynb")
    # The connection broke off while this one was uploaded.
    upload = (folder / "ada.ipynb").read_bytes()
    (folder / "olga.ipynb").write_bytes(upload[: len(upload) * 2 // 3])
    # Outputs that were never cleared: every number of a tensor, and a picture for a poster.
    path = folder / "gustav.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    numbers = ", ".join(f"{(7 * i % 2001 - 1000) / 1000: .4f}" for i in range(60_000))
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 12_000).decode()
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell, data in ((code[1], {"text/plain": numbers}), (code[-1], {"image/png": picture})):
        cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def _zips(folder: Path) -> None:
    notebook = _taken(folder / "keiko")["hello_rnn.ipynb"]
    (folder / "keiko.zip").write_bytes(
        _zip(
            {
                "hello_rnn/": b"",
                "hello_rnn/hello_rnn.ipynb": notebook,
                "__MACOSX/hello_rnn/._hello_rnn.ipynb": _FINDER,
                "hello_rnn/.DS_Store": b"\0\0\0\1Bud1" + bytes(100),
                "__MACOSX/hello_rnn/._.DS_Store": _FINDER,
            }
        )
    )
    scripts = _taken(folder / "lars")
    (folder / "lars.zip").write_bytes(
        _zip(
            {f"RNN\\{name}": text.replace(b"\n", b"\r\n") for name, text in scripts.items()},
            system=0,
        )
    )
    inner = _zip({f"hw5/{name}": text for name, text in _taken(folder / "mei").items()})
    (folder / "mei.zip").write_bytes(
        _zip({"Mei, homework 5/hw5.zip": inner, "Mei, homework 5/report.pdf": b"%PDF-1.7\n%%EOF\n"})
    )
    script = _taken(folder / "quinn")["hello_rnn.py"]
    (folder / "quinn.zip").write_bytes(_zip({"../../../../home/quinn/hello_rnn.py": script}))
    with zipfile.ZipFile(folder / "pavel.zip", "w", compresslevel=1) as archive:
        member = zipfile.ZipInfo("hello_rnn.py", _WHEN)
        member.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(member, "w") as file:
            for _ in range(_BOMB_BYTES // 10**6):
                file.write(b"\n" * 10**6)


def _taken(folder: Path) -> dict[str, bytes]:
    """The files of a folder that is handed in as something else."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    shutil.rmtree(folder)
    return files


def _zip(files: Mapping[str, bytes], *, system: int = 3) -> bytes:
    """A zip of these files, made by a Unix (3) or by Windows (0)."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _WHEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = system
            mode = stat.S_IFDIR | 0o755 if name.endswith("/") else stat.S_IFREG | 0o644
            member.external_attr = mode << 16 if system == 3 else 0x20
            archive.writestr(member, content)
    return data.getvalue()


def _documents(folder: Path) -> None:
    essay = folder / "nils.txt"
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"
        for line in essay.read_text(encoding="utf-8").splitlines()
    )
    essay.unlink()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>"
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    (folder / "nils.docx").write_bytes(
        _zip({"[Content_Types].xml": types.encode(), "word/document.xml": document.encode()})
    )


def _links_and_folders(folder: Path) -> None:
    (folder / "rita.ipynb").symlink_to("ada.ipynb")
    (folder / "mona").mkdir()


def _leftovers(folder: Path) -> None:
    """What systems and editors leave behind, and nobody handed in."""
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1" + bytes(100))
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._ada.ipynb").write_bytes(_FINDER)
    for name in (".ipynb_checkpoints", "__pycache__"):
        (folder / "jamal" / name).mkdir()
    shutil.copyfile(RELEASED, folder / "jamal/.ipynb_checkpoints/hello_rnn-checkpoint.ipynb")
    (folder / "jamal/__pycache__/hello_rnn.cpython-311.pyc").write_bytes(b"\xa7\r\r\n" + bytes(12))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    if Path(sys.argv[1]).exists():
        raise SystemExit(f"{sys.argv[1]} exists already.")
    print(build_class(Path(sys.argv[1])))
