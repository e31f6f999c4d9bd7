"""Class hierarchy and attributes: who inherits from whom, what is stored where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from racecheck.facts.schema import Access
from racecheck.program import hints, names, types
from racecheck.program.model import Attribute, Class, Function, Module
from racecheck.program.paths import root
from racecheck.program.patterns import matcher
from racecheck.program.tables import Ancestry, Receiver, Store, Tables, Terms, ordered

_INITIALIZERS = frozenset(("__init__", "__new__", "__post_init__", "__attrs_post_init__", "setUp"))
_CLASS_METHODS = frozenset(("classmethod", "abc.abstractclassmethod"))
_STATIC = frozenset(("staticmethod",))
_IMPLICIT_CLASS = frozenset(("__init_subclass__", "__class_getitem__", "__new__"))
_FIELD_MAKERS = frozenset(("dataclass", "define", "frozen", "mutable", "attrs", "s"))
_FIELD_BASES = frozenset(
    "pydantic.BaseModel pydantic.BaseSettings pydantic.RootModel pydantic.generics.GenericModel"
    " pydantic_settings.BaseSettings sqlmodel.SQLModel msgspec.Struct typing.NamedTuple".split()
)
"""Bases that make every annotated name of the class body an attribute of each instance."""
_NO_BASE = frozenset(("object", "typing.Generic", "typing.Protocol", "abc.ABC"))


def connect(tables: Tables) -> None:
    """Resolve all bases and order the ancestors."""
    bases = {cls: _bases(tables, cls) for cls in tables.program.classes.values()}
    above = {cls: found[0] for cls, found in bases.items()}
    for cls in bases:
        cls.mro = _linearize(cls, above) if above[cls] else (cls,)
    for cls, (_, _, opaque) in bases.items():
        cls.opaque = opaque or any(bases[base][2] for base in cls.mro[1:])
        outside = dict.fromkeys(name for base in cls.mro for name in bases[base][1])
        tables.outside[cls] = tuple(_with_ancestors(tables, outside))
        for base in cls.mro[1:]:
            base.subclasses.append(cls)
        cls.externals = frozenset(tables.outside[cls])
    _drop_strangers(tables)
    tables.forget()


def _bases(tables: Tables, cls: Class) -> tuple[list[Class], list[str], bool]:
    """Bases in the project, bases outside, and whether some base is not known."""
    inside: list[Class] = []
    outside: list[str] = []
    opaque = False
    scope = cls.module.functions.get(cls.facts.parent) or cls.module.functions["<module>"]
    for path in cls.facts.bases:
        found = types.infer(scope, path)
        opaque = opaque or not found
        for term in ordered(found):
            base = tables.project_class(term.name)
            if term.kind == "class" and base is not None:
                if base is not cls:
                    inside.append(base)
            elif term.kind in ("class", "name"):
                opaque = opaque or term.name.partition(".")[0] in tables.packages
                if term.name not in _NO_BASE:
                    outside.append(term.name)
            else:
                opaque = opaque or term.kind != "instance"
    return inside, outside, opaque


def _linearize(cls: Class, bases: dict[Class, list[Class]]) -> tuple[Class, ...]:
    """C3 order; where that fails (or the hierarchy has a circle) depth first, nearest first."""
    order = _c3(cls, bases, ())
    if order is not None:
        return tuple(order)
    found: dict[Class, None] = {}
    work = [cls]
    while work:
        current = work.pop()
        if current not in found:
            found[current] = None
            work.extend(reversed(bases.get(current, [])))
    return tuple(found)


def _c3(cls: Class, bases: dict[Class, list[Class]], path: tuple[Class, ...]) -> list[Class] | None:
    if cls in path or len(path) > 40:
        return None
    own = list(dict.fromkeys(bases.get(cls, [])))
    orders = [_c3(base, bases, (*path, cls)) for base in own]
    rows: list[list[Class]] = []
    for order in orders:
        if order is None:
            return None
        rows.append(list(order))
    rows.append(own)
    result = [cls]
    while rows := [row for row in rows if row]:
        head = next((r[0] for r in rows if not any(r[0] in other[1:] for other in rows)), None)
        if head is None:
            return None
        result.append(head)
        rows = [row[1:] if row[0] is head else row for row in rows]
    return result


# --- outside the project ----------------------------------------------------------------------


def _with_ancestors(tables: Tables, outside: Iterable[str]) -> Iterable[str]:
    """The bases outside and what the library models say above them, nearest first."""
    found: dict[str, None] = {}
    for base in outside:
        name = base
        while name and name not in found:
            found[name] = None
            name = tables.models.bases.get(name, "")
    return found


def ask(tables: Tables, environment: Ancestry) -> None:
    """Learn what stands above library bases that no model knows."""
    for cls, strange in strangers(tables):
        found = dict.fromkeys(tables.outside[cls])
        for name in strange:
            above = environment.ancestors(name)
            found.update(dict.fromkeys(sorted(map(tables.models.public, above or ()))))
        tables.outside[cls] = tuple(name for name in found if name not in _NO_BASE)
        cls.externals = frozenset(tables.outside[cls])


def strangers(tables: Tables) -> Iterator[tuple[Class, list[str]]]:
    """Classes with library bases that no model knows: they matter if a method could be an entry."""
    models = tables.models
    patterns = frozenset(p for rows in models.subclasses.values() for r in rows for p in r.methods)
    overrides = {r.override for rows in models.entries.values() for r in rows if r.override}
    for cls in tables.program.classes.values():
        strange = [n for n in tables.outside[cls] if _is_strange(tables, n)]
        if strange and _could_be_entry(cls, overrides, patterns):
            yield cls, strange


def _is_strange(tables: Tables, name: str) -> bool:
    """A class of a library that no model speaks of, and that is not part of the project."""
    top, dot, _ = name.partition(".")
    return bool(dot) and name not in tables.known and top not in tables.packages


def _could_be_entry(cls: Class, overrides: set[str], patterns: frozenset[str]) -> bool:
    matches = matcher(patterns)
    return any(n in overrides or (not n.startswith("__") and matches(n)) for n in cls.methods)


# --- self -------------------------------------------------------------------------------------


def _receiver(tables: Tables, function: Function) -> Receiver | None:
    """`self` or `cls` of a function: its own first parameter, or that of a function around."""
    if function in tables.receivers:
        return tables.receivers[function]
    tables.receivers[function] = None
    found: Receiver | None = None
    if function.cls is not None and function.facts.name != "<class>":
        found = _first_parameter(function, function.cls)
    elif function.parent is not None:
        outer = _receiver(tables, function.parent)
        if outer is not None and outer.name not in (p.name for p in function.facts.params):
            found = outer
    tables.receivers[function] = found
    return found


def _first_parameter(function: Function, cls: Class) -> Receiver | None:
    params = function.facts.params
    decorators = {d.text for d in function.facts.decorators}
    if not params or params[0].kind != "pos" or decorators & _STATIC:
        return None
    is_class = bool(decorators & _CLASS_METHODS) or function.name in _IMPLICIT_CLASS
    meta = cls.facts.bases == ("type",)
    return Receiver(params[0].name, cls, is_class or meta)


# --- what is stored where ---------------------------------------------------------------------


def collect(tables: Tables) -> None:
    """Index the stores to attributes of `self`, `cls` and class bodies, and those to globals."""
    for function in tables.program.functions.values():
        _receiver(tables, function)
    for function in tables.program.functions.values():
        if function.facts.name == "<module>":
            _collect_globals(tables, function)
        elif function.facts.name == "<class>":
            _collect_class_body(tables, function)
        else:
            _collect_function(tables, function)


def _collect_globals(tables: Tables, function: Function) -> None:
    stores = tables.global_stores.setdefault(function.module, {})
    for path, accesses in types.stores_of(tables, function).items():
        if "." not in path and "[" not in path:
            _add(stores, path, function, accesses)
    for other in function.module.functions.values():
        for name in other.facts.globals:
            stores.setdefault(name, [])


def _collect_class_body(tables: Tables, function: Function) -> None:
    if function.cls is None:
        return
    stores = tables.stores.setdefault(function.cls, {})
    for path, accesses in types.stores_of(tables, function).items():
        if path.isidentifier():
            _add(stores, path, function, accesses)


def _collect_function(tables: Tables, function: Function) -> None:
    receiver = tables.receivers.get(function)
    prefix = f"{receiver.name}." if receiver else ""
    module_stores = tables.global_stores.setdefault(function.module, {})
    for path, accesses in types.stores_of(tables, function).items():
        if receiver is not None and path.startswith(prefix):
            name = path[len(prefix) :]
            if name.isidentifier():
                _add(tables.stores.setdefault(receiver.cls, {}), name, function, accesses)
        elif path in function.facts.globals:
            _add(module_stores, path, function, accesses)
        elif path not in function.bound and path.isidentifier():
            puts = [access for access in accesses if access.kind == "mutate"]
            if puts:
                _add(module_stores, path, function, puts)


def _add(
    stores: dict[str, list[Store]], name: str, function: Function, accesses: Iterable[Access]
) -> None:
    stores.setdefault(name, []).extend(Store(function, access) for access in accesses)


def _drop_strangers(tables: Tables) -> None:
    """Items put into something that nobody assigns belong to an import or a base."""
    for by_name in tables.global_stores.values():
        for name in [n for n, found in by_name.items() if _only_puts(found)]:
            del by_name[name]
    for cls, by_name in tables.stores.items():
        for name in [n for n, found in by_name.items() if _only_puts(found)]:
            home = next((c for c in cls.mro[1:] if name in tables.stores.get(c, ())), None)
            if home is not None:
                tables.stores[home][name] += by_name.pop(name)
            elif cls.find_method(name):
                del by_name[name]


def _only_puts(stores: Sequence[Store]) -> bool:
    return bool(stores) and all(store.access.kind == "mutate" for store in stores)


# --- attributes -------------------------------------------------------------------------------


def declare(tables: Tables) -> None:
    """Make the attributes of all classes and the globals of all modules."""
    for cls, by_name in tables.stores.items():
        for name, stores in by_name.items():
            cls.attributes[name] = _attribute(tables, cls, name, stores)
    for module, by_name in tables.global_stores.items():
        for name, stores in by_name.items():
            module.globals[name] = _global(tables, module, name, stores)
    _apply_guards(tables)


def _attribute(tables: Tables, cls: Class, name: str, stores: Sequence[Store]) -> Attribute:
    terms, sure = types.stored(tables, stores)
    binds = [s for s in stores if s.access.kind != "mutate"] or list(stores)
    in_body = [s.access for s in binds if s.function.facts.name == "<class>"]
    class_level = any(not _is_field(cls, access) for access in in_body)
    rebound = any(
        s.function.name not in _INITIALIZERS and s.function.facts.name != "<class>" for s in binds
    )
    return Attribute(
        name,
        owner_of(tables, cls, name).id,
        binds[0].access.line,
        types=_type_names(terms),
        guess=not sure,
        class_level=class_level,
        init_only=not rebound,
        guarded_by=_annotated_guard(binds),
    )


def _is_field(cls: Class, access: Access) -> bool:
    """Is the class-level name the declaration of an instance attribute?"""
    if access.value is not None and access.value.text == "declared":
        return "ClassVar" not in access.annotation
    made = any(d.text.rpartition(".")[2] in _FIELD_MAKERS for d in cls.facts.decorators)
    made = made or not _FIELD_BASES.isdisjoint(cls.externals)
    return made and "ClassVar" not in access.annotation and bool(access.annotation)


def _global(tables: Tables, module: Module, name: str, stores: Sequence[Store]) -> Attribute:
    terms, sure = types.stored(tables, stores)
    binds = [s for s in stores if s.access.kind != "mutate"]
    return Attribute(
        name,
        module.name,
        binds[0].access.line if binds else 1,
        types=_type_names(terms),
        guess=not sure,
        init_only=all(s.function.facts.name == "<module>" for s in binds),
        guarded_by=_annotated_guard(binds),
    )


def _type_names(terms: Terms) -> frozenset[str]:
    return frozenset(
        term.name if term.kind == "instance" else names.name_of(term) for term in terms
    )


def _annotated_guard(stores: Iterable[Store]) -> str:
    return next((g for s in stores if (g := hints.guard(s.access.annotation))), "")


def owner_of(tables: Tables, cls: Class, name: str) -> Class:
    """The class that an attribute belongs to: the farthest ancestor that stores it.

    So all classes of a hierarchy agree, and a mixin agrees with the only class that completes it.
    """
    key = (cls, name)
    found = tables.owners.get(key)
    if found is None:
        found = tables.owners[key] = _owner_of(tables, cls, name)
    return found


def _owner_of(tables: Tables, cls: Class, name: str) -> Class:
    home = cls
    for base in cls.mro:
        if name in tables.stores.get(base, ()):
            home = base
    if home is cls and name not in tables.stores.get(cls, ()):
        below = {c for c in cls.subclasses if name in tables.stores.get(c, ())}
        if len(below) == 1:
            return owner_of(tables, below.pop(), name)
    return home


def _apply_guards(tables: Tables) -> None:
    """`# guarded-by:` comments. The lock stays as written here; `locks` resolves it."""
    for module in tables.program.modules.values():
        for guard in module.facts.guards:
            name = guard.state.rpartition(".")[2]
            cls = module.classes.get(guard.scope)
            if cls is not None and (root(guard.state) != guard.state or name in cls.attributes):
                attribute = cls.attributes.get(name) or cls.find_attribute(name)
            else:
                attribute = module.globals.get(guard.state)
            if attribute is not None:
                attribute.guarded_by = guard.lock
