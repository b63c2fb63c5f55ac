"""A Dask cluster of several worker processes grades as this machine does, whoever dies then."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import kit
import psutil
import pytest
from distributed import LocalCluster
from test_interruptions import command, started, undisturbed, without_times, write_class

__all__ = ["undisturbed"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as found:
        yield found


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    return write_class(tmp_path / "in", slow=True)


def on_cluster(cluster: LocalCluster, slow: Path, out: Path) -> subprocess.Popen[str]:
    return started(slow, out, "--cluster", cluster.scheduler_address)


def test_the_results_are_those_of_this_machine(
    cluster: LocalCluster, slow: Path, tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    process = on_cluster(cluster, slow, tmp_path / "out")
    output, errors = process.communicate(timeout=kit.PATIENCE)
    assert process.returncode == 0, output + errors
    assert without_times(tmp_path / "out") == undisturbed


def test_a_worker_that_is_killed_costs_nobody_anything(
    cluster: LocalCluster, slow: Path, tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    pids = [worker.pid for worker in cluster.workers.values()]
    process = on_cluster(cluster, slow, tmp_path / "out")

    def busy() -> list[psutil.Process]:
        """Workers one of whose zygotes has a student."""
        return [
            psutil.Process(pid)
            for pid in pids
            if any(zygote.children() for zygote in psutil.Process(pid).children(recursive=True))
        ]

    kit.wait_until(busy, "a worker is at work")
    busy()[0].kill()
    output, errors = process.communicate(timeout=kit.PATIENCE)
    assert process.returncode == 0, output + errors
    assert without_times(tmp_path / "out") == undisturbed


def test_nobody_answers(slow: Path, tmp_path: Path) -> None:
    found = kit.ohlol(
        *command(slow, tmp_path / "out", "--cluster", "tcp://127.0.0.1:9"), cwd=tmp_path
    )
    assert found.returncode == 2, found.stdout + found.stderr
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in found.stderr
    assert "Traceback" not in found.stderr
