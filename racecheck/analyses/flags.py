"""Flags that keep a worker's loop running: what the loop needs, and who writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.constants import truth
from racecheck.facts import schema
from racecheck.program import states, types
from racecheck.program.model import Class, Function, Link, Program, StateId, Use
from racecheck.program.tables import of

_EVENTS = frozenset(
    {"threading.Event", "multiprocessing.Event", "multiprocessing.synchronize.Event"}
)
_SETS = {"set": True, "clear": False}


@dataclass(frozen=True, slots=True)
class FlagLoop:
    """A loop `while self.running` that runs only while the flag is `needed`.

    path: the flag as the function writes it. event: it is an Event, asked with `is_set()`.
    """

    function: Function
    loop: schema.Loop
    path: str
    state: StateId
    needed: bool
    event: bool = False

    @property
    def text(self) -> str:
        """The condition as source."""
        call = ".is_set()" if self.event else ""
        return f"{'' if self.needed else 'not '}{self.path}{call}"


@dataclass(frozen=True, slots=True)
class FlagWrite:
    """An assignment to the flag, or `set()` and `clear()` of an event. value None: not known."""

    function: Function
    line: int
    seq: int
    ctx: int
    base: str
    path: str
    value: bool | None

    @property
    def in_body(self) -> bool:
        """Does it give the flag its first value, in the class body or the module?"""
        return self.function.name in ("<class>", "<module>")


def loops_of(function: Function) -> Iterator[FlagLoop]:
    """Outermost loops of a function that a single flag keeps running."""
    facts = function.facts
    for loop in facts.loops:
        if loop.kind == "while" and loop.parent < 0 and loop.test >= 0:
            test = _deciding(facts, facts.tests[loop.test])
            if test is not None and (found := _flag(function, loop, test)):
                yield found


def _deciding(facts: schema.Function, test: schema.Test) -> schema.Test | None:
    """The part of a condition that can end the loop: all of it, or the first operand of `and`."""
    if test.shape in ("truth", "not", "call"):
        return test
    inner = (t for t in facts.tests if t.kind == "and" and t.first == test.first)
    return next((t for t in inner if t.shape in ("truth", "not", "call")), None)


def _flag(function: Function, loop: schema.Loop, test: schema.Test) -> FlagLoop | None:
    path, event = test.target, False
    needed = test.shape == "truth" or (test.shape == "call" and test.key != "not")
    if test.key == "len" or not path:
        return None
    if test.shape == "call":
        path, _, method = path.rpartition(".")
        event = True
        if method not in ("is_set", "isSet", "wait") or not types.of(function, path) & _EVENTS:
            return None
    found = states.locate(function, path)
    if found is None or found[0].kind not in ("attribute", "class attribute", "global", "cell"):
        return None
    return FlagLoop(function, loop, path, found[0], needed, event)


# --- writes -----------------------------------------------------------------------------------


def writes_of(program: Program, flag: FlagLoop) -> list[FlagWrite] | None:
    """Everything that writes the flag; None when something may that we cannot see."""
    owner = program.classes.get(flag.state.owner)
    if owner is not None and _is_open(program, owner, flag.state.name):
        return None
    found = _event_writes(program, flag) if flag.event else _plain_writes(program, flag)
    return None if found is None or _by_name(program, flag) else found


def _plain_writes(program: Program, flag: FlagLoop) -> list[FlagWrite] | None:
    """Assignments to the state, and to attributes of this name on unknown objects."""
    found: list[FlagWrite] = []
    tail = f".{flag.state.name}"
    is_attribute = "attribute" in flag.state.kind
    for use in _uses(program, flag):
        access = use.access
        if access.kind in ("write", "update", "delete", "mutate"):
            if access.value is not None and access.value.text == "declared":
                continue
            value = _constant(access)
            found.append(
                FlagWrite(
                    use.function, access.line, access.seq, access.ctx, use.base, access.path, value
                )
            )
    if not is_attribute:
        return found
    for function in program.functions.values():
        for access in function.facts.accesses:
            if not access.path.endswith(tail) or access.kind not in ("write", "update"):
                continue
            if states.locate(function, access.path) is None and truth(access.value) is not (
                not flag.needed
            ):
                return None
    return found


def _constant(access: schema.Access) -> bool | None:
    """The truth of a constant that is assigned. Containers change in place: they are no flags."""
    if access.kind != "write" or access.via != "=":
        return None
    return truth(access.value) if access.value and access.value.kind == "const" else None


def _event_writes(program: Program, flag: FlagLoop) -> list[FlagWrite] | None:
    """Calls of `set` and `clear`; an event that is passed on can be set by anybody."""
    found: list[FlagWrite] = []
    for use in _uses(program, flag):
        access = use.access
        if access.via in ("arg", "return", "alias") or access.path in _aliased(use.function):
            return None
        method = access.via.removeprefix(".").removesuffix("()")
        if access.kind == "write":
            made = access.value is not None and access.value.kind == "call"
            value = False if made else None
            where = (access.line, access.seq, access.ctx)
            found.append(FlagWrite(use.function, *where, use.base, access.path, value))
        elif method in _SETS:
            path = f"{access.path}.{method}"
            where = (access.line, access.seq, access.ctx)
            found.append(FlagWrite(use.function, *where, use.base, path, _SETS[method]))
    tail = f".{flag.state.name}.set"
    for function in program.functions.values():
        for call in function.facts.calls:
            if call.path.endswith(tail) and not states.locate(function, call.path[:-4]):
                return None
    return found


def _aliased(function: Function) -> frozenset[str]:
    """Paths that are stored under another name here: `event = self._event`."""
    return frozenset(
        a.value.text
        for a in function.facts.accesses
        if a.kind == "write" and a.value is not None and a.value.kind == "path"
    )


def _uses(program: Program, flag: FlagLoop) -> list[Use]:
    state = program.states.get(flag.state)
    return state.uses if state is not None else []


def _is_open(program: Program, owner: Class, name: str) -> bool:
    """Can the attribute change behind our back: a property, an unknown base, `__setattr__`?"""
    family = {owner, *owner.mro, *owner.subclasses}
    for cls in family:
        if cls.opaque or name in cls.methods or "__setattr__" in cls.methods:
            return True
    return any(_hands_self_away(method) for cls in family for method in cls.methods.values())


def _hands_self_away(method: Function) -> bool:
    """Is `self` passed to a function that we do not know?"""
    receiver = of(method).receivers.get(method)
    if receiver is None:
        return False
    return any(
        not (link.targets or link.external or link.constructs)
        and any(v.kind == "path" and v.text == receiver.name for v in _values(link))
        for link in method.calls
    )


def _values(link: Link) -> Iterator[schema.Value]:
    yield from link.call.args
    for _, value in link.call.keywords:
        yield value


def _by_name(program: Program, flag: FlagLoop) -> bool:
    """Is the flag set by name, or could it be? `setattr(obj, name, True)` and the like."""
    quoted = {f"'{flag.state.name}'", f'"{flag.state.name}"'}
    for function in program.functions.values():
        for call in function.facts.calls:
            if call.path in ("setattr", "object.__setattr__") and len(call.args) > 1:
                named, base = call.args[1], call.args[0].text
                if named.text in quoted:
                    return True
                if named.kind != "const" and _may_be(program, flag, function, base):
                    return True
            whole = call.path.removesuffix(".__dict__.update")
            if whole != call.path and _may_be(program, flag, function, whole):
                return True
    return False


def _may_be(program: Program, flag: FlagLoop, function: Function, base: str) -> bool:
    """Can this path denote the object that has the flag? Unknown objects of the same file may."""
    owner = program.classes.get(flag.state.owner)
    found = {program.classes.get(name) for name in types.of(function, base)} if base else set()
    known = {cls for cls in found if cls is not None}
    if owner is None or not known:
        return owner is not None and function.module is flag.function.module
    return not known.isdisjoint({owner, *owner.mro, *owner.subclasses})
