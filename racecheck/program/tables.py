"""Indexes and memory of one link: what the queries of this package share.

Everything is computed once, when first asked. A `Term` is what an expression may denote; the empty
set of terms means that nothing is known.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

from racecheck.catalog.models import Models
from racecheck.facts.schema import Access, Call, Region
from racecheck.program.model import Class, Function, Held, Lock, Module, Program, StateId


class Term(NamedTuple):
    """One thing that an expression may denote.

    kind: `instance` (of the class `name`), `class`, `super` (of the class `name`), `function` (id
    `name`), `module`, `name` (something outside, by qualified name). element: what a container
    holds.
    """

    kind: str
    name: str
    element: frozenset[Term] = frozenset()


Terms = frozenset[Term]
NOTHING: Final[Terms] = frozenset()


@lru_cache(maxsize=65_536)
def one(kind: str, name: str) -> Terms:
    """The set of a single term. It is shared: few things are meant in many places."""
    return frozenset((Term(kind, name),))


BUILTIN_CLASSES: Final = frozenset(n for n, v in vars(builtins).items() if isinstance(v, type))
BUILTIN_NAMES: Final = frozenset(vars(builtins))

MAX_TERMS: Final = 24
"""Alternatives above which an expression counts as unknown."""

MAX_DEPTH: Final = 60
"""Questions that may be open at once; bounds recursion through the source."""


class Ancestry(Protocol):
    """What is asked about classes outside the project."""

    def ancestors(self, name: str) -> frozenset[str] | None:
        """Qualified names of all bases of a library class; None when they are not known."""


LockClass = tuple[str, bool | None, bool]


class Store(NamedTuple):
    """An assignment to an attribute of a class or to a global: where, and the access itself."""

    function: Function
    access: Access


class Callee(NamedTuple):
    """What may run when something is called; see `Link`."""

    targets: tuple[Function, ...] = ()
    external: str = ""
    constructs: str = ""


class Receiver(NamedTuple):
    """The name under which a function knows its object: `self` or `cls`, perhaps from outside."""

    name: str
    cls: Class
    is_class: bool


@dataclass(slots=True, eq=False)
class Tables:
    """See the module. `modules` has every name under which a module may be imported."""

    program: Program
    models: Models
    modules: dict[str, Module] = field(default_factory=dict)
    folders: dict[Module, str] = field(default_factory=dict)
    siblings: dict[tuple[str, str], Module] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    exports: dict[tuple[str, str], list[Term]] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    known: frozenset[str] = frozenset()
    known_types: frozenset[str] = frozenset()
    outside: dict[Class, tuple[str, ...]] = field(default_factory=dict)
    stores: dict[Class, dict[str, list[Store]]] = field(default_factory=dict)
    global_stores: dict[Module, dict[str, list[Store]]] = field(default_factory=dict)
    receivers: dict[Function, Receiver | None] = field(default_factory=dict)
    members: dict[tuple[Class, str], Terms] = field(default_factory=dict)
    named: dict[str, Terms] = field(default_factory=dict)
    annotations: dict[tuple[Function, str], Terms] = field(default_factory=dict)
    returned: dict[Function, Terms] = field(default_factory=dict)
    arguments: dict[tuple[Function, str], Terms] = field(default_factory=dict)
    stores_in: dict[Function, dict[str, list[Access]]] = field(default_factory=dict)
    decorated: dict[Function, list[Function]] = field(default_factory=dict)
    captured: dict[Function, frozenset[str]] = field(default_factory=dict)
    owners: dict[tuple[Class, str], Class] = field(default_factory=dict)
    sites: dict[str, list[tuple[Function, Call]]] = field(default_factory=dict)
    starts: dict[str, list[tuple[Function, Call]]] = field(default_factory=dict)
    callees: dict[Terms, Callee] = field(default_factory=dict)
    depth: int = 0
    states: dict[tuple[Class, str], StateId | None] = field(default_factory=dict)
    class_level: dict[tuple[Class, str], bool] = field(default_factory=dict)
    held: dict[tuple[Function, tuple[int, ...]], tuple[Held, ...]] = field(default_factory=dict)
    regions: dict[tuple[Function, Region], tuple[Held, ...]] = field(default_factory=dict)
    on_entry: dict[Function, tuple[Held, ...]] = field(default_factory=dict)
    lock_paths: dict[tuple[Function, str], Held | None] = field(default_factory=dict)
    lock_homes: dict[str, Lock | None] = field(default_factory=dict)
    lock_classes: dict[Class, LockClass | None] = field(default_factory=dict)
    busy: set[object] = field(default_factory=set)

    @classmethod
    def of_models(cls, models: Models) -> Tables:
        """Empty tables for a new program."""
        types = (models.locks, models.safe, models.unsafe, models.subclasses, models.bases)
        known_types = frozenset(name for table in types for name in table)
        return cls(Program(), models, known=_known_names(models), known_types=known_types)

    def successor(self) -> Tables:
        """Tables for a program of more files: only what single functions say by themselves stays.

        Everything else may be another thing where more is known.
        """
        return Tables(
            Program(),
            self.models,
            known=self.known,
            known_types=self.known_types,
            stores_in=self.stores_in,
            receivers=self.receivers,
        )

    def forget(self) -> None:
        """Drop what was inferred, because more is known now."""
        for function in self.program.functions.values():
            function.memory.clear()
        for module in self.program.modules.values():
            module.memory.clear()
        self.arguments.clear()
        self.members.clear()
        self.named.clear()
        self.annotations.clear()
        self.returned.clear()
        self.callees.clear()

    def function(self, term: Term) -> Function | None:
        """The function that a term of this kind names."""
        return self.program.functions.get(term.name)

    def project_class(self, name: str) -> Class | None:
        """The class of the project with this id."""
        return self.program.classes.get(name)


_identity = itemgetter(0, 1)


def of(function: Function) -> Tables:
    """The tables of the program that a function belongs to."""
    tables = function.module.tables
    assert tables is not None, "the program was not made by link.build"
    return tables


def ordered(terms: Iterable[Term]) -> list[Term]:
    """Terms in an order that does not change from run to run."""
    found = list(terms)
    if len(found) > 1:
        found.sort(key=_identity)
    return found


def _known_names(models: Models) -> frozenset[str]:
    """All names that some model speaks of."""
    tables: Iterable[Iterable[str]] = (
        models.entries, models.decorators, models.subclasses, models.locks, models.blocking,
        models.safe, models.unsafe, models.atomic, models.process_globals, models.offload,
        models.to_loop, models.loop_only, models.fresh, models.returns,
    )  # fmt: skip
    return frozenset(name for table in tables for name in table)
