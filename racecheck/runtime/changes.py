"""What an access really touches, once the objects are known: which object, which field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from racecheck.runtime.containers import SHAPE, effects, is_new
from racecheck.runtime.resolve import MISSING, home, inside, key_of, step
from racecheck.runtime.sites import CELL, MODULE, Access, Mode, Site, What


class Change(NamedTuple):
    """One field of one object. `label`: how people call the object (`Ledger`, `Cart.items`).

    `removes`: whoever found something there may find it gone. `iterates`: over many switch points.
    `aside`: comes with what was meant, so the role of the access is not its role. `item`: what is
    meant, where the field is all items together.
    """

    base: Any
    label: str
    field: Any
    write: bool
    removes: bool = False
    iterates: bool = False
    aside: bool = False
    item: Any = None


_ADDRESS: Final = 1 << 32


def subject_of(label: str, field: Any) -> str:
    """How people call it: `Ledger.balance`, `Cart.items`, `Cache.entries['a']`."""
    if isinstance(field, tuple) and field[0] == "item":
        return f"{label}[{_key(field[1])}]"
    return label if field == SHAPE else f"{label}.{field}" if label else str(field)


def _key(key: Any) -> str:
    """A key as it is written; a number that only an `id()` can be is another one in every run."""
    if type(key) is int and key >= _ADDRESS:
        return "..."
    if type(key) is tuple:
        return f"({', '.join(map(_key, key))}{',' * (len(key) == 1)})"
    return repr(key)


Absent: TypeAlias = "set[tuple[int, Any]]"
"""(id of a dictionary, key) of items that a statement will store, and that were not there."""


def changes_of(
    access: Access, site: Site, values: Sequence[Any], absent: Absent | None = None
) -> list[Change]:
    """What an access really touches, now that the objects are known.

    `absent` carries what a probe saw before a statement to the write behind it.
    """
    root = site.roots[access.root]
    if access.what is What.VARIABLE:
        return _modes(access, values[access.root], _variable_label(site, root.kind), access.name)
    base, label = base_of(access, site, values)
    if base is MISSING:
        return []
    if access.what is What.ATTRIBUTE:
        owner = home(base, access.name, write=access.mode is not Mode.READ)
        if owner is MISSING:
            return []
        return _modes(access, owner, _name_of(owner), access.name)
    key = MISSING if access.key is None else key_of(access.key, values)
    if access.mode is Mode.PROBE:
        if absent is not None and is_new(base, key):
            absent.add((id(base), key))
        return []
    new = (id(base), key) in absent if site.after and absent is not None else None
    if new and absent is not None:
        absent.discard((id(base), key))
    return [
        Change(base, label, e.field, e.write, e.removes, e.iterates, e.aside, e.item)
        for e in effects(access, base, key, new=new)
    ]


def base_of(access: Access, site: Site, values: Sequence[Any]) -> tuple[Any, str]:
    """The object at the end of the path, and how people call it (`Cart.items`, `Cart.by['a']`)."""
    value = holder = values[access.root]
    name, items = "", ""
    for one in access.path:
        if type(one) is str:
            holder, name, items = value, one, ""
            value = step(value, one)
        else:
            items += f"[{_key(key_of(one, values))}]"  # type: ignore[arg-type]
            value = inside(value, one, values)
        if value is MISSING:
            return MISSING, ""
    label = f"{_name_of(holder)}.{name}" if name else site.roots[access.root].name
    return value, label + items


def _modes(access: Access, base: Any, label: str, name: str) -> list[Change]:
    found = []
    if access.mode is Mode.READ:
        found.append(Change(base, label, name, False))
    if access.mode is not Mode.READ:
        gone = access.clears or access.mode is Mode.DELETE
        found.append(Change(base, label, name, True, gone))
    return found


def _variable_label(site: Site, kind: str) -> str:
    if kind == MODULE:
        return site.path.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    return site.function.partition(".<locals>")[0] if kind == CELL else ""


def _name_of(value: Any) -> str:
    """The class of an object, or its own name if it is a class or a module."""
    if type(value) is dict:
        return str(value.get("__name__", "")).rpartition(".")[2]
    found = value if isinstance(value, type) else type(value)
    return str(type.__dict__["__name__"].__get__(found))
