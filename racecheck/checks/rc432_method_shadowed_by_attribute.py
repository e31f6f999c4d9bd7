"""RC432: an attribute with the name of a method."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType

from racecheck.analyses.constants import is_none, surely_not_callable
from racecheck.analyses.starts import threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.facts.schema import Value
from racecheck.program import standard, types
from racecheck.program.model import Class, Function
from racecheck.program.tables import Store, of

CODES = ("RC432",)
_PLAIN_DECORATORS = frozenset(
    {
        "staticmethod", "classmethod", "abstractmethod", "override", "final", "contextmanager",
        "asynccontextmanager", "lru_cache", "cache",
    }
)  # fmt: skip
_SPECIAL_CLASSES = frozenset({"dataclass", "define", "attrs", "s", "frozen", "mutable"})
_INTERCEPTORS = ("__setattr__", "__getattribute__")
_BY_NAME = frozenset({"callable", "hasattr", "getattr", "setattr", "delattr", "isinstance"})
_TYPES = {"None": "NoneType", "True": "bool", "False": "bool", "not": "bool"}
_LITERALS = frozenset({"list", "dict", "set", "tuple"})


@dataclass(frozen=True, slots=True)
class Clash:
    """The stores that hide a method: `method` in the project, or `outside` in a library class."""

    cls: Class
    name: str
    stores: tuple[Store, ...]
    method: Function | None
    outside: str = ""

    @property
    def below(self) -> bool:
        """Does a subclass define the method that the base's attribute hides?"""
        method = self.method
        return method is not None and method.cls is not None and method.cls not in self.cls.mro


def find(study: Study) -> Iterator[Finding]:
    """Attributes that hide methods, one finding for each name of a class."""
    tested = _tested_names(study)
    for cls in sorted(study.program.classes.values(), key=lambda c: c.id):
        if any(cls.find_method(name) for name in _INTERCEPTORS):
            continue
        for name, stores in _stores(cls).items():
            if name.startswith("__") or name in tested:
                continue
            for clash in _clashes(study, cls, name, stores):
                if not _is_meant(clash) and (confidence := _confidence(clash)):
                    yield _report(study, clash, confidence)
    for clash in _from_outside(study, tested):
        if not _is_meant(clash):
            yield _report(study, clash, Confidence.LIKELY)


def _from_outside(study: Study, tested: frozenset[str]) -> Iterator[Clash]:
    """`worker.stop = True`, where `stop` is a method of the worker's class."""
    for function in study.program.functions.values():
        if function.module.is_test:
            continue
        receiver = of(function).receivers.get(function)
        for access in function.facts.accesses:
            if access.kind != "write":
                continue
            base, _, name = access.path.rpartition(".")
            if not base or name in tested or is_none(access.value):
                continue
            if receiver is not None and base == receiver.name:
                continue
            if not surely_not_callable(function, access):
                continue
            found = types.of(function, base)
            cls = study.program.classes.get(min(found)) if len(found) == 1 else None
            method = cls.find_method(name) if cls is not None else None
            if cls is not None and method is not None and name not in _all_stores(cls):
                yield Clash(cls, name, (Store(function, access),), method)


def _all_stores(cls: Class) -> frozenset[str]:
    """Names that the class or its family stores itself: those are looked at there."""
    family = {*cls.mro, *cls.subclasses}
    return frozenset(name for base in family for name in _stores(base))


def _stores(cls: Class) -> dict[str, list[Store]]:
    tables = cls.module.tables
    return tables.stores.get(cls, {}) if tables else {}


def _clashes(study: Study, cls: Class, name: str, stores: Iterable[Store]) -> Iterator[Clash]:
    """The method that a store hides: own, inherited, of a library base, or of a subclass."""
    binds = tuple(s for s in stores if s.access.kind != "mutate")
    own = [s for s in binds if _hides(cls, name, s)]
    if not own:
        return
    method = cls.find_method(name)
    if method is not None:
        yield Clash(cls, name, tuple(own), method)
    elif outside := _library_method(study, cls, name):
        yield Clash(cls, name, tuple(own), None, outside)
    else:
        on_instance = tuple(s for s in own if not _in_class_body(s))
        for sub in cls.subclasses:
            if on_instance and name in sub.methods and _base_store_runs(sub, cls, on_instance):
                yield Clash(cls, name, on_instance, sub.methods[name])


def _in_class_body(store: Store) -> bool:
    return store.function.facts.name == "<class>"


def _hides(cls: Class, name: str, store: Store) -> bool:
    """A `def` behind an assignment in the same class body hides the assignment, not the reverse."""
    if not _in_class_body(store) or name not in cls.methods:
        return True
    return store.access.line > cls.methods[name].facts.line


def _library_method(study: Study, cls: Class, name: str) -> str:
    """`threading.Timer.cancel`, if a standard base has a plain method of this name."""
    if threads(study).kind_of(cls):
        return ""
    for base in sorted(cls.externals):
        found = standard.library_class(base)
        value = getattr(found, name, None) if found is not None else None
        if isinstance(value, (FunctionType, MethodDescriptorType, BuiltinFunctionType)):
            return f"{base}.{name}"
    return ""


def _base_store_runs(sub: Class, base: Class, stores: Iterable[Store]) -> bool:
    """Does the base's assignment run for the subclass? Not if `__init__` is replaced."""
    names = {s.function.name for s in stores}
    between = sub.mro[: sub.mro.index(base)] if base in sub.mro else ()
    for cls in between:
        for name in names & set(cls.methods):
            called = {c.path.rpartition(".")[2] for c in cls.methods[name].facts.calls}
            if name not in called:
                return False
    return True


# --- silence ----------------------------------------------------------------------------------


def _tested_names(study: Study) -> frozenset[str]:
    """Attribute names that the project asks about, sets or removes by name."""
    asked = {
        _mentioned(value)
        for link in study.calls.ending(_BY_NAME)
        if link.call.path in _BY_NAME and not link.implicit
        for value in link.call.args[:2]
    }
    removed = {
        access.path.rpartition(".")[2]
        for function in study.program.functions.values()
        for access in function.facts.accesses
        if access.kind == "delete"
    }
    return frozenset(asked | removed)


def _mentioned(value: Value) -> str:
    if value.kind == "const":
        return value.text.strip("'\"")
    return value.text.rpartition(".")[2] if value.kind == "path" else ""


def _is_meant(clash: Clash) -> bool:
    cls, name, method = clash.cls, clash.name, clash.method
    if method is not None and not all(map(_is_plain, _definitions(method))):
        return True
    if all(map(_in_class_body, clash.stores)) and _special_body(cls):
        return True
    if any(name in _slots(base) for base in cls.mro):
        return True
    if _may_hold_callable(clash) or any(map(_asks_first, clash.stores)):
        return True
    return method is not None and method.cls is not cls and _is_placeholder(method)


def _is_placeholder(method: Function) -> bool:
    """`def manager(self): raise NotImplementedError`, never called: an attribute in disguise."""
    facts = method.facts
    raises = any(
        point.kind == "raise" and point.value and "NotImplemented" in point.value.text
        for point in facts.points
    )
    works = any("NotImplemented" not in call.path for call in facts.calls) or facts.accesses
    return raises and not works and not method.callers


def _asks_first(store: Store) -> bool:
    """`if self.hook is None: self.hook = Signal()`: a default for those who define no method."""
    function, access = store
    return any(test.target == access.path for test in function.tests(access.ctx))


def _definitions(method: Function) -> Iterator[Function]:
    """All `def`s of this name in the class: overloads, property setters, alternatives."""
    for function in method.module.functions.values():
        if function.facts.owner == method.facts.owner and function.name == method.name:
            yield function


def _is_plain(method: Function) -> bool:
    """A function that is found on the instance as a bound method."""
    return all(
        d.text.rpartition(".")[2] in _PLAIN_DECORATORS and d.text != "overload"
        for d in method.facts.decorators
    )


def _special_body(cls: Class) -> bool:
    """Bodies whose assignments are declarations: dataclasses, enums, anything with a metaclass."""
    decorated = any(
        d.text.rpartition(".")[2] in _SPECIAL_CLASSES
        for base in cls.mro
        for d in base.facts.decorators
    )
    declared = any(name.startswith(("enum.", "ctypes.", "typing.")) for name in cls.externals)
    return decorated or declared or any(base.facts.metaclass for base in cls.mro)


def _slots(cls: Class) -> frozenset[str]:
    for store in _stores(cls).get("__slots__", ()):
        if store.access.value is not None:
            return frozenset(part.text.strip("'\"") for part in store.access.value.parts)
    return frozenset()


def _may_hold_callable(clash: Clash) -> bool:
    """Is something callable or unknown ever stored under this name in the family?"""
    family = {*clash.cls.mro, *clash.cls.subclasses}
    return any(
        store.access.kind != "mutate" and not surely_not_callable(*store)
        for cls in family
        for store in _stores(cls).get(clash.name, ())
    )


def _confidence(clash: Clash) -> Confidence | None:
    """A lone None may switch a method off; unconditional in `__init__` it is at least strange."""
    if clash.cls.module.is_test and all(_in_class_body(s) or _is_once(s) for s in clash.stores):
        return Confidence.POSSIBLE
    if any(not is_none(s.access.value) for s in clash.stores):
        return Confidence.LIKELY
    own = clash.method is not None and clash.method.cls is clash.cls
    in_init = all(s.function.name == "__init__" for s in clash.stores)
    checked = _anywhere(clash, lambda kind: kind == "check")
    return Confidence.POSSIBLE if own and in_init and not checked else None


def _is_once(store: Store) -> bool:
    """`def done(self): self.done = True`: a double of a test that is called once."""
    return store.access.path.endswith(f".{store.function.name}")


def _anywhere(clash: Clash, accept: Callable[[str], bool]) -> bool:
    path = f"self.{clash.name}"
    return any(
        access.path == path and accept(access.kind)
        for cls in clash.cls.mro
        for method in cls.methods.values()
        for access in method.facts.accesses
    )


# --- the finding ------------------------------------------------------------------------------


def _report(study: Study, clash: Clash, confidence: Confidence) -> Finding:
    kind, name = _type_name(clash), clash.name
    first = _main_store(clash)
    stored = first.access.value.text if first.access.value is not None else ""
    store = Step(
        "write",
        first.function.place(first.access.line, first.access.path),
        first.function.label,
        note=f"from here on `{name}` is {_an(kind)}" + (f" ({stored})" if stored else ""),
    )
    steps = [store, *_method_steps(clash)]
    if clash.below:
        steps[0], steps[1] = steps[1], steps[0]
    calls = _call_steps(clash, kind)
    owner = clash.method.cls if clash.below and clash.method else clash.cls
    return study.finding(
        "RC432",
        f"{owner.name if owner else clash.cls.name}.{name}",
        f"attribute `{first.access.path}` hides the method `{_method_name(clash)}()`",
        [*steps, *calls[:1]],
        confidence=confidence,
        evidence=[
            f"calling it fails: '{kind}' object is not callable",
            *([f"called in {len(calls)} place{'s' if len(calls) > 1 else ''}"] if calls else []),
        ],
        help=_advice(study, clash),
    )


def _advice(study: Study, clash: Clash) -> str:
    """A new name; `_stop` and its like belong to Thread."""
    name = clash.name
    if name.startswith("_") or threads(study).kind_of(clash.cls):
        return "Rename the attribute or the method."
    return f"Rename the attribute (`_{name}`) or the method."


def _main_store(clash: Clash) -> Store:
    """The store to show: a telling one, in `__init__` if there is one."""
    telling = [s for s in clash.stores if not is_none(s.access.value)] or list(clash.stores)
    return min(telling, key=lambda s: (s.function.name != "__init__", s.access.line))


def _method_steps(clash: Clash) -> list[Step]:
    method = clash.method
    if method is None:
        return []
    place = method.place(method.facts.line, f"def {clash.name}")
    return [Step("define", place, method.label, note="the method that can no longer be called")]


def _call_steps(clash: Clash, kind: str) -> list[Step]:
    if clash.method is None:
        return []
    links = [x for x in clash.method.callers if not x.implicit and x.receiver != "super()"]
    return [
        Step(
            "call",
            link.caller.place(link.call.line, f"{link.call.path}("),
            link.caller.label,
            note=f"TypeError: '{kind}' object is not callable",
        )
        for link in sorted(links, key=lambda x: (x.caller.module.path, x.call.line))
    ]


def _method_name(clash: Clash) -> str:
    return clash.method.label if clash.method is not None else clash.outside


def _type_name(clash: Clash) -> str:
    access = _main_store(clash).access
    value = access.value
    if value is None:
        return "object"
    if value.kind == "const":
        text = value.text
        if text in _TYPES:
            return _TYPES[text]
        if text.endswith(("'", '"')):
            return "bytes" if text[:1] in "bB" else "str"
        return "float" if "." in text else "int"
    if value.kind in _LITERALS:
        return value.kind
    if value.kind == "comp":
        return value.text
    if value.kind == "other":
        return "bool"
    return value.text.rpartition(".")[2] or "object"


def _an(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiouAEIOU" else f"a {noun}"
