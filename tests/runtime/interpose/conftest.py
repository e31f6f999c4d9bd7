"""A session that interposes and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.session import Session


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(RuntimeOptions(watch=()))
    made.start()
    try:
        yield made
    finally:
        made.stop()
    assert made.faults() == []
