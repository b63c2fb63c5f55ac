"""`pytest --submission FILE checks.py`: an assignment's checks as ordinary pytest items.

For instructors who live in pytest and their editors. Every call goes to the confined process of the
submission, Hypothesis draws and shrinks as always, and a failure reads as students read it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.student import Student


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ohlol", "exercises judged from outside (ohlol)")
    group.addoption(
        "--submission", metavar="FILE", help="the submission that an assignment's checks are run on"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis as in grading: no deadline of its own, and one small failure for each check."""
    if config.getoption("--submission") is None or config.getoption("--hypothesis-profile", None):
        return
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "ohlol",
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("ohlol")


@pytest.fixture(scope="session")
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The submission given with ``--submission``, answering from its confined process."""
    path = request.config.getoption("--submission")
    if path is None:
        pytest.fail("Say which submission to run the checks on: --submission FILE", pytrace=False)
    from autograder.live import live_student

    folder = Path(request.node.items[0].path).parent if request.node.items else Path()
    with live_student(Path(path), folder) as found:
        yield found


@pytest.fixture(scope="session")
def run_seed() -> int:
    """For checks that draw by themselves."""
    return 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a failure says: the kit's message instead of a traceback through the kit."""
    report = yield
    if call.excinfo is not None and item.config.getoption("--submission", None):
        from autograder.live import explain

        text = explain(call.excinfo.value, getattr(item, "funcargs", {}).get("student"))
        if text is not None:
            report.longrepr = text
    return report
