"""What single statements touch, and when that is told."""

from __future__ import annotations

from textwrap import indent

import pytest

from tests.testing.told import accesses, function, told

STORES = """
class Elsewhere:
    def set(self, other):
        other.a = other.b = other.c = other.n = other.items = None
        other.items[0], other.b[0] = 1, 1
"""


def of(statement: str, parameters: str = "self, d, k, x") -> list[str]:
    """Accesses of a body, without line numbers."""
    source = f"def f({parameters}):\n{indent(statement, '    ')}\n{STORES}"
    return [line.partition(" ")[2] for line in told(source)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("y = self.a", ["read self.a"]),
        ("y = self.a.b", ["read self.a", "read self.a.b"]),
        ("self.a = 1", ["write self.a"]),
        ("self.a.b = 1", ["read self.a", "write self.a.b"]),
        ("del self.a", ["delete self.a"]),
        ("self.a += 1", ["update self.a (update)"]),
        ("self.a += x.b", ["update self.a (update)", "read x.b"]),
        ("self.a += g()", ["read self.a (update)", "write self.a (update) after"]),
        ("self.a = self.a + 1", ["update self.a (update)"]),
        ("self.a = g(self.a)", ["read self.a (update)", "write self.a (update) after"]),
        ("self.a, self.b = self.b, self.a", ["update self.a (update)", "update self.b (update)"]),
        ("self.a: int = 1", ["write self.a"]),
        ("self.a: int", []),
        ("g(self.a)", ["read self.a"]),
        ("g() + self.a", ["read self.a after"]),
        ("y = len(d) + self.a", ["size d", "read self.a"]),
        ("self.a = g()", ["write self.a after"]),
        ("self = g(self.a) or self.b", ["read self.a"]),
        ("self = g() + self.a", []),
        ("return self.a", ["read self.a"]),
        ("return g() + self.a", ["read self.a after"]),
        ("raise E(self.a)", ["read self.a"]),
        ("x = await_(self.a)", ["read self.a"]),
        ("y = yield self.a\nself.b = y", ["read self.a", "write self.b"]),
        ("self.a = yield self.b", ["read self.b", "write self.a after"]),
    ],
)
def test_attributes(statement: str, expected: list[str]) -> None:
    assert of(statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("y = d[k]", ["read d[k]"]),
        ("y = d['a']", ["read d['a']"]),
        ("y = d[-1]", ["read d[-1]"]),
        ("y = d[1, 'a']", ["read d[(1, 'a')]"]),
        ("y = d[x.b]", ["read x.b", "read d[x.b]"]),
        ("y = d[k + 1]", ["read d[?]"]),
        ("y = d[1:]", ["size d"]),
        ("d[:] = []", ["call d.extend"]),
        ("del d[:]", ["call d.clear"]),
        ("d[k] = 1", ["write d[k]"]),
        ("del d[k]", ["delete d[k]"]),
        ("d[k] += 1", ["update d[k] (update)"]),
        ("d[k] = d[k] + 1", ["update d[k] (update)"]),
        ("d[k] = d.get(k, 0) + 1", ["call d.get[k] (update)", "write d[k] (update) after"]),
        ("d.append(1)", ["call d.append"]),
        ("d.append(g())", ["call d.append after"]),
        ("d.pop(k)", ["call d.pop[k]"]),
        ("d.unknown(k)", []),
        ("d += [1]", ["call d.extend"]),
        ("self.items += [1]", ["read self.items", "call self.items.extend"]),
        ("self.items.append(1)", ["read self.items", "call self.items.append"]),
        ("g(*d)", ["size d"]),
        ("y = list(d)", ["size d"]),
        ("y = sorted(d)", ["size d"]),
        ("y = d.copy()", ["call d.copy"]),
        ("y = k in d", ["contains d[k]"]),
        ("y = [v for v in d]", ["iterate d"]),
        ("y = {v: self.a for v in d.values()}", ["iterate d"]),
        ("y = any(v for v in d)", ["iterate d"]),
        ("y = (v for v in d)", []),
        ("for v in d: pass", ["iterate d"]),
        ("for v in d.items(): pass", ["iterate d"]),
        ("for i, v in enumerate(d): pass", ["iterate d"]),
        ("for v in list(d): pass", ["size d"]),
        ("for v in self.items: pass", ["read self.items", "iterate self.items"]),
        ("while not d: pass", ["size d"]),
        ("y = not d", ["size d"]),
    ],
)
def test_containers(statement: str, expected: list[str]) -> None:
    # Why the slice: only what is used as a container somewhere is asked for its truth as one.
    found = of(f"{statement}\nd[0:0]")
    assert found[: len(expected)] == expected
    assert found[len(expected) :] in ([], ["size d"])


@pytest.mark.parametrize(
    "statement",
    [
        "y = x and self.a",
        "y = self.a if x else self.b",
        "y = [self.a for _ in range(3)]",
        "y = lambda: self.a",
        "y = 1 < x < self.a",
    ],
)
def test_what_may_not_happen_is_left_out(statement: str) -> None:
    assert of(statement) == []


def test_a_call_that_may_not_happen_is_one() -> None:
    assert of("y = (x and g()) or 1\nself.a = 1") == ["write self.a"]
    assert of("self.a = x and g()") == ["write self.a after"]


def test_conditions_tell_their_first_part() -> None:
    assert of("y = self.a and self.b") == ["read self.a"]
    assert of("y = 1 if self.a else self.b") == ["read self.a"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("if self.a: pass", ["read self.a"]),
        ("if g() and x: pass\nelif self.a: pass", ["read self.a"]),
        ("while self.a: pass", ["read self.a after"]),
        ("with g(self.a) as y: pass", ["read self.a"]),
        ("with g(), g(self.a): pass", ["read self.a after"]),
        ("match self.a:\n    case 1: pass", ["read self.a"]),
        ("assert self.a, self.b", ["read self.a"]),
        ("try:\n    self.a = 1\nfinally:\n    self.b = 1", ["write self.a", "write self.b"]),
    ],
)
def test_headers(statement: str, expected: list[str]) -> None:
    assert of(statement) == expected


def test_constants_and_what_they_clear() -> None:
    found = accesses("def f(self, v):\n    self.a = None\n    self.b = True\n    self.c = v\n")
    assert [(a.name, a.idempotent, a.clears) for a in found] == [
        ("a", True, True),
        ("b", True, False),
        ("c", False, False),
    ]


def test_methods_that_are_only_called_are_no_state() -> None:
    assert of("self.go(1)") == []
    assert of("self.a(1)") == ["read self.a"]


def test_private_names_are_those_of_the_class() -> None:
    source = "class _Box:\n    def f(self):\n        self.__n += 1\n        q.__x.__y.z = 1\n"
    source = source.replace("f(self)", "f(self, q)")
    assert [(a.path, a.name) for a in accesses(source, "_Box.f")] == [
        ((), "_Box__n"),
        ((), "_Box__x"),
        (("_Box__x",), "_Box__y"),
        (("_Box__x", "_Box__y"), "z"),
    ]


def test_own_attributes_that_only_the_constructor_sets_are_no_state() -> None:
    source = """
    class A:
        def __init__(self):
            self.fixed = 1
            self.free = 1
        def f(self, other):
            return self.fixed + self.free + other.fixed
        def set(self):
            self.free = 2
    """
    assert told(source, "A.f") == ["7 read self.free", "7 read other.fixed"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.a[k][x] = 1", ["read self.a", "read self.a[k]", "write self.a[k][x]"]),
        ("d[0].b += 1", ["read d[0]", "update d[0].b (update)"]),
        ("d[k][x].append(1)", ["read d[k]", "read d[k][x]", "call d[k][x].append"]),
        ("y = next(iter(d[k]))", ["read d[k]", "size d[k]"]),
        ("y = len(d['n'])", ["read d['n']", "size d['n']"]),
        ("y = x in d[k.b]", ["read k.b", "read d[k.b]", "contains d[k.b][x]"]),
        ("d[k][0] = g()", ["read d[k] after", "write d[k][0] after"]),
        ("k = d[k][0] = g()", ["read d[?] after"]),
        ("d[g()].b = 1", ["read d[?] after"]),
        ("d[1:].b = 1", ["size d"]),
        ("d[0][1][2][3][4][5] = 1", [f"read d{'[0][1][2][3][4]'[:n]}" for n in (3, 6, 9, 12, 15)]),
    ],
)
def test_items_on_the_way(statement: str, expected: list[str]) -> None:
    assert of(statement) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("y = self.a and self.b", ["b"]),
        ("if k in d or x in self.items: pass", ["items", "self.items"]),
        ("y = self.a if self.b else self.c", ["a", "c"]),
        ("y = [v for v in d if v in self.items]", ["items", "self.items"]),
        ("y = self.a and g() and self.b", []),
        ("self.c = lambda: self.a", []),
    ],
)
def test_what_may_be_left_out_is_apart(statement: str, expected: list[str]) -> None:
    source = f"def f(self, d, k, x):\n    {statement}\n{STORES}"
    before = function(source, "f").before.values()
    found = [access.name or access.text for site in before for access in site.maybe]
    assert found == expected
