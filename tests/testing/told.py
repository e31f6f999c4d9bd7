"""The table of a source text as lines that a test can compare."""

from __future__ import annotations

from textwrap import dedent

from racecheck.runtime.analysis import FunctionTable, Table, table_of
from racecheck.runtime.sites import CELL, MODULE, Access, Mode, Role, Site, What


def table(source: str, *, is_main: bool = False) -> Table:
    """The table of a module."""
    found = table_of("module.py", dedent(source).encode(), is_main)
    assert found is not None
    return found


def function(source: str, name: str, *, is_main: bool = False) -> FunctionTable:
    """The table of one function, by its qualified name."""
    by_name = {one.qualname: one for one in table(source, is_main=is_main).functions.values()}
    return by_name[name]


def told(source: str, name: str = "f", *, is_main: bool = False) -> list[str]:
    """Each access of a function: `3 update self.n (update)`, line first, `after` last."""
    found = {one.qualname: one for one in table(source, is_main=is_main).functions.values()}
    if name not in found:
        return []
    one = found[name]
    sites = sorted([*one.before.values(), *one.after.values()], key=lambda s: s.number)
    lines = [
        (a.line, s.after, _shown(s, a))
        for s in sites
        for a in s.accesses
        if a.mode is not Mode.PROBE
    ]
    return [text for _, _, text in sorted(lines, key=lambda row: row[:2])]


def accesses(source: str, name: str = "f") -> list[Access]:
    """The accesses themselves, in order of their sites."""
    one = function(source, name)
    sites = sorted([*one.before.values(), *one.after.values()], key=lambda s: s.number)
    return [access for site in sites for access in site.accesses]


def _shown(site: Site, access: Access) -> str:
    kind = site.roots[access.root].kind
    where = {MODULE: "global ", CELL: "cell "}.get(kind, "")
    verb = access.mode.value
    if access.what in (What.CONTAINS, What.SIZE, What.ITERATE):
        verb = access.what.value
    thing = access.text
    if access.what is What.CALL:
        verb, thing = "call", f"{access.text}.{access.name}"
    if access.key is not None:
        key = access.key
        root = "" if key.root < 0 else site.roots[key.root].name
        thing += f"[{'.'.join((root, *key.path)) if root else repr(key.constant)}]"
    elif access.what is What.ITEM:
        thing += "[?]"
    role = "" if access.role is Role.PLAIN else f" ({access.role.value})"
    return f"{access.line} {verb} {where}{thing}{role}{' after' if site.after else ''}"
