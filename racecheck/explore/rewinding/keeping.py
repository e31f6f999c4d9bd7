"""What an object holds, noted in order to put it back: containers, attributes, slots and queues."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from types import MemberDescriptorType
from typing import Any, Final

from racecheck.runtime import pristine

Restore = Callable[[], None]
Kept = tuple[Restore, Iterable[Any]]
"""How to put it back, and what it leads to."""

CONTAINERS: Final = (list, set, deque, bytearray, dict, OrderedDict, defaultdict, Counter)
"""Exactly these, and classes of the project that derive from them."""

LIBRARY: Final = frozenset({"threading", "queue", "asyncio.locks", "asyncio.queues"})
"""Modules whose objects programs keep, as locks and queues, and that hold their state in the open;
what belongs to the loop of one run is of no use in the next."""

_MISSING: Final = object()


def is_container(kind: type) -> bool:
    """Whether it is one of those whose items are noted."""
    return kind in CONTAINERS


def container(value: Any) -> Kept:
    """The items. Its own methods are not asked, since a class may have replaced them."""
    base: Any = next(one for one in _BASES if isinstance(value, one))
    if issubclass(base, dict):
        items = list(base.items(value))

        def fill() -> None:
            base.clear(value)
            for key, item in items:
                base.__setitem__(value, key, item)

        def is_same() -> bool:
            return len(value) == len(items) and all(
                one[0] is other[0] and one[1] is other[1]
                for one, other in zip(base.items(value), items, strict=True)
            )

        found: list[Any] = [item for _, item in items]
    else:
        kept = list(base.__iter__(value))
        add = base.update if base is set else base.extend

        def fill() -> None:
            base.clear(value)
            add(value, kept)

        def is_same() -> bool:
            return base.__len__(value) == len(kept) and all(
                one is other for one, other in zip(base.__iter__(value), kept, strict=True)
            )

        found = [] if base is bytearray else kept
    return _unless(is_same, fill), found


_BASES: Final = (OrderedDict, dict, list, set, deque, bytearray)


def _unless(is_same: Callable[[], bool], fill: Restore) -> Restore:
    def restore() -> None:
        if not is_same():
            fill()

    return restore


def instance(value: Any) -> Kept:
    """The attributes of an object, wherever it has them."""
    restores: list[Restore] = []
    found: list[Any] = []
    names = getattr(value, "__dict__", None)
    if type(names) is dict:
        restore, more = _attributes(names)
        restores.append(restore)
        found += more
    for kind in type(value).__mro__:
        for slot in vars(kind).values():
            if isinstance(slot, MemberDescriptorType) and "__slots__" in vars(kind):
                held = _get(slot, value)
                restores.append(_slot(slot, value, held))
                if held is not _MISSING:
                    found.append(held)

    def all_of_them() -> None:
        for restore in restores:
            restore()

    return (restores[0] if len(restores) == 1 else all_of_them), found


def _attributes(names: dict[str, Any]) -> Kept:
    kept = dict(names)

    def restore() -> None:
        if differs(names, kept):
            names.clear()
            names.update(kept)

    return restore, list(kept.values())


def _get(slot: Any, value: Any) -> Any:
    try:
        return slot.__get__(value)
    except AttributeError:
        return _MISSING


def _slot(slot: Any, value: Any, held: Any) -> Restore:
    def restore() -> None:
        now = _get(slot, value)
        if now is held:
            return
        if held is _MISSING:
            slot.__delete__(value)
        else:
            slot.__set__(value, held)

    return restore


def is_simple_queue(value: Any) -> bool:
    """Whether its items can only be had by taking them out."""
    return isinstance(value, pristine.SimpleQueueType)


def simple_queue(value: Any) -> Kept:
    """The items, in order."""
    # Why: ours wraps an original, of which it knows who put what.
    raw = getattr(value, "_raw", value)
    put = pristine.SimpleQueueType.put
    kept = _drained(raw)
    for item in kept:
        put(raw, item)

    def restore() -> None:
        if kept or pristine.SimpleQueueType.qsize(raw):
            _drained(raw)
            for item in kept:
                put(raw, item)

    return restore, kept


def _drained(raw: Any) -> list[Any]:
    found = []
    while pristine.SimpleQueueType.qsize(raw):
        found.append(pristine.SimpleQueueType.get(raw, False))
    return found


def is_local(value: Any) -> bool:
    """Whether it is a `threading.local`; what it holds is that of the calling thread."""
    return isinstance(value, threading.local)


def differs(now: dict[str, Any], kept: dict[str, Any]) -> bool:
    """Whether any name was bound anew."""
    if len(now) != len(kept):
        return True
    for name, value in kept.items():  # noqa: SIM110 - this is done for all state, each time
        if now.get(name) is not value:
            return True
    return False
