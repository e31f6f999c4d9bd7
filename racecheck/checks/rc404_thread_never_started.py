"""RC404: a thread object on which nobody calls start()."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from racecheck.analyses.starts import Made, names_of, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access
from racecheck.program.model import Class, Function, Program
from racecheck.program.tables import of

CODES = ("RC404",)
_QUIET_METHODS = frozenset(
    {
        "join", "is_alive", "setDaemon", "setName", "getName", "isDaemon", "cancel", "terminate",
        "kill", "close",
    }
)  # fmt: skip
"""Methods that start nothing."""


def find(study: Study) -> Iterator[Finding]:
    """Thread objects that are dropped, or kept where nobody starts them."""
    for made in threads(study).made:
        if made.function.module.is_test or (made.cls is not None and _starts_itself(made.cls)):
            continue
        call = made.link.call
        if call.use == "drop":
            yield _report(study, made, "is made and dropped", [])
        elif len(names_of(made)) != 1:
            continue
        elif call.into.isidentifier():
            if (used := _local_uses(made.function, call.into)) is not None:
                yield _report(study, made, f"is kept in `{call.into}` and never started", used)
        elif _attribute_never_started(study.program, made):
            yield _report(study, made, f"is kept in `{call.into}` and never started", [])


def _starts_itself(cls: Class) -> bool:
    """Does making an object start it, or hand it to somebody who may?"""
    if cls.opaque or any(base.facts.metaclass or base.facts.decorators for base in cls.mro):
        return True
    inits = [base.methods["__init__"] for base in cls.mro if "__init__" in base.methods]
    return any(map(_gives_self_away, inits)) or bool(cls.find_method("__new__"))


def _gives_self_away(init: Function) -> bool:
    receiver = of(init).receivers.get(init)
    name = receiver.name if receiver is not None else "self"
    for call in init.facts.calls:
        if call.path.startswith(f"{name}.") and call.path.count(".") == 1:
            return True
        values = (*call.args, *(value for _, value in call.keywords))
        handed = any(v.text == name and v.kind == "path" for v in values)
        if handed and call.path != "super" and not call.path.endswith(".__init__"):
            return True
    return any(
        a.value is not None and a.value.kind == "path" and a.value.text == name
        for a in init.facts.accesses
    )


def _local_uses(function: Function, name: str) -> list[str] | None:
    """What is done with the local, when starting is not among it; None if that is not known."""
    facts = function.facts
    if (
        function.name in ("<module>", "<class>")
        or name in facts.globals
        or name not in facts.locals
    ):
        return None
    if not all(_is_class_name(c.path) for c in facts.calls if c.into == name and c.use == "bind"):
        return None
    if name in facts.free or any(name in inner.facts.free for inner in _nested(function)):
        return None
    if any(access.path == name and _leaves(access) for access in facts.accesses):
        return None
    used = [
        call.path.removeprefix(f"{name}.")
        for call in facts.calls
        if call.path.startswith((f"{name}.", f"{name}("))
    ]
    return used if _QUIET_METHODS.issuperset(used) else None


def _is_class_name(path: str) -> bool:
    """Of objects of classes, facts have every use."""
    return path.rpartition(".")[2].lstrip("_")[:1].isupper()


def _nested(function: Function) -> Iterator[Function]:
    for inner in function.nested.values():
        yield inner
        yield from _nested(inner)


def _leaves(access: Access) -> bool:
    """Is the object used as a whole? A test of it is no use."""
    return access.kind not in ("write", "check")


def _attribute_never_started(program: Program, made: Made) -> bool:
    """A private attribute whose every use in the project is a quiet method."""
    base, _, name = made.link.call.into.rpartition(".")
    receiver = of(made.function).receivers.get(made.function)
    if receiver is None or base != receiver.name or not name.startswith("_"):
        return False
    if receiver.cls.opaque or name.startswith("__"):
        return False
    step = f".{name}"
    near = made.function.module.functions.values()
    for function in chain(near, program.functions.values()):
        for access in function.facts.accesses:
            if step in access.path and not _is_quiet(access, step):
                return False
        for call in function.facts.calls:
            head, found, rest = call.path.partition(f"{step}.")
            if found and head and rest not in _QUIET_METHODS:
                return False
            if any(name in value.text for value in call.args if value.kind == "const"):
                return False
    return True


def _is_quiet(access: Access, step: str) -> bool:
    """Stores to the attribute, tests of it, and calls on it (which are looked at by themselves)."""
    if not access.path.endswith(step):
        return access.kind in ("write", "update", "check") or access.via == "()"
    if access.kind in ("write", "delete", "check"):
        return access.value is None or access.value.kind in ("call", "const")
    return access.via.startswith(".") and access.via.endswith("()")


def _report(study: Study, made: Made, what: str, used: list[str]) -> Finding:
    function, call = made.function, made.link.call
    kind = made.kind.rpartition(".")[2].lower()
    step = Step("create", function.place(call.line, call.path), function.label)
    evidence = [f"`{made.kind}` runs nothing before start()"]
    if used:
        methods = ", ".join(f"{name}()" for name in dict.fromkeys(used))
        evidence.append(f"all that is called on it: {methods}")
    return study.finding(
        "RC404",
        call.into or call.path,
        f"this {kind} {what}",
        [step],
        evidence=evidence,
    )
