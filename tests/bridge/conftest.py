"""Labs are opened often in these tests; what the whole suite has loaded is not their business."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="module")
def _small_heap(small_heap: None) -> None:
    pass
