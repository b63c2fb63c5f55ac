"""A folder of results: what is finished, on which terms, and what the pages of the class show.

Everything of one submission is written before it is noted as finished, and each note is one
transaction; so a run may end at any moment, and the next one goes on after what was noted.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from autograder.errors import Unusable
from autograder.files import drafts_in, write_atomically
from autograder.report import Report
from autograder.roster import Attendance
from autograder.sources import natural_order
from autograder.summary import Summary
from autograder.writers import csv_file, feedback, json_file, overview

LEDGER = ".ohlol.sqlite"
"""Where the folder of results keeps what is not for reading."""

_STAGED = ".ohlol-regraded"

_TABLES = """
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS finished (
        submission TEXT PRIMARY KEY, terms TEXT NOT NULL, fingerprint TEXT NOT NULL,
        summary TEXT NOT NULL
    ) WITHOUT ROWID;
    COMMIT;
"""


class ResultsBusy(Unusable):
    """Another run is writing to the same folder."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a submission was graded as: both equal, and there is nothing to do again."""

    terms: str
    fingerprint: str


class Results:
    """The results of a class in a folder, which is made if it is not there.

    Raises:
        OSError: when the folder cannot be written to.
        ResultsBusy: while another run writes to it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._closed = False
        self.attendance: Attendance | None = None
        """Whose the submissions are, and who is missing, where there is a roster."""
        folder.mkdir(parents=True, exist_ok=True)
        self._ledger = _opened(folder / LEDGER, folder)
        if self._get("unfinished"):  # the run before was killed
            for draft in drafts_in(folder):
                draft.unlink(missing_ok=True)
        self._set("unfinished", "yes")

    def __enter__(self) -> Results:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):  # a disk that is full: the next run will look for drafts
            self._set("unfinished", "")
        self._ledger.close()

    @property
    def seed(self) -> int | None:
        """Of the run whose results these are."""
        seed = self._get("seed")
        return int(seed) if seed else None

    @seed.setter
    def seed(self, seed: int) -> None:
        self._set("seed", str(seed))

    def begin_anew(self) -> None:
        """Forgets what was finished; the files stay until others take their place."""
        with _disk(self.folder):
            self._ledger.execute("DELETE FROM finished")
        self._set("seed", "")
        shutil.rmtree(self.staged_folder, ignore_errors=True)

    def finished(self) -> dict[str, Finished]:
        """What is finished, by submission."""
        with _disk(self.folder):
            rows = self._ledger.execute("SELECT submission, terms, fingerprint FROM finished")
            return {name: Finished(terms, fingerprint) for name, terms, fingerprint in rows}

    def write(self, report: Report, finished: Finished) -> Summary:
        """Writes what belongs to one submission, and then notes it as finished."""
        place = self.folder / report.submission
        write_atomically(place / "feedback.html", feedback.render(report))
        write_atomically(place / "report.json", json_file.render(report))
        summary = Summary.of(report)
        self._note(summary, finished)
        return summary

    def summaries(self) -> Iterator[Summary]:
        """Of all that is finished, in the order of their names."""
        with _disk(self.folder):
            names = [name for (name,) in self._ledger.execute("SELECT submission FROM finished")]
        for name in sorted(names, key=natural_order):
            summary = self.summary(name)
            if summary is not None:
                yield summary

    def summary(self, submission: str) -> Summary | None:
        query = "SELECT summary FROM finished WHERE submission = ?"
        with _disk(self.folder):
            row = self._ledger.execute(query, (submission,)).fetchone()
        return None if row is None else Summary.from_dict(json.loads(row[0]))

    def write_class(self) -> None:
        """Writes what belongs to the class: ``grades.csv``, ``index.html`` and, with a roster,
        ``missing.csv``."""
        names = None if self.attendance is None else self.attendance.names
        summaries = list(self.summaries())
        write_atomically(self.folder / "grades.csv", csv_file.render(summaries, names))
        if self.attendance is not None:
            missing = csv_file.render_missing(self.attendance.missing)
            write_atomically(self.folder / "missing.csv", missing)
        write_atomically(self.folder / "index.html", overview.render(summaries))

    @property
    def staged_folder(self) -> Path:
        """Where results on other terms wait until they are taken over."""
        return self.folder / _STAGED

    def take_over(self, staged: Results) -> None:
        """Moves everything finished in `staged` here; can be interrupted, and done again."""
        for name, finished in staged.finished().items():
            summary = staged.summary(name)
            assert summary is not None
            place = self.folder / name
            place.mkdir(exist_ok=True)
            for file in sorted((staged.folder / name).iterdir()):
                os.replace(file, place / file.name)
            self._note(summary, finished)
            staged._forget(name)
        if staged.seed is not None:
            self.seed = staged.seed

    def _get(self, name: str) -> str:
        with _disk(self.folder):
            row = self._ledger.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def _set(self, name: str, value: str) -> None:
        with _disk(self.folder):
            self._ledger.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, value))

    def _note(self, summary: Summary, finished: Finished) -> None:
        row = (summary.submission, finished.terms, finished.fingerprint, _json(asdict(summary)))
        with _disk(self.folder):
            self._ledger.execute("INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?)", row)

    def _forget(self, submission: str) -> None:
        with _disk(self.folder):
            self._ledger.execute("DELETE FROM finished WHERE submission = ?", (submission,))


def _opened(path: Path, folder: Path) -> sqlite3.Connection:
    # Autocommitting: each transaction says where it begins.
    ledger = sqlite3.connect(path, timeout=0.5, isolation_level=None)
    try:
        # Held until it is closed, whatever ends the process; and no memory shared between
        # processes, which network drives lack.
        ledger.execute("PRAGMA locking_mode = EXCLUSIVE")
        ledger.execute("PRAGMA journal_mode = WAL")
        ledger.execute("PRAGMA synchronous = NORMAL")
        ledger.executescript(_TABLES)
    except sqlite3.DatabaseError as error:
        ledger.close()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise ResultsBusy(
                f"Another run is writing to {folder}. Wait for it, or choose another folder with "
                "--out."
            ) from None
        raise Unusable(
            f"{path} cannot be used: {error}. If it is damaged, remove it: every submission is "
            "then graded again."
        ) from error
    return ledger


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """A full disk is told as such, whoever noticed it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise OSError(
            errno.ENOSPC if full else errno.EIO,
            "No space left on device" if full else str(error),
            str(folder / LEDGER),
        ) from error


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
