"""What an access to a container has to do with those to its other items.

The race detector is silent where it does not know an item, and where two accesses are each atomic.
Whoever leaves out a schedule because two steps cannot matter to each other must not be: an item
under an unknown key may be any of them, `clear` takes all, whoever goes through a list sees each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from racecheck.runtime.changes import base_of
from racecheck.runtime.containers import BY_KEY, BY_MEMBER, CONTAINERS, DEQUES, LISTS, SHAPE
from racecheck.runtime.resolve import DICTS, MISSING, SIMPLE, key_of
from racecheck.runtime.sites import Access, Mode, Site, What

EVERY: Final = "[every item]"
"""Changed with all items, or with one of which nobody knows which; read with each."""

OBJECTS: Final = "[items under objects]"
"""One field for all items whose keys are not of a simple type: nobody may ask whether two are one.
"""

LISTED: Final = 100
"""Items that are told one by one when all of them are read."""

Touch: TypeAlias = "tuple[Any, Any, bool]"
"""(container, field, whether it is changed)"""


def spread(access: Access, site: Site, values: Sequence[Any]) -> Iterator[Touch]:
    """Besides what `changes_of` says."""
    if access.what in (What.ATTRIBUTE, What.VARIABLE) or access.mode is Mode.PROBE:
        return
    base, _ = base_of(access, site, values)
    if type(base) not in CONTAINERS:
        return
    write = access.mode is not Mode.READ
    yield base, EVERY, write and not _is_of_one(access, type(base))
    if _is_of_one(access, type(base)):
        yield from _one(base, MISSING if access.key is None else key_of(access.key, values), write)
    elif write:
        yield base, OBJECTS, True
    else:
        yield from _all(base)


def _is_of_one(access: Access, kind: type) -> bool:
    """Whether the access is about one item, and its key says which."""
    if access.key is None:
        return False
    if kind in LISTS or kind in DEQUES:
        # Why: what else has a key looks for it.
        return access.what is What.ITEM
    if access.what in (What.ITEM, What.CONTAINS):
        return True
    return access.what is What.CALL and access.name in (BY_KEY if kind in DICTS else BY_MEMBER)


def _one(base: Any, key: Any, write: bool) -> Iterator[Touch]:
    if type(base) in LISTS or type(base) in DEQUES:
        # Why: what comes or goes before an item makes it another one.
        yield base, SHAPE, False
        if type(key) is int and key < 0:
            yield base, ("item", len(base) + key), write
    if key is MISSING:
        yield base, OBJECTS, write
        if write:
            yield base, SHAPE, True


def _all(base: Any) -> Iterator[Touch]:
    yield base, SHAPE, False
    yield base, OBJECTS, False
    size = len(base)
    if size > LISTED:
        yield base, EVERY, True
    elif type(base) in DICTS:
        keys = [key for key in _keys(base) if type(key) in SIMPLE or type(key) is tuple]
        yield from ((base, ("item", key), False) for key in keys)
    elif type(base) in LISTS or type(base) in DEQUES:
        yield from ((base, ("item", index), False) for index in range(size))


def _keys(base: dict[Any, Any]) -> list[Any]:
    """As they are now; a thread outside our control may be at work on them."""
    for _ in range(3):
        try:
            return list(dict.keys(base))
        except RuntimeError:
            continue
    return []
