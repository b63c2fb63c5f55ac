"""Skips are loud: listed by name at the end, and a failure where `OHLOL_NO_SKIPS` is set (CI)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

_MAY_SKIP = "needs "  # a reason that begins so names what no installation can bring to this machine


def pytest_configure() -> None:
    # A shell that runs things in the background has them ignore Ctrl-C, and what they start too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for report in skipped:
        terminalreporter.write_line(f"SKIPPED {report.nodeid}: {_reason(report)}", yellow=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("OHLOL_NO_SKIPS") and any(
        not _reason(report).startswith(_MAY_SKIP) for report in skipped
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
