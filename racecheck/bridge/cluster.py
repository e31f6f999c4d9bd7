"""A cluster of Dask as an executor: its workers explore as the processes of one machine do."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final

from racecheck.bridge import workers
from racecheck.bridge.orders import Setup, packed
from racecheck.core.errors import UsageError

CONNECTS: Final = 10.0
"""Seconds in which the scheduler must answer."""

EXTRA: Final = 'pip install "racecheck-py[dask]"'


def is_installed() -> bool:
    """Whether there is a Dask to ask; nothing is imported."""
    return find_spec("distributed") is not None


@contextmanager
def cluster(address: str, setup: Setup) -> Iterator[tuple[Any, int]]:
    """Its executor, and how many parts are explored at a time.

    UsageError says in one line why it cannot be used.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--cluster needs Dask, which is not installed here", EXTRA) from None
    with warnings.catch_warnings(record=True):
        # Why: versions that differ are an error here, and said below.
        warnings.simplefilter("always")
        client = _connected(Client, address)
    try:
        threads = _checked(client, address, setup)
        yield client.get_executor(pure=False), sum(threads.values())
    finally:
        client.close(timeout=2)


def _connected(make: Any, address: str) -> Any:
    try:
        return make(address, timeout=CONNECTS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise UsageError(
            f"no Dask scheduler answers at {address}: {said}",
            "start one with `dask scheduler`, and workers with `dask worker`",
        ) from None


def _checked(client: Any, address: str, setup: Setup) -> dict[str, int]:
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise UsageError(
            f"the Dask scheduler at {address} has no workers",
            f"start some in {setup.folder}: dask worker {address}",
        )
    try:
        said = client.run(workers.greet, packed(setup))
    except Exception as error:
        raise UsageError(
            f"a worker of {address} cannot run racecheck: {type(error).__name__}: {error}",
            "install the same racecheck for the same Python where the workers are",
        ) from None
    for worker, problem in said.items():
        if problem:
            hint = "workers need the same racecheck, the same Python, and the same project folder"
            raise UsageError(f"worker {worker} cannot explore: {problem}", hint)
    return threads
