"""What an access finds and leaves behind, as a few characters; no line of the user's code is run.

Values are looked for where `runtime.resolve` looks for objects, and written out only if they are of
types of the interpreter's own: a `__repr__` of the user's could do anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from racecheck.runtime.changes import Change, changes_of
from racecheck.runtime.resolve import DICTS, MISSING, SIMPLE, follow, inside, key_of, step
from racecheck.runtime.sites import MODULE, Access, Mode, Role, Site, What

LENGTH: Final = 40
"""Characters of a value that are shown."""

DEPTH: Final = 3
"""Containers inside of containers that are looked into."""

ITEMS: Final = 8
"""Items of a container that are looked at."""

GONE: Final = "gone"
"""Instead of a value: nothing is there."""

_BRACKETS: Final[dict[type, tuple[str, str]]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    deque: ("deque([", "])"),
}
_WEIGHT: Final = ("read", "iterate", "check", "write", "change", "act", "delete", "update")
"""Roles, from the one that says least."""


class Touched(NamedTuple):
    """One access of an event. `name`: as the source calls it; `subject`: as reports do.

    `fields` maps what it touches, as (id of the object, field), to whether it changes it. `before`
    and `after`: the values, "" where they are not known or cannot be shown.
    """

    name: str
    subject: str
    role: str
    fields: dict[Any, bool]
    before: str = ""
    after: str = ""

    @property
    def writes(self) -> bool:
        """Whether anything is changed by it."""
        return any(self.fields.values())

    @property
    def note(self) -> str:
        """`balance is 100`, `balance 100 -> 20`."""
        before, after = self.before, self.after
        if not self.writes:
            there = "not there" if before == GONE else before
            return f"{self.name} is {there}" if before else ""
        if before and after:
            if before != after or self.role in ("write", "act"):
                return f"{self.name} {_left(before)} -> {after}"
            # Why so: several statements may have been told at once.
            both = ", before and after" if self.role == "update" else ""
            return f"{self.name} is {_left(after)}{both}"
        if after:
            return f"{self.name} is now {after}"
        return f"{self.name} was {_left(before)}" if before else ""


def _left(before: str) -> str:
    return "not there" if before == GONE else before


def heaviest(roles: Iterable[str]) -> str:
    """Of the roles of several accesses, the one that says most."""
    return max(roles, key=lambda role: _WEIGHT.index(role) if role in _WEIGHT else 0, default="")


def touched(site: Site, values: Sequence[Any]) -> list[tuple[Access, Touched]]:
    """What the site touches now, without values."""
    found = []
    for access in site.accesses:
        changes = changes_of(access, site, values)
        if changes:
            found.append((access, _touched(access, changes)))
    return found


def _touched(access: Access, changes: Sequence[Change]) -> Touched:
    main = next((one for one in changes if not one.aside), changes[0])
    fields: dict[Any, bool] = {}
    for one in changes:
        key = id(one.base), one.field
        fields[key] = fields.get(key, False) or one.write
    name = (access.text or access.name).removeprefix("self.")
    if access.what in (What.ITEM, What.CONTAINS) and isinstance(main.field, tuple):
        name += f"[{main.field[1]!r}]"
    return Touched(name, subject(main), _role(access, changes), fields)


def subject(change: Change) -> str:
    """The object and the field, without the key of an item."""
    if isinstance(change.field, tuple) or change.field.startswith("["):
        return change.label
    return f"{change.label}.{change.field}" if change.label else change.field


def _role(access: Access, changes: Sequence[Change]) -> str:
    if any(one.iterates for one in changes):
        return "iterate"
    if access.mode is Mode.UPDATE:
        return "update" if any(one.write for one in changes) else "read"
    if access.role in (Role.CHECK, Role.GUARD):
        return "check"
    writes = any(one.write for one in changes)
    if access.mode is Mode.DELETE:
        return "delete"
    if access.role is Role.ACT and writes:
        return "act"
    if writes:
        return "change" if access.what is What.CALL else "write"
    return "read"


def value_of(access: Access, site: Site, values: Sequence[Any]) -> str:
    """What is there now, "" if that cannot be said."""
    root = values[access.root]
    if access.what is What.VARIABLE:
        return _variable(root, site.roots[access.root].kind, access.name)
    base = follow(root, access.path, values)
    if base is MISSING:
        return ""
    if access.what is What.ATTRIBUTE:
        return shown(step(base, access.name))
    if access.what in (What.ITEM, What.CONTAINS) and access.key is not None:
        return _item(base, access, values)
    return shown(base)


def _variable(root: Any, kind: str, name: str) -> str:
    if kind == MODULE:
        return shown(dict.get(root, name, MISSING))
    try:
        return shown(root.cell_contents)
    except (AttributeError, ValueError):
        return ""


def _item(base: Any, access: Access, values: Sequence[Any]) -> str:
    assert access.key is not None
    found = inside(base, access.key, values)
    if found is not MISSING:
        return shown(found)
    key = key_of(access.key, values)
    if type(base) in DICTS and key is not MISSING:
        return GONE
    if type(base) in (set, frozenset) and key is not MISSING:
        return "there" if key in base else GONE
    return shown(base)


def shown(value: Any) -> str:
    """A value in at most LENGTH characters; `<Connection>` for an object of any other kind."""
    if value is MISSING:
        return ""
    try:
        text = _written(value, DEPTH)
    except (RuntimeError, ValueError, RecursionError):  # somebody changes it, or it is huge
        return ""
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 4]}...{text[-1]}"


def _written(value: Any, depth: int) -> str:
    kind = type(value)
    if kind in SIMPLE:
        return repr(value[: LENGTH + 1]) if kind in (str, bytes) else repr(value)
    if not depth:
        return "..."
    if kind in _BRACKETS:
        opening, closing = _BRACKETS[kind]
        parts = [_written(one, depth - 1) for one in _first(value)]
        if kind in (set, frozenset):
            # Why: their order differs from process to process.
            parts.sort()
        lone = "," if kind is tuple and len(parts) == 1 else ""
        if kind is set and not parts:
            return "set()"
        return f"{opening}{_joined(parts, value)}{lone}{closing}"
    if kind in DICTS:
        pairs = _first(dict.items(value))
        parts = [f"{_written(k, depth - 1)}: {_written(v, depth - 1)}" for k, v in pairs]
        return f"{{{_joined(parts, value)}}}"
    name = type.__dict__["__name__"].__get__(value if isinstance(value, type) else kind)
    return f"<{'class ' if isinstance(value, type) else ''}{name}>"


def _first(items: Iterable[Any]) -> list[Any]:
    return [one for one, _ in zip(items, range(ITEMS), strict=False)]


def _joined(parts: Sequence[str], value: Any) -> str:
    return ", ".join([*parts, "..."] if len(value) > len(parts) else parts)
