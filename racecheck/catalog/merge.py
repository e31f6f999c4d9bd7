"""Many library models in, one `Models` out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
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


def merge(libraries: Sequence[LibraryModel], digest: str = "") -> Models:
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
        offload=_names(libraries, lambda m: m.offload),
        to_loop=_names(libraries, lambda m: m.to_loop),
        loop_only=dict(_rows(libraries, lambda m: m.loop_only)),
        fresh=_names(libraries, lambda m: m.fresh),
        returns={name: row.type for name, row in _rows(libraries, lambda m: m.returns)},
        aliases={name: row.public for name, row in _rows(libraries, lambda m: m.alias)},
        bases=bases,
        reserved=_reserved(libraries),
        digest=digest or _digest(libraries),
    )
    for name in sorted(bases):
        _inherit(merged, name, _ancestors(bases, name))
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
    libraries: Iterable[LibraryModel], table: Callable[[LibraryModel], tuple[R, ...]]
) -> frozenset[str]:
    return frozenset(name for model in libraries for row in table(model) for name in names_of(row))


def _by_base(rows: Iterable[SubclassModel]) -> dict[str, tuple[SubclassModel, ...]]:
    found: dict[str, tuple[SubclassModel, ...]] = {}
    for row in rows:
        for base in (row.base,) if isinstance(row.base, str) else row.base:
            found[base] = (*found.get(base, ()), msgspec.structs.replace(row, base=base))
    return found


def _reserved(libraries: Iterable[LibraryModel]) -> dict[str, tuple[ReservedName, ...]]:
    found: dict[str, list[ReservedName]] = {}
    for row in (row for model in libraries for row in model.reserved):
        for base in (row.base,) if isinstance(row.base, str) else row.base:
            for name in (row.name,) if isinstance(row.name, str) else row.name:
                found.setdefault(base, []).append(
                    msgspec.structs.replace(row, base=base, name=name)
                )
    return {base: tuple(rows) for base, rows in found.items()}


def _ancestors(bases: dict[str, str], name: str) -> tuple[str, ...]:
    """Bases of `name`, nearest first; a circle ends where it closes."""
    found: list[str] = []
    while (name := bases.get(name, "")) and name not in found:
        found.append(name)
    return tuple(found)


def _inherit(models: Models, name: str, ancestors: Sequence[str]) -> None:
    """Copies to `name` and its methods what is said of its bases and not of itself."""
    for base in ancestors:
        _copy(models.entries, base, name)
        _copy(models.subclasses, base, name)
        _copy(models.locks, base, name)
        _copy(models.blocking, base, name)
        _copy(models.safe, base, name)
        _copy(models.unsafe, base, name)
        _copy(models.loop_only, base, name)
        _copy(models.returns, base, name)


def _copy(table: dict[str, T], base: str, name: str) -> None:
    prefix = f"{base}."
    for key in [key for key in table if key == base or key.startswith(prefix)]:
        table.setdefault(name + key[len(base) :], table[key])


def _digest(libraries: Sequence[LibraryModel]) -> str:
    return blake2b(msgspec.msgpack.encode(list(libraries)), digest_size=8).hexdigest()
