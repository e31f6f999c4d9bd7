"""Many library models in, one `Models` out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from racecheck.catalog.models import (
    LibraryModel,
    Models,
    ReservedName,
    Row,
    SubclassModel,
)

R = TypeVar("R", bound=Row)
T = TypeVar("T")


def merge(libraries: Sequence[LibraryModel], digest: str) -> Models:
    """One table per kind, by name. Where two files say different things, the later one wins."""
    bases = {name: row.base for name, row in _rows(libraries, lambda m: m.inherits)}
    merged = Models(
        entries=_many(libraries, lambda m: m.entry),
        decorators=_many(libraries, lambda m: m.decorator),
        subclasses=_by_base(row for model in libraries for row in model.subclass),
        locks=dict(_rows(libraries, lambda m: m.lock)),
        blocking=dict(_rows(libraries, lambda m: m.blocking)),
        safe=dict(_rows(libraries, lambda m: m.safe)),
        unsafe=dict(_rows(libraries, lambda m: m.unsafe)),
        atomic=dict(_rows(libraries, lambda m: m.atomic)),
        process_globals=dict(_rows(libraries, lambda m: m.process_global)),
        offload=_names(libraries, lambda m: m.offload, bases),
        to_loop=_names(libraries, lambda m: m.to_loop, bases),
        loop_only=dict(_rows(libraries, lambda m: m.loop_only)),
        fresh=_names(libraries, lambda m: m.fresh, bases),
        returns={name: row.type for name, row in _rows(libraries, lambda m: m.returns)},
        aliases={name: row.public for name, row in _rows(libraries, lambda m: m.alias)},
        bases=bases,
        reserved=_reserved(libraries, bases),
        digest=digest,
    )
    _inherit(merged, bases)
    return merged


def names_of(row: Row) -> tuple[str, ...]:
    """The names a table is about."""
    return (row.name,) if isinstance(row.name, str) else row.name


def _rows(
    libraries: Iterable[LibraryModel], table: Callable[[LibraryModel], tuple[R, ...]]
) -> Iterator[tuple[str, R]]:
    """Every name of a table with a row of its own."""
    for model in libraries:
        for row in table(model):
            if isinstance(row.name, str):
                yield row.name, row
            else:
                for name in row.name:
                    yield name, msgspec.structs.replace(row, name=name)


def _many(
    libraries: Iterable[LibraryModel], table: Callable[[LibraryModel], tuple[R, ...]]
) -> dict[str, tuple[R, ...]]:
    found: dict[str, tuple[R, ...]] = {}
    for name, row in _rows(libraries, table):
        found[name] = (*found.get(name, ()), row)
    return found


def _names(
    libraries: Iterable[LibraryModel],
    table: Callable[[LibraryModel], tuple[R, ...]],
    bases: Mapping[str, str],
) -> frozenset[str]:
    names = {name: True for model in libraries for row in table(model) for name in names_of(row)}
    _copy(names, _pairs(bases))
    return frozenset(names)


def _by_base(rows: Iterable[SubclassModel]) -> dict[str, tuple[SubclassModel, ...]]:
    found: dict[str, tuple[SubclassModel, ...]] = {}
    for row in rows:
        for base in (row.base,) if isinstance(row.base, str) else row.base:
            found[base] = (*found.get(base, ()), msgspec.structs.replace(row, base=base))
    return found


def _reserved(
    libraries: Iterable[LibraryModel], bases: Mapping[str, str]
) -> dict[str, tuple[ReservedName, ...]]:
    found: dict[str, list[ReservedName]] = {}
    for row in (row for model in libraries for row in model.reserved):
        for base in (row.base,) if isinstance(row.base, str) else row.base:
            for name in (row.name,) if isinstance(row.name, str) else row.name:
                found.setdefault(base, []).append(
                    msgspec.structs.replace(row, base=base, name=name)
                )
    own = {base: tuple(rows) for base, rows in found.items()}
    for name, base in _pairs(bases):
        if base in own:
            found.setdefault(name, []).extend(own[base])
    return {base: tuple(rows) for base, rows in found.items()}


def _ancestors(bases: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Bases of `name`, nearest first; a circle ends where it closes."""
    found: list[str] = []
    while (name := bases.get(name, "")) and name not in found:
        found.append(name)
    return tuple(found)


def _inherit(merged: Models, bases: Mapping[str, str]) -> None:
    """Copies to every class and its methods what is said of its bases and not of itself."""
    wanted = _pairs(bases)
    _copy(merged.entries, wanted)
    _copy(merged.subclasses, wanted)
    _copy(merged.locks, wanted)
    _copy(merged.blocking, wanted)
    _copy(merged.safe, wanted)
    _copy(merged.unsafe, wanted)
    _copy(merged.loop_only, wanted)
    _copy(merged.returns, wanted)


def _pairs(bases: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every class with each of its bases, nearest first."""
    return [(name, base) for name in sorted(bases) for base in _ancestors(bases, name)]


def _copy(table: dict[str, T], wanted: Sequence[tuple[str, str]]) -> None:
    heads = {base for _, base in wanted}
    rows: dict[str, list[tuple[str, T]]] = {}
    for key, row in table.items():
        if key in heads:
            rows.setdefault(key, []).append(("", row))
        head, _, method = key.rpartition(".")
        if head in heads:
            rows.setdefault(head, []).append((f".{method}", row))
    for name, base in wanted:
        for method, row in rows.get(base, ()):
            table.setdefault(name + method, row)
