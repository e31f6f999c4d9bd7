"""What is told together, and where."""

from __future__ import annotations

from tests.testing.told import function


def before(source: str) -> dict[int, list[str]]:
    found = function(source, "f").before
    return {line: [a.text for a in site.accesses] for line, site in found.items()}


def test_statements_that_call_nothing_share_one_site() -> None:
    source = """
    def f(self, p):
        self.x += 1
        y = 2
        self.y += y
        if self.x > 3:
            self.z = 1
    """
    assert before(source) == {3: ["self.x", "self.y", "self.x"], 7: ["self.z"]}


def test_a_call_ends_a_group() -> None:
    source = """
    def f(self):
        self.x += 1
        g()
        self.y += len(self.z)
        self.w = 1
    """
    assert before(source) == {3: ["self.x"], 5: ["self.y", "self.z", "self.w"]}


def test_a_rebound_root_or_path_ends_a_group() -> None:
    source = """
    def f(self):
        self.x = 1
        self = self.next
        self.y = 2
        self.node = None
        self.node.z = 3
    """
    found = before(source)
    assert found[5] == ["self.y", "self.node"]
    assert found[7] == ["self.node", "self.node.z"]


def test_other_roots_and_keys_have_their_own_site() -> None:
    source = """
    def f(self, p, k):
        self.x = 1
        p.x = 1
        self.y[k] = 1
        self.y[1] = 1
    """
    assert sorted(before(source)) == [3, 4, 5, 6]


def test_a_group_ends_with_its_block() -> None:
    source = """
    def f(self, p):
        if p:
            self.x = 1
        self.y = 1
        while p:
            self.z = 1
        self.w = 1
    """
    assert sorted(before(source)) == [4, 5, 7, 8]


def test_a_loop_tells_its_iteration_in_every_round() -> None:
    source = """
    def f(self, p):
        for x in p:
            g(x)
        for x in list(p):
            g(x)
    """
    steps = function(source, "f").steps.values()
    assert sorted((s.before.line, s.again) for s in steps if s.before) == [(3, True), (5, False)]


def test_sites_of_one_object_without_paths_are_plain() -> None:
    source = """
    def f(self, p, d, k):
        self.x = p.y
        g()
        self.x.y = 1
        d[k] = 1
    """
    found = function(source, "f").before
    assert [(line, s.plain, len(s.roots)) for line, s in found.items()] == [
        (3, True, 2),
        (5, False, 1),
        (6, False, 2),
    ]
