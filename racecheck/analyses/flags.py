"""Flags that keep a worker's loop running: what the loop needs, and who writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.constants import truth
from racecheck.analyses.named import Calls
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


class FlagWrites:
    """Who writes flags; knows all assignments to attributes by name."""

    def __init__(self, program: Program, calls: Calls) -> None:
        self._program = program
        self._stores: dict[str, list[tuple[Function, schema.Access]]] = {}
        self._sets: dict[str, list[tuple[Function, str]]] = {}
        self._names: set[str] = set()
        self._dynamic: list[tuple[Function, str]] = []
        for function in program.functions.values():
            for access in function.facts.accesses:
                if access.kind in ("write", "update") and "." in access.path:
                    name = access.path.rpartition(".")[2]
                    self._stores.setdefault(name, []).append((function, access))
        for link in calls.ending(("set", "setattr", "__setattr__", "update")):
            if not link.implicit:
                self._index(link.caller, link.call)

    def _index(self, function: Function, call: schema.Call) -> None:
        base, _, method = call.path.rpartition(".")
        if method == "set" and "." in base:
            self._sets.setdefault(base.rpartition(".")[2], []).append((function, base))
        elif call.path in ("setattr", "object.__setattr__") and len(call.args) > 1:
            if call.args[1].kind == "const":
                self._names.add(call.args[1].text.strip("'\""))
            else:
                self._dynamic.append((function, call.args[0].text))
        elif method == "update" and base.endswith(".__dict__"):
            self._dynamic.append((function, base.removesuffix(".__dict__")))

    def of(self, flag: FlagLoop) -> list[FlagWrite] | None:
        """Everything that writes the flag; None when something may that we cannot see."""
        owner = self._program.classes.get(flag.state.owner)
        name = flag.state.name
        if owner is not None and (name in self._names or _is_open(owner, name)):
            return None
        if any(_may_be(self._program, flag, function, base) for function, base in self._dynamic):
            return None
        uses = _uses(self._program, flag)
        return self._events(flag, uses) if flag.event else self._plain(flag, uses)

    def _plain(self, flag: FlagLoop, uses: list[Use]) -> list[FlagWrite] | None:
        """Assignments to the state; None if an unknown object's attribute of this name is set."""
        if "attribute" in flag.state.kind:
            for function, access in self._stores.get(flag.state.name, ()):
                harmless = truth(access.value) is (not flag.needed)
                if not harmless and states.locate(function, access.path) is None:
                    return None
        kinds = ("write", "update", "delete", "mutate")
        written = (use for use in uses if use.access.kind in kinds and not _is_declared(use))
        return [_write(use, use.access.path, _constant(use.access)) for use in written]

    def _events(self, flag: FlagLoop, uses: list[Use]) -> list[FlagWrite] | None:
        """Calls of `set` and `clear`; an event that is passed on can be set by anybody."""
        if any(not states.locate(f, base) for f, base in self._sets.get(flag.state.name, ())):
            return None
        found: list[FlagWrite] = []
        for use in uses:
            access = use.access
            if access.via in ("arg", "return", "alias") or access.path in _aliased(use.function):
                return None
            method = access.via.removeprefix(".").removesuffix("()")
            if access.kind == "write":
                made = access.value is not None and access.value.kind == "call"
                found.append(_write(use, access.path, False if made else None))
            elif method in _SETS:
                found.append(_write(use, f"{access.path}.{method}", _SETS[method]))
        return found


def _write(use: Use, path: str, value: bool | None) -> FlagWrite:
    access = use.access
    return FlagWrite(use.function, access.line, access.seq, access.ctx, use.base, path, value)


def _is_declared(use: Use) -> bool:
    """`running: bool` in a class body gives no value."""
    return use.access.value is not None and use.access.value.text == "declared"


def _constant(access: schema.Access) -> bool | None:
    """The truth of a constant that is assigned. Containers change in place: they are no flags."""
    if access.kind != "write" or access.via != "=":
        return None
    return truth(access.value) if access.value and access.value.kind == "const" else None


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


def _is_open(owner: Class, name: str) -> bool:
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


def _may_be(program: Program, flag: FlagLoop, function: Function, base: str) -> bool:
    """Can this path denote the object that has the flag? Unknown objects of the same file may."""
    owner = program.classes.get(flag.state.owner)
    found = {program.classes.get(name) for name in types.of(function, base)} if base else set()
    known = {cls for cls in found if cls is not None}
    if owner is None or not known:
        return owner is not None and function.module is flag.function.module
    return not known.isdisjoint({owner, *owner.mro, *owner.subclasses})
