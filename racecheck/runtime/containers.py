"""What an operation on a built-in container reads and changes: its shape, or one of its items.

*Shape* is what an iteration or a length depends on. In CPython each operation here is atomic by
itself; what makes a pair of them wrong is decided by their roles, not here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from racecheck.runtime.resolve import DICTS, MISSING
from racecheck.runtime.sites import Access, Mode, Role, What

SHAPE: Final = "[shape]"
"""The field that stands for the number and order of the items."""

WHOLE: Final = "[all items]"
"""The field by which an item meets what takes all of them away at once."""


class Effect(NamedTuple):
    """`field`: SHAPE or ("item", key). `removes`: an item that was there may be gone.

    `aside`: it comes with what was meant (a new key changes the shape), so the role of the access,
    a check or an update of one item, says nothing about it.
    """

    field: Any
    write: bool
    removes: bool = False
    iterates: bool = False
    aside: bool = False
    item: Any = None
    """Of WHOLE: the field of the item that is meant."""


LISTS: Final = frozenset({list, bytearray})
_SETS: Final = frozenset({set})
DEQUES: Final = frozenset({deque})
CONTAINERS: Final = LISTS | DICTS | _SETS | DEQUES

_READ: Final = Effect(SHAPE, False)
_ITERATE: Final = Effect(SHAPE, False, iterates=True)
_GROW: Final = Effect(SHAPE, True)
_SHRINK: Final = Effect(SHAPE, True, removes=True)

_SEQUENCE: Final = {
    **dict.fromkeys(("append", "extend", "insert", "appendleft", "extendleft"), _GROW),
    **dict.fromkeys(("pop", "popleft", "remove", "clear"), _SHRINK),
    **dict.fromkeys(("sort", "reverse", "rotate"), _GROW),
    **dict.fromkeys(("index", "count", "copy"), _READ),
}
_SET: Final = {
    **dict.fromkeys(("update", "symmetric_difference_update"), _GROW),
    **dict.fromkeys(("pop", "difference_update", "intersection_update"), _SHRINK),
    **dict.fromkeys(("copy", "union", "difference", "intersection", "issubset"), _READ),
    **dict.fromkeys(("issuperset", "isdisjoint", "symmetric_difference"), _READ),
}
_DICT: Final = {
    "update": _GROW,
    "popitem": _SHRINK,
    **dict.fromkeys(("keys", "values", "items", "copy", "most_common"), _READ),
}
BY_KEY: Final = {"get": "read", "setdefault": "put", "pop": "drop", "move_to_end": "put"}
BY_MEMBER: Final = {"add": "put", "discard": "drop", "remove": "drop"}


def effects(access: Access, base: Any, key: Any, *, new: bool | None = None) -> Iterator[Effect]:
    """Effects of one access on a container; nothing for objects of other types.

    `key`: of an item, or the first argument of a call; MISSING if it is not known. `new`: whether
    a key that is stored was not there before, None: look now.
    """
    kind = type(base)
    if kind not in CONTAINERS:
        return
    for effect in _effects(access, base, kind, key, new):
        yield effect
        if access.role is not Role.PLAIN and isinstance(effect.field, tuple):
            # Why only these: a lone read of an item is harmed by nothing.
            yield Effect(WHOLE, False, item=effect.field)


def _effects(access: Access, base: Any, kind: type, key: Any, new: bool | None) -> Iterator[Effect]:
    what = access.what
    if what is What.ITERATE:
        yield _ITERATE
    elif what is What.SIZE:
        yield _READ
    elif what is What.CONTAINS:
        yield from _contains(kind, key)
    elif what is What.ITEM:
        yield from _item(base, kind, access.mode, key, new)
    elif what is What.CALL:
        yield from _call(base, kind, access.name, key)


def is_new(base: Any, key: Any) -> bool:
    """Whether storing under `key` changes the shape of a dictionary."""
    return type(base) in DICTS and key is not MISSING and not _has(base, key)


def _contains(kind: type, key: Any) -> Iterator[Effect]:
    if kind in LISTS or kind in DEQUES:
        yield _READ
    elif key is not MISSING:
        yield Effect(("item", key), False)


def _item(base: Any, kind: type, mode: Mode, key: Any, new: bool | None) -> Iterator[Effect]:
    keyed = kind in DICTS
    if mode in (Mode.READ, Mode.UPDATE) and key is not MISSING:
        yield Effect(("item", key), False)
    if mode in (Mode.WRITE, Mode.UPDATE) and key is not MISSING:
        yield from _put(base, key, new) if keyed else (Effect(("item", key), True),)
    if mode is Mode.DELETE:
        yield _SHRINK._replace(aside=keyed)
        if keyed and key is not MISSING:
            yield Effect(("item", key), True, removes=True)


def _call(base: Any, kind: type, name: str, key: Any) -> Iterator[Effect]:
    if kind in LISTS or kind in DEQUES:
        if name in _SEQUENCE:
            yield _SEQUENCE[name]
        return
    table, by_key = (_DICT, BY_KEY) if kind in DICTS else (_SET, BY_MEMBER)
    if name == "clear":
        yield _SHRINK
        yield Effect(WHOLE, True, removes=True)
    elif name in table:
        yield table[name]
    elif name in by_key and key is not MISSING:
        yield from _keyed(base, by_key[name], key)


def _keyed(base: Any, effect: str, key: Any) -> Iterator[Effect]:
    if effect == "read":
        yield Effect(("item", key), False)
    elif effect == "put":
        yield from _put(base, key)
    else:
        yield Effect(("item", key), True, removes=True)
        yield _SHRINK._replace(aside=True)


def _put(base: Any, key: Any, new: bool | None = None) -> Iterator[Effect]:
    yield Effect(("item", key), True)
    if new or (new is None and not _has(base, key)):
        yield _GROW._replace(aside=True)


def _has(base: Any, key: Any) -> bool:
    """Keys are of simple types here, so no code of the user's runs."""
    try:
        return key in base
    except (TypeError, RuntimeError):
        return True
