"""What a statement touches, worked out once from its source: the table that all backends share.

A *site* is one moment, just before or just after a statement, at which some accesses are told
together. The backends differ only in how they get there: inserted calls, line events, monitoring.
Objects are named by *roots* (a variable, a closure cell, the module) and a path from there, of
attributes and of items with simple keys; an expression that would have to be evaluated a second
time is never used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from itertools import count
from typing import Any, Final, NamedTuple, TypeAlias


class Root(NamedTuple):
    """Where a path begins. `kind`: value (of a variable), cell (that of it), module (globals)."""

    kind: str
    name: str = ""


VALUE: Final = "value"
CELL: Final = "cell"
MODULE: Final = "module"


class What(Enum):
    """The kind of thing an access touches; `Access.name` says which one."""

    ATTRIBUTE = "attribute"
    """`base.name`"""
    VARIABLE = "variable"
    """A global (root: module) or a closure variable (root: cell)."""
    ITEM = "item"
    """`base[key]`"""
    CALL = "call"
    """`base.name(...)`: something only if `base` is a container of a built-in type."""
    ITERATE = "iterate"
    """`for _ in base`, comprehensions, `list(base)`, unpacking."""
    SIZE = "size"
    """`len(base)`, and its truth in a test."""
    CONTAINS = "contains"
    """`key in base`"""


class Mode(Enum):
    """What is done to it."""

    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    UPDATE = "update"
    """Read and written by one statement, told at once because nothing is called in between."""
    PROBE = "probe"
    """Not touched yet: whether the key is there decides what a later write does to the shape."""


class Role(Enum):
    """What part an access plays in something that ought to be atomic, lowest first."""

    PLAIN = ""
    USE = "use"
    """Read depending on a guard: harmed only if it is taken away in between."""
    GUARD = "guard"
    """Tested, and then only used depending on the outcome."""
    CHECK = "check"
    """Tested, and then changed depending on the outcome."""
    ACT = "act"
    """Changed depending on a check."""
    UPDATE = "update"
    """Read, and stored again with a value made from what was read."""


class Key(NamedTuple):
    """The key of an item: a constant, or a root and attributes from there. `root` wins."""

    constant: Any = None
    root: int = -1
    path: tuple[str, ...] = ()


Step: TypeAlias = "str | Key"
"""One step of a path: an attribute, or an item of a container."""


Simple: TypeAlias = "str | int | None"


class Asked(NamedTuple):
    """What a test asked of a value: `if not self.busy` is (truth, None, False)."""

    how: str
    constant: Simple
    outcome: bool

    def holds(self, value: Simple) -> bool:
        """Whether the test comes out the same for `value`."""
        if self.how == TRUTH:
            return bool(value) is self.outcome
        same = value is self.constant if self.how == IS else value == self.constant
        return same is self.outcome


TRUTH: Final = "truth"
IS: Final = "is"
EQUAL: Final = "equal"


class Access(NamedTuple):
    """One access. `root` is an index into `Site.roots`. `line` is its own, `text` its source; of an
    operation on a container, that of the container."""

    root: int
    path: tuple[Step, ...]
    what: What
    name: str
    mode: Mode
    role: Role
    line: int
    text: str
    key: Key | None = None
    idempotent: bool = False
    """A write of a constant (`self.done = True`): doing it twice changes nothing."""
    clears: bool = False
    """A write of None, or a `del`: what was there is gone for whoever found it."""
    spans: bool = False
    """Part of something that ought to be atomic and has an `await` in the middle."""
    polls: bool = False
    """The test of a loop that waits for a flag: whoever sees it set comes after who set it."""
    stores: tuple[Simple, ...] = ()
    """The one constant that a write stores, if it is a simple one."""
    asked: tuple[Asked, ...] = ()
    """Of a test that is acted upon at once, and of that act: all that it relies on."""


_UNSTEADY: Final = frozenset({What.ITEM, What.CALL})
"""What an access of these changes depends on what is there at the time."""


class Site:
    """The accesses of one moment. `after`: told once the statement has run.

    `plain`: one root, no path, no key: the object itself is what is touched, so the backend may
    take its fastest way. `spans`: part of something with an `await` in it. `always`: told every
    time. `inner`: the attributes that lead from one root to the one object that all is about.
    `steady`: with the same objects it always comes to the same fields. `spots`: the shadow's.
    `turns`: if told at each turn of a loop, the first turn of an epoch is enough.
    `announces`: the number of the site behind the same
    statement, of one that changes and reads nothing itself but says that those are about to come.
    `maybe`: what may happen as well, or not (the second operand of `and`). Nothing can be said of a
    run by it; whoever asks what the statement depends on has to count it.
    """

    __slots__ = (
        "accesses",
        "after",
        "always",
        "announces",
        "function",
        "inner",
        "line",
        "maybe",
        "number",
        "path",
        "plain",
        "roots",
        "spans",
        "spots",
        "steady",
        "turns",
    )

    def __init__(
        self,
        number: int,
        path: str,
        function: str,
        line: int,
        roots: tuple[Root, ...],
        accesses: tuple[Access, ...],
        after: bool = False,
        maybe: tuple[Access, ...] = (),
    ) -> None:
        self.number = number
        self.path = path
        self.function = function
        self.line = line
        self.roots = roots
        self.accesses = accesses
        self.after = after
        self.maybe = maybe
        self.announces = _announced(number, (*accesses, *maybe))
        self.spots: dict[Any, Any] = {}
        self.spans = any(a.spans for a in accesses)
        self.always = self.spans or any(a.polls for a in accesses)
        self.steady = not self.always and not any(a.what in _UNSTEADY for a in accesses)
        self.inner = () if self.always or len(roots) != 1 else _inner(accesses)
        self.plain = not self.always and not any(a.path or a.key for a in accesses)
        self.turns = not self.always and [root.kind for root in roots] == [VALUE]


def _announced(number: int, accesses: tuple[Access, ...]) -> int:
    """The site behind has the next number if there is anything here, else it was numbered first."""
    if not accesses:
        return number - 1
    return number + 1 if all(a.mode is Mode.PROBE for a in accesses) else 0


def _inner(accesses: tuple[Access, ...]) -> tuple[str, ...]:
    """The one path at whose end everything is, () if there is no such."""
    paths = {access.path for access in accesses}
    path = paths.pop() if len(paths) == 1 else ()
    names = tuple(step for step in path if isinstance(step, str))
    return names if len(names) == len(path) and not any(a.key for a in accesses) else ()


class Sites(dict[int, Site]):
    """All sites by number: an inserted call passes nothing but a number and objects.

    Numbers of a file's sites begin at a base made of what it holds, so that they can be cached. The
    sites of a cached file are made when the first of them is asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.loaders: dict[int, Callable[[], Iterable[Site]]] = {}

    def __missing__(self, number: int) -> Site:
        loader = self.loaders.get(number // SPAN)
        if loader is None:
            found = self.get(number)
            if found is None:
                raise KeyError(number)
            return found
        # Why so: two threads may ask at once, and both must come to the same sites.
        for site in loader():
            self.setdefault(site.number, site)
        self.loaders.pop(number // SPAN, None)
        return dict.__getitem__(self, number)


SPAN: Final = 1 << 20
"""Sites that one file can have: from one base to the next."""

sites: Final = Sites()

_numbers: Final = count(1)


def before(site: Site) -> Site | None:
    """Where one stands before the statement that `site` belongs to, if that is told anywhere."""
    if not site.after:
        return site
    announcement = sites.get(site.number + 1)
    if announcement is not None and announcement.announces == site.number:
        return announcement
    other = sites.get(site.number - 1)
    return other if other is not None and behind(other) is site else None


def behind(site: Site) -> Site | None:
    """The site that is told once the same statement has run."""
    other = sites.get(site.number + 1)
    if site.after or other is None or not other.after or other.line != site.line:
        return None
    return other if (other.path, other.function) == (site.path, site.function) else None


def add(
    path: str,
    function: str,
    line: int,
    roots: tuple[Root, ...],
    accesses: tuple[Access, ...],
    after: bool = False,
) -> Site:
    """A new site, of no file in particular."""
    site = Site(next(_numbers), path, function, line, roots, accesses, after)
    sites[site.number] = site
    return site
