"""What docstrings promise about threads and locks."""

from __future__ import annotations

import pytest

from racecheck.facts import comments
from racecheck.facts.comments import claims
from racecheck.facts.lines import layout

CASES = [
    ("This class is thread-safe.", ("thread-safe",)),
    ("Any thread may call any method.", ("thread-safe",)),
    ("The object is **not** thread-safe.", ("not-thread-safe",)),
    ("The object is **not**\n    threadsafe.", ("not-thread-safe",)),
    ("It isn't thread safe.", ("not-thread-safe",)),
    ("Instances must not be shared between threads.", ("not-thread-safe",)),
    ("This class is not safe for concurrent use.", ("not-thread-safe",)),
    ("It is not safe to use from multiple threads.", ("not-thread-safe",)),
    ("Callers must serialize access.", ("not-thread-safe",)),
    ("Requires external synchronization.", ("not-thread-safe",)),
    ("Can be shared between threads, and is used from several threads.", ()),
    ("The caller must hold the lock.", ("lock-held",)),
    ("The CALLER MUST HOLD THE LOCK.", ("lock-held",)),
    ("Shown to those who must know.", ()),
    ("Subclasses have to own it.", ("lock-held",)),
    ("NOT thread-safe.", ("not-thread-safe",)),
    ("Called with self._lock held.", ("lock-held",)),
    ("Runs on a thread of its own.", ()),
    ("Opens the lock of the door.", ()),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_claims(text: str, found: tuple[str, ...]) -> None:
    assert claims(text) == found


ACCEPTED = [
    ("# This is racy but acceptable for the common case", True),
    ("# not thread-safe, but we don't care about lost increments", True),
    ("# benign race: both store the same", True),
    ("# without a lock on purpose", True),
    ("# this race is not acceptable", False),
    ("# TODO racy, is that fine?", False),
    ("# avoids a race by design", False),
    ("# trace it on purpose", False),
    ("# fine", False),
]


@pytest.mark.parametrize(("comment", "known"), ACCEPTED)
def test_a_race_that_a_comment_accepts(comment: str, known: bool) -> None:
    above = f"{comment}\nfound = [\n    one for one in many\n]\nlast = 1\n"
    assert comments.accepted(layout(above)) == ((2, 3, 4) if known else ())
    beside = f"first = 1\nfound = 2  {comment}\nlast = 1\n"
    assert comments.accepted(layout(beside)) == ((2,) if known else ())
