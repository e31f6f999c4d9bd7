"""RC324: an object that owns a lock is copied or pickled."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.core.place import Place
from racecheck.facts.schema import CATCH_ALL, Value
from racecheck.program import types
from racecheck.program.model import Attribute, Class, Function, Link

CODES = ("RC324",)

_COPIES = {
    "copy.copy": "shares the lock and the containers it guards",
    "copy.deepcopy": "raises TypeError: locks cannot be copied",
    "pickle.dumps": "raises TypeError: locks cannot be pickled",
    "pickle.dump": "raises TypeError: locks cannot be pickled",
}
_RULES = frozenset(
    "__copy__ __deepcopy__ __getstate__ __reduce__ __reduce_ex__ __getnewargs__"
    " __getnewargs_ex__ __replace__ __getattr__ __getattribute__".split()
)
_PLAIN = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol"})
_CATCHING = CATCH_ALL | {"TypeError"}


def find(study: Study) -> Iterator[Finding]:
    """Copies of objects whose class is known through and through."""
    for link in study.calls.of(_COPIES):
        if not link.call.args or _expects_error(link):
            continue
        cls = _class(study, link.caller, link.call.args[0])
        lock = _own_lock(study, cls) if cls else None
        if cls and lock and not _replaced(link.caller, link, lock):
            yield _report(study, link, cls, lock)


def _expects_error(link: Link) -> bool:
    return bool(_CATCHING & set(link.caller.context(link.call.ctx).catches))


def _class(study: Study, function: Function, value: Value) -> Class | None:
    """The project class of the object, if it is the only one possible and has no copying rules."""
    if value.kind != "path":
        return None
    kinds = types.of(function, value.text)
    cls = study.program.classes.get(next(iter(kinds))) if len(kinds) == 1 else None
    if cls is None or cls.opaque or cls.externals - _PLAIN:
        return None
    family = (*cls.mro, *cls.subclasses)
    own_rules = any(_RULES & set(member.methods) for member in family)
    return None if own_rules or "__slots__" in cls.attributes else cls


def _own_lock(study: Study, cls: Class) -> Attribute | None:
    """A lock of threads that every instance has in its `__dict__`."""
    for base in cls.mro:
        for attribute in base.attributes.values():
            lock = attribute.lock
            if lock is None or attribute.class_level or lock.scope != "instance" or lock.is_async:
                continue
            models = [study.models.locks.get(name) for name in attribute.types]
            if models and all(m is not None and m.scope == "thread" for m in models):
                return attribute
    return None


def _replaced(function: Function, link: Link, lock: Attribute) -> bool:
    """`other = copy.copy(self); other._lock = Lock()`"""
    into = f"{link.call.into}.{lock.name}"
    return any(a.kind == "write" and a.path == into for a in function.facts.accesses)


def _report(study: Study, link: Link, cls: Class, lock: Attribute) -> Finding:
    function = link.caller
    value = link.call.args[0].text
    steps = [
        Step(
            "copy",
            function.place(link.call.line, link.call.path),
            function.label,
            note=_COPIES[link.external],
        ),
        Step("made", Place(cls.module.path, lock.line), cls.name, note=f"owns `{lock.name}`"),
    ]
    return study.finding(
        "RC324",
        f"{cls.name}.{lock.name}",
        f"`{link.call.path}({value})` copies an object that owns the lock `{lock.name}`",
        steps,
    )
