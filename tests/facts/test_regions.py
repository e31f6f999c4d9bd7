"""Locks held and left loose, against an oracle that enumerates every path of small programs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from racecheck.facts.read import read

# A program is a list of statements: ("acquire", l), ("release", l), ("op", n), ("return",),
# ("if", body, other), ("while", body), ("with", l, body), ("finally", body, [releases]).
State = tuple[str, ...]


def statements(depth: int) -> st.SearchStrategy[list[tuple]]:
    lock = st.sampled_from("ab")
    simple = st.one_of(
        st.tuples(st.just("acquire"), lock),
        st.tuples(st.just("release"), lock),
        st.just(("op",)),
        st.just(("return",)),
    )
    if depth == 0:
        return st.lists(simple, min_size=1, max_size=3)
    inner = statements(depth - 1)
    nested = st.one_of(
        st.tuples(st.just("if"), inner, inner),
        st.tuples(st.just("while"), inner),
        st.tuples(st.just("with"), lock, inner),
        st.tuples(st.just("finally"), inner, st.lists(lock, max_size=2)),
    )
    return st.lists(st.one_of(simple, simple, nested), min_size=1, max_size=4)


class Program:
    """Source text of a program, and what really holds at its operations on every path."""

    def __init__(self, body: list[tuple]) -> None:
        self.lines = ["def f(a, b, o, c):"]
        self.held: dict[int, list[frozenset[str]]] = {}
        self._ops = itertools.count()
        tree = self._render(body, 1)
        for state, how in self._run(tree, ()):
            assert how in ("fall", "return"), (state, how)

    def _render(self, body: list[tuple], depth: int) -> list[tuple]:
        pad = "    " * depth
        tree: list[tuple] = []
        for statement in body:
            kind = statement[0]
            if kind in ("acquire", "release"):
                self.lines.append(f"{pad}{statement[1]}.{kind}()")
                tree.append(statement)
            elif kind == "op":
                self.lines.append(f"{pad}o.x{next(self._ops)} = 1")
                tree.append(("op", len(self.lines)))
            elif kind == "return":
                self.lines.append(f"{pad}return")
                tree.append(statement)
            elif kind == "if":
                self.lines.append(f"{pad}if c:")
                one = self._render(statement[1], depth + 1)
                self.lines.append(f"{pad}else:")
                tree.append(("if", one, self._render(statement[2], depth + 1)))
            elif kind == "while":
                self.lines.append(f"{pad}while c:")
                tree.append(("while", self._render(statement[1], depth + 1)))
            elif kind == "with":
                self.lines.append(f"{pad}with {statement[1]}:")
                tree.append(("with", statement[1], self._render(statement[2], depth + 1)))
            else:
                self.lines.append(f"{pad}try:")
                inner = self._render(statement[1], depth + 1)
                self.lines.append(f"{pad}finally:")
                self.lines.append(f"{pad}    pass")
                self.lines += [f"{pad}    {lock}.release()" for lock in statement[2]]
                tree.append(("finally", inner, statement[2]))
        return tree

    def _run(self, body: list[tuple], state: State) -> Iterator[tuple[State, str]]:
        if not body:
            yield state, "fall"
            return
        for after, how in self._step(body[0], state):
            if how == "fall":
                yield from self._run(body[1:], after)
            else:
                yield after, how

    def _step(self, statement: tuple, state: State) -> Iterator[tuple[State, str]]:
        kind = statement[0]
        if kind == "acquire":
            yield (*state, statement[1]), "fall"
        elif kind == "release":
            yield drop(state, statement[1]), "fall"
        elif kind == "op":
            self.held.setdefault(statement[1], []).append(frozenset(state))
            yield state, "fall"
        elif kind == "return":
            yield state, "return"
        elif kind == "if":
            yield from self._run(statement[1], state)
            yield from self._run(statement[2], state)
        elif kind == "while":
            yield state, "fall"
            for after, how in self._run(statement[1], state):
                yield after, how
                if how == "fall":
                    yield from self._run(statement[1], after)
        elif kind == "with":
            for after, how in self._run(statement[2], (*state, statement[1])):
                yield drop(after, statement[1]), how
        else:
            for after, how in self._run(statement[1], state):
                for lock in statement[2]:
                    after = drop(after, lock)
                yield after, how

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def drop(state: State, lock: str) -> State:
    left = list(state)
    if lock in left:
        left.reverse()
        left.remove(lock)
        left.reverse()
    return tuple(left)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(statements(2))
def test_must_held_is_never_more_than_what_every_path_holds(body: list[tuple]) -> None:
    program = Program(body)
    function = read(program.text.encode()).functions[1]
    for access in function.accesses:
        if not access.path.startswith("o.") or access.line not in program.held:
            continue
        context = function.contexts[access.ctx]
        claimed = {function.regions[i].path for i in context.held}
        certain = frozenset.intersection(*program.held[access.line])
        assert claimed <= certain, (program.text, access.line, claimed, certain)


def straight(depth: int) -> st.SearchStrategy[list[tuple]]:
    """Programs without loops, early returns and re-acquisition in branches: held must be exact."""
    lock = st.sampled_from("ab")
    simple = st.one_of(st.tuples(st.just("acquire"), lock), st.just(("op",)))
    if depth == 0:
        return st.lists(simple, min_size=1, max_size=3)
    inner = straight(depth - 1)
    nested = st.one_of(
        st.tuples(st.just("with"), lock, inner),
        st.tuples(st.just("if"), inner, inner),
    )
    return st.lists(st.one_of(simple, nested), min_size=1, max_size=4)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(straight(2))
def test_held_is_exact_in_branches(body: list[tuple]) -> None:
    program = Program(body)
    function = read(program.text.encode()).functions[1]
    for access in function.accesses:
        if access.path.startswith("o."):
            claimed = {function.regions[i].path for i in function.contexts[access.ctx].held}
            certain = frozenset.intersection(*program.held[access.line])
            missing = certain - claimed
            assert not missing or "if" in program.text, (program.text, access.line, claimed)


def held_at(source: str, path: str) -> list[str]:
    function = next(f for f in read(source.encode()).functions if f.name == "f")
    access = next(a for a in function.accesses if a.path == path and a.kind == "write")
    return [function.regions[i].path for i in function.contexts[access.ctx].held]


def test_acquire_in_a_condition_holds_in_that_branch_only() -> None:
    source = (
        "def f(self):\n    if self.l.acquire(False):\n        self.x = 1\n"
        "    else:\n        self.y = 1\n"
    )
    assert held_at(source, "self.x") == ["self.l"]
    assert held_at(source, "self.y") == []


def test_acquire_refused_leaves_the_function() -> None:
    source = (
        "def f(self):\n    if not self.l.acquire(timeout=1):\n        return\n"
        "    self.x = 1\n    self.l.release()\n    self.y = 1\n"
    )
    assert held_at(source, "self.x") == ["self.l"]
    assert held_at(source, "self.y") == []


def test_result_of_acquire_kept_in_a_local() -> None:
    source = (
        "def f(self):\n    got = self.l.acquire(False)\n"
        "    if got:\n        self.x = 1\n    self.y = 1\n"
    )
    assert held_at(source, "self.x") == ["self.l"]
    assert held_at(source, "self.y") == []


def test_exit_stack_holds_to_the_end_of_its_with() -> None:
    source = (
        "def f(self):\n    with ExitStack() as s:\n        s.enter_context(self.l)\n"
        "        self.x = 1\n    self.y = 1\n"
    )
    assert held_at(source, "self.x") == ["ExitStack()", "self.l"]
    assert held_at(source, "self.y") == []


def loose_at(source: str) -> list[tuple[str, int, int]]:
    function = next(f for f in read(source.encode()).functions if f.name == "f")
    return [(p.kind, p.line, len(p.loose)) for p in function.points if p.loose]


def test_early_return_leaves_a_lock_loose() -> None:
    source = "def f(l):\n    l.acquire()\n    if l.x:\n        return 1\n    l.release()\n"
    assert ("return", 4, 1) in loose_at(source)
    assert not any(kind == "fall" for kind, _, _ in loose_at(source))


def test_finally_releases_on_every_way_out() -> None:
    source = (
        "def f(l):\n    l.acquire()\n    try:\n        if g():\n            return 1\n        h()\n"
        "    finally:\n        l.release()\n"
    )
    assert loose_at(source) == []
