"""What docstrings promise about threads and locks."""

from __future__ import annotations

import pytest

from racecheck.facts.comments import claims

CASES = [
    ("This class is thread-safe.", ("thread-safe",)),
    ("Any thread may call any method.", ("thread-safe",)),
    ("The object is **not** thread-safe.", ("not-thread-safe",)),
    ("The object is **not**\n    threadsafe.", ("not-thread-safe",)),
    ("It isn't thread safe.", ("not-thread-safe",)),
    ("The caller must hold the lock.", ("lock-held",)),
    ("Called with self._lock held.", ("lock-held",)),
    ("Runs on a thread of its own.", ()),
    ("Opens the lock of the door.", ()),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_claims(text: str, found: tuple[str, ...]) -> None:
    assert claims(text) == found
