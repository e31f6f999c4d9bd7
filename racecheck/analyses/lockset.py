"""Which locks are surely held at a point: those taken here and those that every caller holds.

Locks keep their identity and the object they belong to. A function inherits a lock when all calls
of it that can happen on shared objects hold it: the must-hold inference of SpotBugs
(`findNotUnlockedMethods`) for private helpers, extended to any function whose callers are all
known. Of a method that nobody is known to call, the calls of its name on objects that nobody knows
are taken to be the callers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from racecheck.analyses.named import Calls, by_function
from racecheck.analyses.phases import is_construction, winds_up
from racecheck.analyses.sessions import Sessions
from racecheck.analyses.strangers import Strangers
from racecheck.facts import schema
from racecheck.program import homes, locks
from racecheck.program.model import Function, Held, Link, Lock, Program

DOCUMENTED = Held(Lock("documented", "unknown", None, "instance"), "", 0, "its documentation")
"""Held where a docstring or comment says that callers hold "the lock"."""

GUESS = "guess"
"""`Held.via` where callers are known by the method's name only."""

_ROUNDS = 6

_State = dict[str, frozenset[Held] | None]
"""What functions inherit, by their ids, as far as it is known; None: nothing is."""


class Locksets:
    """Answers `at(function, ctx)`; inherited locks are computed for the whole program at once."""

    def __init__(self, program: Program, calls: Calls, strangers: Strangers) -> None:
        self._program = program
        self._calls = calls
        self._strangers = strangers
        self._local: dict[tuple[str, int], tuple[Held, ...]] = {}
        self._inherited: dict[str, frozenset[Held]] = {}
        self._guessed: set[str] = set()
        self._sessions = Sessions(program)
        self._callers = self._counted()
        self._candidates = [program.functions[name] for name in self._callers]
        self._solve()

    def at(self, function: Function, ctx: int) -> frozenset[Held]:
        """Locks held in `function` in this context, on every call."""
        held = frozenset(self.local(function, ctx)) | self.inherited(function)
        return held.union(self._sessions.at(function, ctx, GUESS))

    def local(self, function: Function, ctx: int) -> tuple[Held, ...]:
        """Locks that the function itself (or a decorator of it) has taken, outermost first."""
        key = (function.id, ctx)
        found = self._local.get(key)
        if found is None:
            found = self._local[key] = locks.held(function, ctx)
        return found

    def inherited(self, function: Function) -> frozenset[Held]:
        """Locks that every caller holds."""
        return self._inherited.get(function.id, frozenset())

    def throughout(self, function: Function) -> frozenset[Held]:
        """Locks held for the whole body: by every caller, by decorators, by contract."""
        return self.inherited(function) | frozenset(locks.on_entry(function))

    # --- inference ------------------------------------------------------------------------

    def _counted(self) -> dict[str, list[Link]]:
        """The calls that count, by the function they come to.

        Without them nothing is known to be held, not everything.
        """
        found: dict[str, list[Link]] = {}
        lonely: list[Function] = []
        for function in self._program.functions.values():
            if function.escapes or _is_entry(function):
                continue
            links = [link for link in function.callers if _counts(link.caller, function)]
            if links:
                found[function.id] = links
            elif function.cls is not None and _only_tested(function):
                lonely.append(function)
        for function in lonely:
            links = [x for x in self._strangers.calling(function.name) if not winds_up(x.caller)]
            if links:
                found[function.id] = links
                self._guessed.add(function.id)
        return found

    def _solve(self) -> None:
        """Greatest fixpoint: start from "unknown", intersect over callers until nothing changes.

        Stopping early leaves sets that are too large, which silences and never alarms.
        """
        state: _State = {f.id: None for f in self._candidates}
        called = self._called()
        stale = set(state)
        self._settle(state, stale, called)
        # Why: methods that only call each other's names tell nothing, not even to those they call.
        circles = [f for f in self._guessed if f in state and state[f] is None]
        if circles:
            state.update(dict.fromkeys(circles, frozenset()))
            stale.update(circles, *(called.get(f, ()) for f in circles))
            self._settle(state, stale, called)
        releases = by_function(self._calls.ending(("release",)))
        for function in self._program.functions.values():
            held = state.get(function.id) or frozenset()
            if _is_claimed(function):
                held |= {DOCUMENTED}
            if function in releases:
                held |= frozenset(_given_back(releases[function])) - held
            if held:
                self._inherited[function.id] = held

    def _called(self) -> dict[str, list[str]]:
        """For each function those whose locks depend on what it holds."""
        found: dict[str, list[str]] = {}
        for name, links in self._callers.items():
            for link in links:
                found.setdefault(link.caller.id, []).append(name)
        return found

    def _settle(self, state: _State, stale: set[str], called: dict[str, list[str]]) -> None:
        """Ask those again whose callers have changed, in rounds."""
        for _ in range(_ROUNDS):
            for function in self._candidates:
                name = function.id
                if name not in stale:
                    continue
                stale.remove(name)
                new = self._meet(function, state)
                if new != state[name]:
                    state[name] = new
                    stale.update(called.get(name, ()))
            if not stale:
                break

    def _meet(self, function: Function, state: _State) -> frozenset[Held] | None:
        result: frozenset[Held] | None = None
        for link in self._callers[function.id]:
            above = self._inherited_now(link.caller, state)
            if above is None:
                continue
            held = above.union(self.local(link.caller, link.call.ctx))
            if not held:
                return held
            held = translate(link, function, held, GUESS if function.id in self._guessed else "")
            result = held if result is None else _common(result, held)
            if not result:
                return frozenset()
        return result

    @staticmethod
    def _inherited_now(function: Function, state: _State) -> frozenset[Held] | None:
        if function.id in state:
            return state[function.id]
        return frozenset({DOCUMENTED}) if _is_claimed(function) else frozenset()


def _is_claimed(function: Function) -> bool:
    """Do its documentation or its name say that the caller holds the lock?"""
    return "lock-held" in function.facts.claims or function.facts.name.endswith("_locked")


def _counts(caller: Function, callee: Function) -> bool:
    """Does the call say what is held? Not in tests, nor while the object is made or ended."""
    return not (caller.module.is_test or is_construction(caller, callee) or winds_up(caller))


def _only_tested(function: Function) -> bool:
    return all(link.caller.module.is_test for link in function.callers)


def _is_entry(function: Function) -> bool:
    return any(entry.function == function.id for entry in function.entries)


def _given_back(releases: Iterable[Link]) -> Iterator[Held]:
    """Locks that a function releases and never takes: somebody took them before it was called.

    A guess, since it may be the caller or another method, and for the time up to the release.
    """
    for link in releases:
        function, path = link.caller, link.call.path.rpartition(".")[0]
        if link.implicit or not path or _may_have_taken(function, link.call, path):
            continue
        held = homes.at(function, path)
        if held is not None:
            yield replace(held, via=GUESS)


def _may_have_taken(function: Function, call: schema.Call, path: str) -> bool:
    """Perhaps in a `with` around the release; one before it has given the lock back itself."""
    regions, context = function.facts.regions, function.context(call.ctx)
    if any(r.how in ("acquire", "try") for r in regions):
        return True
    straight = not context.tests and context.loop < 0
    inside = any(regions[i].path == path for i in context.held)
    return inside or (not straight and any(r.path == path for r in regions))


def _common(one: frozenset[Held], other: frozenset[Held]) -> frozenset[Held]:
    keys = {key(h): h for h in other}
    return frozenset(h if h.via == GUESS else keys[key(h)] for h in one if key(h) in keys)


def key(held: Held) -> tuple[str, str]:
    """Identity of a held lock: which lock, of which object."""
    return held.lock.id, held.base


def translate(link: Link, callee: Function, held: Iterable[Held], via: str = "") -> frozenset[Held]:
    """Locks held at a call, as the callee sees them: `a._lock` becomes `self._lock` in `a.m()`."""
    receiver = link.receiver
    parameters = _parameter_paths(link, callee)
    seen = set()
    for one in held:
        base = one.base
        if not base:
            seen.add(replace(one, via=via) if via else one)
            continue
        if receiver and base == receiver and callee.cls is not None:
            base = "self"
        elif receiver == "self" and base.startswith("self"):
            pass
        elif base in parameters:
            base = parameters[base]
        elif callee.parent is link.caller or callee.parent is link.caller.parent:
            pass
        elif receiver.startswith("super()") and base == "self":
            pass
        else:
            base = f"caller:{base}"
        how = GUESS if one.via == GUESS else via or link.caller.label
        seen.add(Held(one.lock, base, one.line, how))
    return frozenset(seen)


def positional(callee: Function) -> list[str]:
    """Names of the positional parameters that a call fills, without the receiver."""
    names = [p.name for p in callee.facts.params if p.kind == "pos"]
    bound = callee.cls is not None and names and names[0] in ("self", "cls")
    return names[1:] if bound else names


def _parameter_paths(link: Link, callee: Function) -> dict[str, str]:
    """Paths passed as arguments, by the parameter that receives them."""
    found = {
        value.text: name
        for name, value in zip(positional(callee), link.call.args, strict=False)
        if value.kind == "path"
    }
    found.update({v.text: k for k, v in link.call.keywords if v.kind == "path"})
    return found
