"""Which accesses belong together, by the way they are written."""

from __future__ import annotations

from textwrap import indent

import pytest

from racecheck.runtime.sites import EQUAL, IS, TRUTH, Asked, Role
from tests.testing.told import accesses, told


def roles(body: str) -> list[str]:
    """The accesses that play a part, without line numbers."""
    source = f"def f(self, d, k, v):\n{indent(body, '    ')}\n"
    return [line.partition(" ")[2] for line in told(source) if "(" in line]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "n = self.n\ng()\nself.n = n + 1",
            ["read self.n (update)", "write self.n (update)"],
        ),
        (
            "n = self.n + 1\nm = n * 2\ng()\nself.n = m",
            ["read self.n (update)", "write self.n (update)"],
        ),
        (
            "n = self.n\nn += 1\nself.n = n",
            ["read self.n (update)", "write self.n (update)"],
        ),
        (
            "a, b = self.a, self.b\nself.a = a + 1\nself.b = b",
            [f"{verb} self.{n} (update)" for verb in ("read", "write") for n in "ab"],
        ),
        ("n = self.n\nn = 0\nself.n = n + 1", []),
        ("n = self.n\ng(n)\nself.n = 3", []),
        ("self.n = self.m + 1", []),
        (
            "x = d[k]\nd[k] = x + 1",
            ["read d[k] (update)", "write d[k] (update)"],
        ),
        ("d[k] = d[v] + 1", []),
        ("self.head = self.head.next", ["update self.head (update)"]),
    ],
)
def test_updates(body: str, expected: list[str]) -> None:
    assert roles(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "if self.a is None:\n    self.a = g()",
        "if not self.a:\n    self.a = g()",
        "if self.a:\n    return\nself.a = g()",
        "if self.a:\n    pass\nelse:\n    self.a = g()",
        "a = self.a\nif a is None:\n    self.a = g()",
        "for _ in d:\n    if self.a == k:\n        continue\n    self.a = k",
        "if self.a.b:\n    self.a = g()",
    ],
)
def test_a_test_and_a_change_that_depends_on_it(body: str) -> None:
    found = roles(body)
    assert found[0].startswith("read self.a (check)")
    assert found[-1].startswith("write self.a (act)")


@pytest.mark.parametrize(
    ("body", "check", "act"),
    [
        ("if k not in d:\n    d[k] = v", "contains d[k]", "write d[k]"),
        ("if d.get(k) is None:\n    d[k] = v", "call d.get[k]", "write d[k]"),
        ("x = d.get(k)\nif x is None:\n    x = d[k] = v", "call d.get[k]", "write d[k]"),
        ("if k not in d:\n    d.append(k)", "contains d[k]", "call d.append"),
        ("if k not in d:\n    d.add(k)", "contains d[k]", "call d.add[k]"),
        ("if not d:\n    d.append(v)", "size d", "call d.append"),
        ("if len(d) < 3:\n    d.append(v)", "size d", "call d.append"),
    ],
)
def test_checks_of_containers(body: str, check: str, act: str) -> None:
    assert roles(body) == [f"{check} (check)", f"{act} (act)"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "if self.conn is not None:\n    self.conn.send()",
            ["read self.conn (guard)", "read self.conn (use)"],
        ),
        (
            "if self.conn is None:\n    return\nself.conn.send()",
            ["read self.conn (guard)", "read self.conn (use)"],
        ),
        ("if k in d:\n    return d[k]", ["contains d[k] (guard)", "read d[k] (use)"]),
        ("if d:\n    return d[0]", ["size d (guard)", "read d[0] (use)"]),
        ("if k in d:\n    del d[k]", ["contains d[k] (guard)", "delete d[k] (use)"]),
        ("if k in d:\n    return d.pop(k)", ["contains d[k] (guard)", "call d.pop[k] (use)"]),
        ("if d:\n    d.pop()", ["size d (guard)", "call d.pop (use)"]),
        ("while d:\n    d.pop()", ["size d (guard)", "call d.pop (use)"]),
        ("while not d:\n    g()\nd.pop()", ["size d (guard)", "call d.pop (use)"]),
    ],
)
def test_a_test_and_a_use_that_depends_on_it(body: str, expected: list[str]) -> None:
    assert roles(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "while self.running:\n    self.running = False",
        "if self.running:\n    self.running = False",
        "if self.a:\n    self.b = 1",
        "if self.a:\n    g()\nself.a = 1",
        "if k in d:\n    d[v] = 1",
        "if k in d:\n    d.pop(k, None)",
        "if k in d:\n    d.discard(k)",
        "if k in d:\n    return d.get(k)",
        "if k not in d:\n    d.setdefault(k, v)",
        "try:\n    return d[k]\nexcept KeyError:\n    return None",
        "if k in d:\n    try:\n        del d[k]\n    except KeyError:\n        pass",
        "if d:\n    for x in d: pass",
        "if d:\n    d.clear()",
        "assert self.a is None\nself.a = 1",
    ],
)
def test_idioms_that_are_safe_or_unrelated(body: str) -> None:
    assert roles(body) == []


def test_the_outer_test_of_double_checked_locking_relies_on_nothing() -> None:
    body = """
if self.a is None:
    with self.lock:
        if self.a is None:
            self.a = g()
return self.a
"""
    source = f"def f(self):\n{indent(body, '    ')}\n"
    assert [line for line in told(source) if "self.a" in line] == [
        "3 read self.a",
        "5 read self.a (check)",
        "6 write self.a (act) after",
        "7 read self.a",
    ]


def test_a_closing_that_asks_again_under_its_lock() -> None:
    body = """
if self.a:
    return
with self.lock:
    if self.a:
        return
    self.a = True
    self.b.close()
"""
    source = f"def f(self):\n{indent(body, '    ')}\n"
    assert [line for line in told(source) if "self.a" in line] == [
        "3 read self.a",
        "6 read self.a (check)",
        "8 write self.a (act)",
    ]


def test_globals_and_closure_variables_have_roles_too() -> None:
    source = """
    cache = None
    def f():
        global cache
        if cache is None:
            cache = g()
        return cache
    def outer():
        n = 0
        def inner():
            nonlocal n
            if n < 3:
                n = g(n)
    """
    assert told(source) == [
        "5 read global cache (check)",
        "6 write global cache (act) after",
        "7 read global cache",
    ]
    assert told(source, "outer.<locals>.inner") == [
        "12 read cell n (check)",
        "13 read cell n (update)",
        "13 write cell n (update) after",
    ]


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("if self.a:\n    return\nself.a = True\ng()\nself.a = False", Asked(TRUTH, None, False)),
        ("if not self.a:\n    self.a = True\n    g()", Asked(TRUTH, None, False)),
        ("if self.a is None:\n    self.a = 1\n    g()", Asked(IS, None, True)),
        ("if self.a != 3:\n    return\nself.a = 4\ng()", Asked(EQUAL, 3, True)),
        ("if not self.a == 3:\n    g()\nelse:\n    self.a = 4", Asked(EQUAL, 3, True)),
        ("if self.a:\n    g()\nelse:\n    self.a = 4", Asked(TRUTH, None, False)),
    ],
)
def test_what_is_asked_where_the_answer_is_acted_upon_at_once(body: str, asked: Asked) -> None:
    found = accesses(f"def f(self):\n{indent(body, '    ')}\n")
    assert [one.role for one in found if one.role is not Role.PLAIN] == [Role.CHECK, Role.ACT]
    assert {one.asked for one in found if one.role is not Role.PLAIN} == {(asked,)}


@pytest.mark.parametrize(
    "body",
    [
        "if self.a:\n    g()\n    self.a = False",
        "if not self.a:\n    self.a = g()",
        "if not self.a:\n    self.a = k",
        "if self.a and k:\n    self.a = False\n    g()",
        "a = self.a\nif a:\n    self.a = False\n    g()",
        "if self.a > 3:\n    self.a = 1\n    g()",
        "if self.a.b:\n    self.a = None\n    g(self.a.b)",
        "if not self.a:\n    self.a = 3\n    g(self.a)",
        "while self.a:\n    self.a = g()",
    ],
)
def test_tests_that_are_acted_upon_later_or_are_not_understood(body: str) -> None:
    found = accesses(f"def f(self, k):\n{indent(body, '    ')}\n")
    assert not any(one.asked for one in found)


def test_a_private_flag_is_understood_as_well() -> None:
    source = """
    class C:
        def f(self):
            if self.__a:
                return
            self.__a = True
            self.g()
            self.__a = False
    """
    found = accesses(source, "C.f")
    assert [(one.role, len(one.asked)) for one in found] == [
        (Role.CHECK, 1),
        (Role.ACT, 1),
        (Role.PLAIN, 0),
    ]
