"""Which accesses to one container depend on each other."""

from __future__ import annotations

from collections import deque
from textwrap import dedent
from typing import Any

import pytest

from racecheck.explore.operations import Operation, dependent
from racecheck.explore.reach import touches
from racecheck.runtime.sites import Site
from tests.testing.told import function


class Key:
    pass


KEYS = {"k": Key(), "g": len}
CONTAINERS: dict[str, Any] = {
    "d": {"a": 1, "b": 2},
    "l": [1, 2, 3],
    "s": {"a", "b"},
    "q": deque([1, 2]),
    "big": dict.fromkeys(range(200)),
}


def operation(statement: str) -> Operation:
    """What one statement touches."""
    source = dedent(f"def f(d, l, s, q, big, k, g):\n    {statement}\n")
    table = function(source, "f")
    found = [*table.before.values(), *table.after.values()]
    touched = [one for site in found for one in touches(site, _values(site)) or ()]
    assert touched
    return Operation("access", "", tuple(touched))


def _values(site: Site) -> list[Any]:
    return [{**KEYS, **CONTAINERS}[root.name] for root in site.roots]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("d['a']", "d['a'] = 1"),
        ("d['a']", "d.clear()"),
        ("d['a']", "d.update(x=1)"),
        ("d['c']", "d[g(1)] = 1"),
        ("d[g(1)]", "d['a'] = 1"),
        ("d[g(1)]", "d['c'] = 1"),
        ("d[k]", "d[k] = 1"),
        ("d[k]", "del d[k]"),
        ("k in d", "d.clear()"),
        ("len(d)", "d[k] = 1"),
        ("d.copy()", "d['a'] = 1"),
        ("for v in d.values(): pass", "d['b'] = 1"),
        ("for v in d.values(): pass", "d[k] = 1"),
        ("for v in big.values(): pass", "big[1] = 1"),
        ("l[0]", "l.pop()"),
        ("l[0]", "l.append(1)"),
        ("l[2]", "l[-1] = 1"),
        ("sum(l)", "l[1] = 1"),
        ("1 in l", "l[0] = 1"),
        ("l[0]", "l.sort()"),
        ("l.remove(1)", "l[0] = 1"),
        ("'a' in s", "s.clear()"),
        ("k in s", "s.add(k)"),
        ("for v in s: pass", "s.add(k)"),
        ("q[0]", "q.popleft()"),
    ],
)
def test_these_depend_on_each_other(one: str, other: str) -> None:
    assert dependent(operation(one), operation(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("d['a']", "d['b'] = 1"),
        ("d['a'] = 1", "d['b'] = 1"),
        ("d['a']", "d[k] = 1"),
        ("l[0] = 1", "l[1] = 1"),
        ("l[0]", "l[-1] = 1"),
        ("'a' in s", "s.add('b')"),
        ("for v in l: pass", "for v in l: pass"),
        ("for v in d.values(): pass", "d[g(1)]"),
        ("d[k]", "d[k]"),
        ("l.index(1)", "l[0]"),
        ("d['a'] = 1", "l[0] = 1"),
    ],
)
def test_these_do_not(one: str, other: str) -> None:
    assert not dependent(operation(one), operation(other))
