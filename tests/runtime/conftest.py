"""Sessions start often in these tests; what the whole suite has loaded is not their business."""

from __future__ import annotations

import pytest

WHOLE_HEAP = {"test_adoption", "test_leaks"}
"""Tests of looking through the heap itself."""


@pytest.fixture(autouse=True, scope="module")
def _small_heap(request: pytest.FixtureRequest) -> None:
    if request.path.stem not in WHOLE_HEAP:
        request.getfixturevalue("small_heap")
