"""Labs are opened often in these tests; what the whole suite has loaded is not their business."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def small_heap() -> Iterator[None]:
    """Looking for locks that exist takes seconds in a heap that holds thousands of syntax trees."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
