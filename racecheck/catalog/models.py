"""Library models: what threads, locks and blocking calls look like in a library, as typed data.

A file describes one library. Every table may name one callable or type (`name = "time.sleep"`) or
several with the same properties (`name = ["time.sleep", "signal.pause"]`). Names are public
aliases; `[[alias]]` maps the places where things are defined to them. `since` and `until` are the
first Python version that has a name and the first that no longer has it.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Role = Literal[
    "main",
    "thread",
    "pool",
    "loop",
    "request",
    "callback",
    "signal",
    "finalizer",
    "logging",
    "atexit",
    "process",
    "test",
]
LockKind = Literal["lock", "rlock", "condition", "semaphore", "rwlock", "file", "process"]
Tier = Literal["critical", "warn"]
Level = Literal["shared", "atomic"]


class Versioned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table with the versions of Python it holds for."""

    since: str = ""
    until: str = ""


class Row(Versioned, frozen=True, kw_only=True):
    """A table about one name, or several."""

    name: str | tuple[str, ...]


class EntryModel(Row, frozen=True, kw_only=True):
    """A callable that runs one of its arguments elsewhere.

    The argument is given by keyword (`argument`) or by 0-based position without self (-1: none).
    `override`: the method of subclasses that runs instead. `start`: the method that starts it (""
    when the call itself does). `many`: several can run at once. `joined`: the call returns after it
    has ended.
    """

    role: Role = "thread"
    argument: str = ""
    position: int = -1
    override: str = ""
    start: str = ""
    many: bool = False
    joined: bool = False


class DecoratorModel(Row, frozen=True, kw_only=True):
    """A decorator whose functions are entries."""

    role: Role = "request"
    many: bool = True


class SubclassModel(Versioned, frozen=True, kw_only=True):
    """A base class: methods of subclasses that match a pattern are entries.

    `per_instance`: every thread or request gets an object of its own, so `self.x` is not shared.
    """

    base: str | tuple[str, ...]
    methods: tuple[str, ...] = ()
    role: Role = "request"
    many: bool = True
    per_instance: bool = False


class LockModel(Row, frozen=True, kw_only=True):
    """A type or factory of locks.

    `reentrant`: the holder may take it again. `is_async`: it excludes tasks, not threads. `wraps`:
    position of the lock that it is made over (-1: none). `acquire` and `release` are method names;
    `methods`: those whose result is held by `with` (`rwlock.gen_rlock()`). `scope` says what it
    excludes: `thread`, `task`, `process` or `machine`.
    """

    kind: LockKind = "lock"
    reentrant: bool = False
    is_async: bool = False
    wraps: int = -1
    acquire: tuple[str, ...] = ("acquire",)
    release: tuple[str, ...] = ("release",)
    methods: tuple[str, ...] = ()
    scope: Literal["thread", "task", "process", "machine"] = "thread"


class BlockingModel(Row, frozen=True, kw_only=True):
    """A call that may wait. No finding if `unless_argument` or `unless_position` is given.

    `tier`: critical calls wait for somebody else; warn calls for the disk or a short moment.
    """

    what: str = "waits"
    tier: Tier = "critical"
    unless_argument: str = ""
    unless_position: int = -1


class SafeModel(Row, frozen=True, kw_only=True):
    """A type whose methods need no guard. `atomic`: single methods are, sequences are not."""

    level: Level = "shared"


class UnsafeModel(Row, frozen=True, kw_only=True):
    """A type that must not be used from two threads at once.

    `methods`: only these (empty: all). `bound`: to the thread that made it, a lock does not help.
    """

    why: str = ""
    methods: tuple[str, ...] = ()
    bound: bool = False
    reference: str = ""


class AtomicModel(Row, frozen=True, kw_only=True):
    """A container operation that is one step. `gil_only`: not promised on free-threaded builds."""

    gil_only: bool = False
    note: str = ""


class ProcessGlobalModel(Row, frozen=True, kw_only=True):
    """A call that changes the whole process. `instead`: what to do on a thread."""

    what: str = ""
    instead: str = ""
    restores: bool = False


class LoopOnlyModel(Row, frozen=True, kw_only=True):
    """A call that only the event loop's own thread may make. `instead`: what other threads do."""

    why: str = ""
    instead: str = ""


class NameModel(Row, frozen=True, kw_only=True):
    """A table that holds nothing but names: offload, to_loop, fresh."""


class ReturnsModel(Row, frozen=True, kw_only=True):
    """A factory and the qualified type of its result."""

    type: str = ""


class AliasModel(Row, frozen=True, kw_only=True):
    """A defining name (or a whole module) and the public name that people write."""

    public: str = ""


class InheritsModel(Row, frozen=True, kw_only=True):
    """A class that has everything that is said of `base`."""

    base: str = ""


class ReservedName(Versioned, frozen=True, kw_only=True):
    """An attribute that a library class uses itself, so that a subclass must not take the name.

    `kind`: `method`, `attribute` (set on instances) or `class` (bound in the class body).
    """

    base: str | tuple[str, ...]
    name: str | tuple[str, ...]
    public: bool = False
    kind: Literal["method", "attribute", "class"] = "attribute"


class LibraryModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of rules/models. `distribution` has the names; "" for the standard library."""

    library: str
    distribution: str = ""
    verified: str = ""
    notes: str = ""
    entry: tuple[EntryModel, ...] = ()
    decorator: tuple[DecoratorModel, ...] = ()
    subclass: tuple[SubclassModel, ...] = ()
    lock: tuple[LockModel, ...] = ()
    blocking: tuple[BlockingModel, ...] = ()
    safe: tuple[SafeModel, ...] = ()
    unsafe: tuple[UnsafeModel, ...] = ()
    atomic: tuple[AtomicModel, ...] = ()
    process_global: tuple[ProcessGlobalModel, ...] = ()
    offload: tuple[NameModel, ...] = ()
    to_loop: tuple[NameModel, ...] = ()
    loop_only: tuple[LoopOnlyModel, ...] = ()
    fresh: tuple[NameModel, ...] = ()
    returns: tuple[ReturnsModel, ...] = ()
    alias: tuple[AliasModel, ...] = ()
    inherits: tuple[InheritsModel, ...] = ()
    reserved: tuple[ReservedName, ...] = ()


class Models(msgspec.Struct, frozen=True):
    """All library models, merged by name. `digest` changes with any of them (for cache keys)."""

    entries: dict[str, tuple[EntryModel, ...]] = {}
    decorators: dict[str, tuple[DecoratorModel, ...]] = {}
    subclasses: dict[str, tuple[SubclassModel, ...]] = {}
    locks: dict[str, LockModel] = {}
    blocking: dict[str, BlockingModel] = {}
    safe: dict[str, SafeModel] = {}
    unsafe: dict[str, UnsafeModel] = {}
    atomic: dict[str, AtomicModel] = {}
    process_globals: dict[str, ProcessGlobalModel] = {}
    offload: frozenset[str] = frozenset()
    to_loop: frozenset[str] = frozenset()
    loop_only: dict[str, LoopOnlyModel] = {}
    fresh: frozenset[str] = frozenset()
    returns: dict[str, str] = {}
    aliases: dict[str, str] = {}
    bases: dict[str, str] = {}
    reserved: dict[str, tuple[ReservedName, ...]] = {}
    digest: str = ""

    def public(self, name: str) -> str:
        """The public name of `name`: its longest aliased prefix is replaced, over and over.

        >>> Models(aliases={"requests.api": "requests"}).public("requests.api.get")
        'requests.get'
        """
        for _ in range(_CHAIN):
            head, tail = name, ""
            while head and head not in self.aliases:
                head, _, last = head.rpartition(".")
                tail = f".{last}{tail}"
            if not head:
                return name
            name = (self.aliases[head] + tail).lstrip(".")
        return name


_CHAIN: Final = 4
"""Aliases of aliases that are followed."""
