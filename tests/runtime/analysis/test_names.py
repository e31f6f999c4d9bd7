"""The lists of names agree with what the runtime knows of containers."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque

import pytest

from racecheck.runtime.analysis.names import GROWS, METHODS, READS, SHRINKS

TYPES = [list, dict, set, deque, OrderedDict, defaultdict, Counter, bytearray]


def test_the_kinds_are_apart() -> None:
    assert len(METHODS) == len(READS) + len(GROWS) + len(SHRINKS)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_each_is_a_method_of_some_container(name: str) -> None:
    assert any(hasattr(kind, name) for kind in TYPES)
