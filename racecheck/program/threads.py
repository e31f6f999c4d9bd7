"""Thread entries: callables that start to run on a thread of their own, by library models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from racecheck.catalog.models import DecoratorModel, EntryModel, SubclassModel
from racecheck.facts.schema import Value
from racecheck.program import calls, names, relays, spawns, types
from racecheck.program.decorators import surroundings
from racecheck.program.model import Class, Entry, Function, Link, RoleKind
from racecheck.program.patterns import matcher
from racecheck.program.tables import Tables, ordered

_INIT = ".__init__"


def connect(tables: Tables) -> None:
    """Fill `Program.entries`."""
    relays.index(tables)
    found: dict[tuple[str, RoleKind, str, int], Entry] = {}
    for entry in _all(tables):
        key = (entry.function, entry.role, entry.starts, entry.call)
        known = found.setdefault(key, entry)
        if known.cls != entry.cls:
            found[key] = replace(known, cls="")
    entries = list(found.values())
    tables.program.entries = entries


def _all(tables: Tables) -> Iterator[Entry]:
    for function in tables.program.functions.values():
        for link in function.calls:
            given = link.call.args or link.call.keywords
            if given and (link.external or link.constructs):
                yield from _spawned(tables, link)
        if function.facts.decorators:
            yield from _decorated(tables, function)
    made = _constructions(tables)
    for cls in tables.program.classes.values():
        yield from _overridden(tables, cls, made)
        yield from _framework(tables, cls)


# --- calls that run one of their arguments elsewhere ------------------------------------------


def _spawned(tables: Tables, link: Link) -> Iterator[Entry]:
    for row, shift in rows(tables, link):
        value = calls.argument(link.call, row.position + shift, row.argument)
        if value is None:
            continue
        targets = calls.callables(link.caller, value, link.call.line)
        for target in targets:
            yield Entry(
                target.id,
                _role(row, target),
                _evidence(link, row, value),
                link.caller.place(link.call.line, link.call.path),
                many=spawns.is_many(tables, link, row),
                starts=link.caller.id,
                call=link.call.seq,
                joined=row.joined or spawns.is_joined(link, row),
            )
        if not targets:
            yield from _relayed(tables, link, row, value)


def _role(row: EntryModel, target: Function) -> RoleKind:
    role = RoleKind(row.role)
    return RoleKind.LOOP if role is RoleKind.POOL and target.facts.is_async else role


def _relayed(tables: Tables, link: Link, row: EntryModel, value: Value) -> Iterator[Entry]:
    """`spawn(self._run)` and `@threaded`: the target is a parameter of what starts it."""
    many = spawns.is_many(tables, link, row)
    for found in list(relays.passed(tables, link.caller, value)):
        role, target, by = _role(row, found.target), found.target.id, found.link
        if by is None:
            place = found.target.place(found.target.facts.line)
            yield Entry(target, role, found.text, place, many, link.caller.id, link.call.seq)
            relays.redirect(found.target, link.caller)
            continue
        several = many or by.caller.context(by.call.ctx).loop >= 0
        place = by.caller.place(by.call.line, by.call.path)
        yield Entry(target, role, found.text, place, several, by.caller.id, by.call.seq)


def rows(tables: Tables, link: Link) -> Iterator[tuple[EntryModel, int]]:
    """Models of the callee, and by how much positions shift (`Thread.__init__(self, ..)`)."""
    models = tables.models.entries
    name = link.external
    if name:
        if name in models:
            yield from ((row, 0) for row in models[name])
        elif name.endswith(_INIT) and (rows := models.get(name.removesuffix(_INIT))):
            shift = 0 if link.receiver == "super()" else 1
            yield from ((row, shift if row.position >= 0 else 0) for row in rows)
    if link.constructs and not any(t.name == "__init__" for t in link.targets):
        cls = tables.program.classes[link.constructs]
        for base in tables.outside.get(cls, ()):
            if base in models:
                yield from ((row, 0) for row in models[base] if row.argument)
                return


def _evidence(link: Link, row: EntryModel, value: Value) -> str:
    keyword = any(name == row.argument for name, _ in link.call.keywords)
    text = spawns.source(value)
    callee = link.call.path
    if link.external in ("threading.Thread", "threading.Timer"):
        callee = link.external.rpartition(".")[2]
    return f"{callee}({row.argument}={text})" if keyword else f"{callee}({text})"


# --- decorators -------------------------------------------------------------------------------


def _decorated(tables: Tables, function: Function) -> Iterator[Entry]:
    for value in function.facts.decorators:
        for row in decorator_rows(tables, function, value):
            role = RoleKind(row.role)
            if function.facts.is_async and role in (RoleKind.REQUEST, RoleKind.POOL):
                role = RoleKind.LOOP
            how, line = f"@{value.text}", function.facts.line
            yield Entry(function.id, role, how, function.place(line), many=row.many)


def decorator_rows(tables: Tables, function: Function, value: Value) -> list[DecoratorModel]:
    """What the models say about a decorator of a function."""
    decorators = tables.models.decorators
    if not decorators:
        return []
    terms = ordered(types.infer(surroundings(function), value.text))
    return [row for term in terms for row in decorators.get(names.name_of(term), ())]


# --- classes ----------------------------------------------------------------------------------


def _constructions(tables: Tables) -> dict[str, list[Link]]:
    """Where each project class is instantiated."""
    made: dict[str, list[Link]] = {}
    for function in tables.program.functions.values():
        for link in function.calls:
            if link.constructs:
                made.setdefault(link.constructs, []).append(link)
    return made


def _overridden(tables: Tables, cls: Class, made: dict[str, list[Link]]) -> Iterator[Entry]:
    """`run` of Thread subclasses: one entry for each place that makes one."""
    seen: set[Function] = set()
    for base in tables.outside.get(cls, ()):
        for row in tables.models.entries.get(base, ()):
            method = cls.find_method(row.override) if row.override else None
            if method is None or method in seen:
                continue
            seen.add(method)
            yield from _runs(tables, cls, row, method, made)


def _runs(
    tables: Tables, cls: Class, row: EntryModel, method: Function, made: dict[str, list[Link]]
) -> Iterator[Entry]:
    role, how = RoleKind(row.role), f"{cls.name}.{row.override}"
    links = made.get(cls.id, [])
    for link in links:
        place = link.caller.place(link.call.line, link.call.path)
        many = len(links) > 1 or spawns.is_many(tables, link, row)
        joined = spawns.is_joined(link, row)
        starter, seq = link.caller.id, link.call.seq
        yield Entry(method.id, role, how, place, many, starter, seq, joined, cls.id)
    if not links and not any(made.get(sub.id) for sub in cls.subclasses):
        place = cls.module.functions["<module>"].place(cls.facts.line)
        yield Entry(method.id, role, how, place, row.many, cls=cls.id)


def _framework(tables: Tables, cls: Class) -> Iterator[Entry]:
    """Methods that a library calls on subclasses of its own classes."""
    for base in (*tables.outside.get(cls, ()), "object"):
        for row in tables.models.subclasses.get(base, ()):
            cls.per_instance = cls.per_instance or row.per_instance
            yield from _called_by(cls, row)


def _called_by(cls: Class, row: SubclassModel) -> Iterator[Entry]:
    matches = matcher(row.methods)
    for owner in cls.mro:
        for name, method in owner.methods.items():
            if matches(name) and cls.find_method(name) is method:
                role = RoleKind.LOOP if method.facts.is_async else RoleKind(row.role)
                place = method.place(method.facts.line)
                how = f"{cls.name}.{name}"
                yield Entry(method.id, role, how, place, row.many, cls=cls.id)
