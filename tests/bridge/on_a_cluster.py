"""Explorations on a real cluster of Dask, on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from racecheck.bridge import cluster, spreading, workers
from racecheck.bridge.bodies import Function
from racecheck.bridge.orders import Setup
from racecheck.bridge.schedules import Store
from racecheck.core.errors import UsageError
from racecheck.explore.verdict import FAILS, PASSES
from racecheck.settings import load
from tests.bridge.explored import BANK
from tests.testing.runs import run

NAMES = ("bank.py:test_overdrawn", "bank.py:test_counted")

needs_dask = pytest.mark.skipif(
    not cluster.is_installed(), reason="distributed is not installed: no cluster to test with"
)


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind() -> None:
    """In place of the check that no thread is: Dask's stay, which is why this has its process."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / ".git").mkdir()
    (folder / "bank.py").write_text(BANK)
    (folder / "test_bank.py").write_text("from bank import test_counted, test_overdrawn\n")
    return folder


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        worker_dashboard_address=":0",
        silence_logs=50,
    ) as found:
        yield found.scheduler_address.partition("//")[2]


def spread(folder: Path, **flags: object) -> list[spreading.Spread]:
    loaded = load(folder, {f"explore.{key}": value for key, value in flags.items()}, environment={})
    found = list(spreading.explored([Function(*name.split(":")) for name in NAMES], loaded))
    for path in Store(folder).folder.glob("*.toml"):
        path.unlink()
    return found


@needs_dask
def test_a_cluster_finds_what_processes_find(
    home: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    there, here = spread(home, cluster=address), spread(home, jobs=2)
    workers.end_all()
    assert [one.verdict.outcome for one in there] == [FAILS, PASSES]
    assert [one.findings for one in there] == [one.findings for one in here]
    assert there[1].verdict.complete


@needs_dask
def test_tests_of_pytest_on_a_cluster(home: Path, address: str) -> None:
    chosen = {"RACECHECK_EXPLORE_CLUSTER": address, "RACECHECK_EXPLORE_SCHEDULES": "60"}
    done = run(home, {}, "--racecheck-explore", "test_bank.py", environment=chosen)
    assert done.code == 1, done.out + done.err
    assert "1 failed, 1 passed" in done.out
    assert "[confirmed] `test_overdrawn` fails under some schedules" in done.out


@needs_dask
def test_workers_that_do_not_fit(home: Path, address: str) -> None:
    loaded = load(home, {}, environment={})
    old = Setup(loaded, versions=("0.0.1", "3.9"))
    with pytest.raises(UsageError, match=r"has racecheck .* this is racecheck 0\.0\.1 and"):
        cluster.cluster(address, old).__enter__()
    gone = Setup(loaded, folder=str(home / "gone"))
    with pytest.raises(UsageError, match="has no folder") as error:
        cluster.cluster(address, gone).__enter__()
    assert "the same project folder" in error.value.hint


@needs_dask
def test_a_scheduler_without_workers(home: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as found:
        address = found.scheduler_address.partition("//")[2]
        with pytest.raises(UsageError, match="has no workers") as error:
            cluster.cluster(address, Setup(load(home, {}, environment={}))).__enter__()
    assert f"dask worker {address}" in error.value.hint


@needs_dask
def test_nobody_at_that_address(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTS", 0.5)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at 127\.0\.0\.1:9: ") as error:
        cluster.cluster("127.0.0.1:9", Setup(load(home, {}, environment={}))).__enter__()
    assert "dask scheduler" in error.value.hint


def test_without_dask(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing: Any = None
    monkeypatch.setitem(sys.modules, "distributed", missing)
    with pytest.raises(UsageError, match="needs Dask, which is not installed here") as error:
        cluster.cluster("127.0.0.1:9", Setup(load(home, {}, environment={}))).__enter__()
    assert error.value.hint == 'pip install "racecheck-py[dask]"'
