"""Sessions start often in these tests; what the whole suite has loaded is not their business."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

WHOLE_HEAP = {"test_adoption", "test_leaks"}
"""Tests of looking through the heap itself."""


@pytest.fixture(autouse=True, scope="module")
def small_heap(request: pytest.FixtureRequest) -> Iterator[None]:
    """Looking for locks that exist takes seconds in a heap that holds thousands of syntax trees."""
    if request.path.stem in WHOLE_HEAP:
        yield
        return
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
