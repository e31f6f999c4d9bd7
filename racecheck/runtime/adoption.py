"""What existed before we came: locks and queues written in C are swapped for ours where they stand.

The collector knows every place that refers to an object. Names of modules, attributes of classes
and objects, items of dictionaries and lists and closure cells can be changed; tuples, sets and
local variables of running functions cannot, so a lock kept only there is not seen. Ours wraps the
original, so both are one lock, and all is put back in the end. What belongs to a primitive that is
modelled as a whole stays as it is.
"""

from __future__ import annotations

import gc
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from types import CellType, FunctionType, MemberDescriptorType, ModuleType
from typing import Any, Final, TypeAlias

from racecheck.runtime.locks import INTERNALS, QUIET

_METHODS: Final = ("acquire", "release", "_release_save", "_acquire_restore", "_is_owned")

Make: TypeAlias = Callable[[Any, bool], Any]
"""Makes what stands for an original; it is told whether the place is a queue's mutex."""


def existing(kinds: Mapping[type, Make]) -> list[tuple[Any, Callable[[bool], Any]]]:
    """Objects of these kinds, each with what makes the one that is to stand for it."""
    return [
        (found, partial(kinds[type(found)], found))
        for found in gc.get_objects()
        if type(found) in kinds
    ]


def swap(pairs: Iterable[tuple[Any, Callable[[bool], Any]]]) -> Callable[[], None]:
    """Put something else wherever each object is referred to; what is returned puts it back.

    The second of a pair makes the replacement; it is told whether the place is a queue's mutex.
    """
    wanted = {id(old): (old, make) for old, make in pairs}
    done: list[tuple[Callable[[Any], None], Any]] = []
    if wanted:
        made: dict[int, Any] = {}
        for old, owner, name, put in _places(wanted):
            if _is_inner(owner, name):
                continue
            new = made.get(id(old))
            if new is None:
                new = made[id(old)] = wanted[id(old)][1](_is_quiet(owner, name))
            with suppress(AttributeError, TypeError):  # some cannot be changed
                put(new)
                done.append((put, old))

    def restore() -> None:
        for put, old in reversed(done):
            with suppress(AttributeError, TypeError):
                put(old)

    return restore


def _places(wanted: dict[int, Any]) -> Iterator[tuple[Any, Any, Any, Callable[[Any], None]]]:
    """Every place that refers to a wanted object: that object, and the place."""
    objects = [old for old, _ in wanted.values()]
    holders = gc.get_referrers(*objects)
    owners = _owners([holder for holder in holders if type(holder) is dict])
    for holder in holders:
        if holder is objects or holder is holders or holder is wanted:
            continue
        for owner, name, value, put in list(_inside(holder, owners.get(id(holder)))):
            if id(value) in wanted:
                yield value, owner, name, put


def _owners(dicts: list[dict[Any, Any]]) -> dict[int, Any]:
    """Dictionaries of attributes to the module, class or object whose they are."""
    known = {id(one) for one in dicts}
    found: dict[int, Any] = {}
    for owner in gc.get_referrers(*dicts) if dicts else ():
        if isinstance(owner, type):
            found.update((id(r), owner) for r in gc.get_referents(owner) if id(r) in known)
        elif type(owner) not in (dict, list, tuple, CellType):
            attributes = _attributes(owner)
            if id(attributes) in known:
                found[id(attributes)] = owner
    return found


def _attributes(owner: Any) -> Any:
    try:
        return object.__getattribute__(owner, "__dict__")
    except (AttributeError, TypeError):
        return None


Inside = Iterator[tuple[Any, Any, Any, Callable[[Any], None]]]


def _inside(holder: Any, owner: Any) -> Inside:
    """What `holder` refers to: owner, name, value, how to change it."""
    if type(holder) is list:
        for index, value in enumerate(holder):
            yield holder, index, value, partial(_put_item, holder, index)
    elif type(holder) is CellType:
        with suppress(ValueError):
            yield holder, None, holder.cell_contents, partial(_put_cell, holder)
    elif issubclass(type(holder), dict) and owner is None:
        if type(holder) is defaultdict:
            factory = holder.default_factory
            yield holder, None, factory, partial(setattr, holder, "default_factory")
        for key, value in list(dict.items(holder)):
            yield holder, key, value, partial(_put_key, holder, key)
    elif isinstance(owner, type):
        for name, value in list(vars(owner).items()):
            yield owner, name, value, partial(type.__setattr__, owner, name)
    elif not isinstance(holder, type):
        yield from _of_object(holder if owner is None else owner)


def _of_object(owner: Any) -> Inside:
    attributes = _attributes(owner)
    if type(attributes) is dict:
        if issubclass(type(owner), threading.Condition):
            yield owner, "_lock", attributes.get("_lock"), partial(_put_lock, attributes)
            return
        for name, value in list(attributes.items()):
            yield owner, name, value, partial(_put_key, attributes, name)
    for base in type(owner).__mro__:
        for name, member in list(vars(base).items()):
            if isinstance(member, MemberDescriptorType):
                with suppress(AttributeError):
                    value = member.__get__(owner, base)
                    yield owner, name, value, partial(member.__set__, owner)


def _put_item(holder: list[Any], index: int, new: Any) -> None:
    if index < len(holder):
        holder[index] = new


def _put_key(holder: dict[Any, Any], key: Any, new: Any) -> None:
    if key in holder:
        dict.__setitem__(holder, key, new)


def _put_cell(cell: CellType, new: Any) -> None:
    cell.cell_contents = new


def _put_lock(attributes: dict[str, Any], new: Any) -> None:
    """A condition keeps the methods of its lock beside it."""
    attributes["_lock"] = new
    for name in _METHODS:
        if name in attributes:
            attributes[name] = getattr(new, name)


def _is_inner(owner: Any, name: Any) -> bool:
    """Whether a place belongs to a primitive that is modelled as a whole, or to us."""
    if isinstance(owner, ModuleType):
        return _ours(owner.__name__)
    if isinstance(owner, type):
        return _ours(owner.__module__) or _ours(type(owner).__module__)
    if issubclass(type(owner), threading.Condition):
        return any(_uses(user, at) for user, at in _users(owner))
    return _uses(owner, name)


def _uses(owner: Any, name: Any) -> bool:
    """Whether the code of a modelled class, if `owner` has such a base, speaks of `name`."""
    if name == "_raw" and _ours(type(type(owner)).__module__):
        return True
    for base in type(owner).__mro__:
        if _ours(base.__module__) and base is not threading.Condition:
            for member in list(vars(base).values()):
                if isinstance(member, FunctionType) and name in _code(member).co_names:
                    return True
    return False


def _code(function: Any) -> Any:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function.__code__


def _users(condition: Any) -> Iterator[tuple[Any, str]]:
    """Objects with `condition` as an attribute, and its name there."""
    holders = gc.get_referrers(condition)
    owners = _owners([holder for holder in holders if type(holder) is dict])
    for holder in holders:
        owner = owners.get(id(holder), holder)
        attributes = _attributes(owner)
        if type(attributes) is dict and not isinstance(owner, (type, ModuleType)):
            yield from ((owner, n) for n, v in list(attributes.items()) if v is condition)


def _is_quiet(owner: Any, name: Any) -> bool:
    if issubclass(type(owner), threading.Condition):
        return any(_is_quiet(user, at) for user, at in _users(owner))
    return any(base.__module__ in QUIET for base in type(owner).__mro__)


def _ours(module: str) -> bool:
    return module in INTERNALS or module.partition(".")[0] == "racecheck"
