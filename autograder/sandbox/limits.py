"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may use.

    Args:
        load_seconds: for running all of its cells.
        statement_seconds: for one statement of a cell.
        check_seconds: for all the calls of one check.
        call_seconds: for one call made on its own.
        submission_seconds: for everything.
        memory_bytes: beyond what torch needs.
        disk_bytes, disk_files: in its folder.
        output_bytes: printed.
        threads: may it start threads.
        packages: what it may import besides the standard library.
    """

    load_seconds: float = 30.0
    statement_seconds: float = 10.0
    check_seconds: float = 8.0
    call_seconds: float = 3.0
    submission_seconds: float = 180.0
    memory_bytes: int = 2**30
    disk_bytes: int = 64 * 2**20
    disk_files: int = 2000
    output_bytes: int = 16 * 2**20
    threads: bool = False
    packages: tuple[str, ...] = ("torch", "numpy", "matplotlib")
