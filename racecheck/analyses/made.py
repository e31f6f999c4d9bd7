"""Objects that a function makes itself, and attributes that hold an object of their own.

An object stays with the thread that made it until somebody keeps it: stores it, puts it into a
container, hands it to a thread or to code that we do not see.
"""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.facts.schema import Access, Value
from racecheck.program import calls, states, types, values
from racecheck.program.model import Class, Function, Link
from racecheck.program.paths import root, split
from racecheck.program.tables import Store, Tables, Term, of

_LITERALS = frozenset({"const", "list", "tuple", "set", "dict", "comp", "lambda"})
_COPIES = frozenset({"copy.copy", "copy.deepcopy", "list", "dict", "set", "tuple", "bytearray"})
_STARTERS = frozenset({"start", "run", "submit", "serve_forever"})
_END = 1 << 60


class Made:
    """Answers each question once."""

    def __init__(self) -> None:
        self._owned: dict[tuple[Class, str], bool] = {}
        self._items: dict[tuple[Class, str], bool] = {}
        self._factories: dict[Function, bool] = {}
        self._keeps: dict[tuple[Function, str, str], bool] = {}
        self._busy: set[tuple[Function, str]] = set()

    # --- values ---------------------------------------------------------------------------

    def here(self, function: Function, value: Value | None, line: int) -> bool:
        """Does evaluating this give a new object that nobody else has?"""
        if value is None:
            return False
        if value.kind in _LITERALS:
            return True
        if value.kind == "or":
            return all(self.here(function, part, line) for part in value.parts)
        if value.kind in ("call", "await"):
            return self.by_call(function, value.text)
        return value.kind == "path" and self.is_local(function, value.text, _END)

    def by_call(self, function: Function, path: str) -> bool:
        """Does a call of `path` make a new object?"""
        tables = of(function)
        terms = types.infer(function, path)
        return bool(terms) and all(self._makes(tables, term) for term in terms)

    def _makes(self, tables: Tables, term: Term) -> bool:
        if term.kind == "function":
            target = tables.function(term)
            return target is not None and self._is_factory(target)
        if term.kind == "name":
            return term.name in _COPIES or values.class_like(tables, term.name)
        cls = tables.project_class(term.name) if term.kind == "class" else None
        return cls is not None and self._is_private(cls)

    def _is_private(self, cls: Class) -> bool:
        """Does nobody but the maker have a new object of this class?"""
        if cls.find_method("__new__") is not None:
            return False
        for made in calls.constructors(cls):
            receiver = of(made).receivers.get(made)
            if receiver is None or self.keeps(made, receiver.name):
                return False
        return True

    def _is_factory(self, function: Function) -> bool:
        """Does every return give a new object?"""
        known = self._factories.get(function)
        if known is None:
            self._factories[function] = False
            returns = [p for p in function.facts.points if p.kind == "return"]
            known = bool(returns) and not function.facts.is_generator
            known = known and all(self.here(function, p.value, p.line) for p in returns)
            self._factories[function] = known
        return known

    def is_local(self, function: Function, name: str, before: int, but: int = -1) -> bool:
        """Is this a local that holds new objects only, and that nobody else has by then?

        but: seq of an access that may keep it.
        """
        facts = function.facts
        if name not in facts.locals or any(p.name == name for p in facts.params):
            return False
        stores = types.local_stores(of(function), function, name)
        binds = [s for s in stores if s.access.kind != "mutate"]
        if not binds or not all(self._is_new(store) for store in binds):
            return False
        return not self._kept(function, name, before, but)

    def _is_new(self, store: Store) -> bool:
        access = store.access
        if access.kind != "write" or access.via in ("for", "with"):
            return False
        return access.value is None or self.here(store.function, access.value, access.line)

    # --- attributes -----------------------------------------------------------------------

    def owned(self, cls: Class, name: str) -> bool:
        """Does every object of the class have an object of its own in this attribute?"""
        known = self._owned.get((cls, name))
        if known is None:
            self._owned[cls, name] = False
            stores = [s for s in _stores(cls, name) if s.access.kind != "mutate"]
            known = bool(stores) and not _is_static(cls, name)
            known = known and all(self._is_own(store) for store in stores)
            self._owned[cls, name] = known
        return known

    def owned_items(self, cls: Class, name: str) -> bool:
        """Does the container in this attribute hold objects made for it only?"""
        known = self._items.get((cls, name))
        if known is None:
            self._items[cls, name] = False
            known = self.owned(cls, name)
            known = known and all(self._puts_own(store) for store in _stores(cls, name))
            self._items[cls, name] = known
        return known

    def _is_own(self, store: Store) -> bool:
        function, access = store
        value = access.value
        if value is None or access.via in ("for", "with"):
            return access.kind == "update"
        if value.kind == "path":
            return self.is_local(function, value.text, access.seq, access.seq)
        return self.here(function, value, access.line)

    def _puts_own(self, store: Store) -> bool:
        function, access = store
        value = access.value
        if access.kind != "mutate":
            parts = value.parts if value is not None else ()
            return all(self.here(function, part, access.line) for part in parts)
        if value is None:
            call = values.call_at(function, f"{access.path}.{access.via}", access.line)
            value = call.args[-1] if call is not None and call.args else None
        if value is not None and value.kind == "path":
            return self.is_local(function, value.text, access.seq, access.seq)
        return self.here(function, value, access.line)

    # --- who keeps it ---------------------------------------------------------------------

    def keeps(self, function: Function, name: str, into: str = "") -> bool:
        """May the function make the object in this variable known to others?

        into: a variable whose object may keep it, because that is private, too.
        """
        key = (function, name, into)
        known = self._keeps.get(key)
        if known is None:
            self._keeps[key] = False
            known = self._keeps[key] = self._kept(function, name, _END, into=into)
        return known

    def _kept(
        self, function: Function, name: str, before: int, but: int = -1, into: str = ""
    ) -> bool:
        stores = (a for a in function.facts.accesses if a.seq < before and a.seq != but)
        if any(_stores_away(function, access, name, into) for access in stores):
            return True
        yields = (p for p in function.facts.points if p.kind == "yield" and p.seq < before)
        if any(p.value is not None and _gives(function, p.value, name) for p in yields):
            return True
        if any(_captures(inner, name) for inner in function.nested.values()):
            return True
        links = (link for link in function.calls if link.call.seq < before)
        return any(self._passed_on(link, name, into) for link in links)

    def _passed_on(self, link: Link, name: str, into: str) -> bool:
        """Does a call keep the object, as its receiver or as an argument?"""
        caller, call = link.caller, link.call
        on_it = root(link.receiver) == name
        given = [*call.args, *(value for _, value in call.keywords)]
        is_given = any(_gives(caller, value, name) for value in given)
        if not on_it and not is_given:
            return False
        if not link.targets:
            return self._kept_outside(link, is_given)
        for target in link.targets:
            receiver = of(target).receivers.get(target)
            if on_it and receiver is not None and is_direct(link, target):
                if self.keeps(target, receiver.name):
                    return True
            if is_given and self._argument_kept(link, target, name, into):
                return True
        return False

    def _argument_kept(self, link: Link, target: Function, name: str, into: str) -> bool:
        bound = dict(calls.bound_arguments(link.caller, link.call, target))
        found = [param for param, value in bound.items() if _gives(link.caller, value, name)]
        receiver = of(target).receivers.get(target)
        holder = ""
        if receiver is not None and self._held_privately(link, name, into):
            holder = receiver.name
        if not found:
            return not (holder and any(p.kind == "**" for p in target.facts.params))
        return any(self.keeps(target, param, holder) for param in found)

    def _held_privately(self, link: Link, name: str, into: str) -> bool:
        """Does the object that a method is called on (or a constructor makes) stay here, too?"""
        if not link.constructs:
            return root(link.receiver) in (name, into) or self._stays(link, root(link.receiver))
        if link.call.use == "drop":
            return True
        return link.call.use == "bind" and self._stays(link, link.call.into)

    def _stays(self, link: Link, name: str) -> bool:
        key = (link.caller, name)
        if key in self._busy:
            return True
        self._busy.add(key)
        try:
            return name.isidentifier() and self.is_local(link.caller, name, _END)
        finally:
            self._busy.discard(key)

    @staticmethod
    def _kept_outside(link: Link, is_given: bool) -> bool:
        """Library functions look at what they get; methods, starters and strangers may keep it."""
        if not is_given:
            return split(link.call.path)[1] in _STARTERS
        models, name = of(link.caller).models, link.external.removesuffix(".__init__")
        if not name or name in models.entries or name in models.offload or name in models.to_loop:
            return True
        return bool(types.of(link.caller, link.receiver))


def _stores(cls: Class, name: str) -> Iterator[Store]:
    """All assignments to an attribute in the hierarchy of a class."""
    for base in dict.fromkeys((*cls.mro, *cls.subclasses)):
        tables = base.module.tables
        if tables is not None:
            yield from tables.stores.get(base, {}).get(name, ())


def _is_static(cls: Class, name: str) -> bool:
    tables = cls.module.tables
    return tables is not None and states.is_class_level(tables, cls, name)


def _stores_away(function: Function, access: Access, name: str, into: str) -> bool:
    """Does an assignment put the object where others can find it?"""
    value = access.value
    if access.path == name and access.kind == "read":
        return access.via == "alias"
    if access.kind not in ("write", "mutate", "update") or value is None:
        return False
    return root(access.path) not in (name, into) and _gives(function, value, name)


def is_direct(link: Link, function: Function) -> bool:
    """Is the function called by its name, and not as a value under another one?"""
    if link.implicit:
        return link.implicit != "callback"
    return bool(link.constructs) or split(link.call.path)[1] == function.name


def _gives(function: Function, value: Value, name: str) -> bool:
    """Is the object (or a bound method of it) part of this value?"""
    if value.kind == "path":
        if value.text == name:
            return True
        if root(value.text) != name:
            return False
        return any(term.kind == "function" for term in types.infer(function, value.text))
    if value.kind == "lambda":
        inner = function.module.functions.get(value.text)
        return inner is None or name in inner.facts.free
    return any(_gives(function, part, name) for part in value.parts)


def _captures(inner: Function, name: str) -> bool:
    """Does a closure use the variable and leave, or run on a thread?"""
    if name in inner.facts.free:
        if inner.escapes or any(e.function == inner.id for e in inner.entries):
            return True
    return any(_captures(nested, name) for nested in inner.nested.values())
