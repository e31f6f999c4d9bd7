"""Critical pairs: what happens while which locks are held (Infer's starvation checker, ASE 2021).

A pair is (locks held, event, how we came there). Events are acquisitions, blocking calls, and calls
of unknown callbacks. Summaries are joined bottom-up over resolved calls, with the receiver of each
call substituted, so that `self._lock` of the callee is `self.conn._lock` of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from racecheck.analyses import infeasible
from racecheck.analyses.lockset import Locksets, positional
from racecheck.catalog.models import Models
from racecheck.core.limits import CALL_DEPTH, PAIRS_PER_FUNCTION
from racecheck.facts import schema
from racecheck.program import locks
from racecheck.program.model import Function, Held, Link, Program


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in `function` at `line`.

    kind: `acquire` (of `lock`), `block` (`name` is the qualified name of the blocking call, `what`
    says what it does). `tries`: the acquisition gives up instead of waiting. ctx: -1 if not known.
    """

    kind: str
    function: Function
    line: int
    lock: Held | None = None
    name: str = ""
    what: str = ""
    mark: str = ""
    tries: bool = False
    receiver: str = ""
    ctx: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """An event with the locks held at it, seen from the function at the start of `trail`.

    trail: the calls from the summarised function to the event's function, outermost first. The
    locks in `held` and the event's lock speak in terms of that function. own: those it holds
    itself, the rest is taken on the way.
    """

    held: tuple[Held, ...]
    event: Event
    lock: Held | None
    trail: tuple[Link, ...] = ()
    own: tuple[Held, ...] = ()


class Critical:
    """Summaries of all functions, each computed once."""

    def __init__(self, program: Program, models: Models, locksets: Locksets) -> None:
        self._program = program
        self._models = models
        self._locksets = locksets
        self._summaries: dict[str, tuple[Pair, ...]] = {}
        self._open: set[str] = set()
        self._everything: list[tuple[Function, Pair]] | None = None

    def pairs(self, function: Function) -> tuple[Pair, ...]:
        """All critical pairs of a function and its callees; held: the locks taken from it on."""
        known = self._summaries.get(function.id)
        if known is not None:
            return known
        if function.id in self._open or len(self._open) > CALL_DEPTH * 4:
            return ()
        self._open.add(function.id)
        found = list(self._own(function))
        for link in function.calls:
            if len(found) > PAIRS_PER_FUNCTION:
                break
            if link.targets:
                found.extend(self._through(function, link))
        self._open.discard(function.id)
        self._summaries[function.id] = result = tuple(found[:PAIRS_PER_FUNCTION])
        return result

    def everything(self) -> Sequence[tuple[Function, Pair]]:
        """All pairs of all functions outside of tests, in stable order."""
        if self._everything is None:
            self._everything = [
                (function, pair)
                for function in self._program.functions.values()
                if not function.module.is_test
                for pair in self.pairs(function)
            ]
        return self._everything

    # --- events of one function -----------------------------------------------------------

    def _own(self, function: Function) -> Iterator[Pair]:
        yield from self._acquisitions(function)
        for link in function.calls:
            model = self._models.blocking.get(link.external) if link.external else None
            if model is None:
                continue
            call = link.call
            if model.unless_argument and any(k == model.unless_argument for k, _ in call.keywords):
                continue
            if 0 <= model.unless_position < len(call.args) or _does_not_wait(call):
                continue
            event = Event(
                "block", function, call.line, None, link.external, model.what, call.path,
                receiver=link.receiver, ctx=call.ctx,
            )  # fmt: skip
            held = self._locksets.local(function, call.ctx)
            yield Pair(held, event, None, (), held)

    def _acquisitions(self, function: Function) -> Iterator[Pair]:
        facts = function.facts
        for index, region in enumerate(facts.regions):
            taken = locks.region(function, region)
            if not taken:
                continue
            held = self._held_before(function, index)
            for lock in taken:
                tries = region.how == "try" or self._gives_up(function, region.path, region.line)
                event = Event("acquire", function, region.line, lock, mark=region.path, tries=tries)
                yield Pair(held, event, lock, (), held)

    @staticmethod
    def _gives_up(function: Function, path: str, line: int) -> bool:
        """Is this `acquire` call non-blocking or timed?"""
        return any(
            c.line == line and c.path.startswith(path + ".acquire") and (c.args or c.keywords)
            for c in function.facts.calls
        )

    @staticmethod
    def _held_before(function: Function, index: int) -> tuple[Held, ...]:
        """Locks held when this region begins: older regions of the first context that has it."""
        facts = function.facts
        for context in facts.contexts:
            if index in context.held:
                older = [i for i in context.held if i < index]
                found: list[Held] = []
                for i in older:
                    found.extend(locks.region(function, facts.regions[i]))
                return tuple(found)
        return ()

    # --- events of callees ----------------------------------------------------------------

    def _through(self, function: Function, link: Link) -> Iterator[Pair]:
        if link.call.use == "await" and not function.facts.is_async:
            return
        for target in link.targets[:3]:
            if target.facts.is_generator or (target.facts.is_async and link.call.use != "await"):
                continue
            pairs = self.pairs(target)
            if not pairs:
                continue
            here = self._locksets.local(function, link.call.ctx)
            known = infeasible.given(link, target)
            for pair in pairs:
                event = pair.event
                if len(pair.trail) >= CALL_DEPTH or infeasible.blocked(
                    target, known, pair.trail, event.function, event.ctx
                ):
                    continue
                held = (*here, *(outward(h, link, target) for h in pair.held))
                lock = outward(pair.lock, link, target) if pair.lock else None
                yield Pair(held, event, lock, (link, *pair.trail), here)


def _does_not_wait(call: schema.Call) -> bool:
    """`get(block=False)`, `acquire(blocking=False)`, `wait(timeout=0)`, `sleep(0)`."""
    asked = [v.text for k, v in call.keywords if k in ("block", "blocking", "timeout")]
    if call.path.rpartition(".")[2] == "sleep":
        asked += [v.text for v in call.args]
    return any(text in ("False", "0", "0.0") for text in asked)


def outward(held: Held, link: Link, callee: Function) -> Held:
    """A lock in terms of the callee, as its caller sees it."""
    base = held.base
    if not base:
        return held
    first, dot, rest = base.partition(".")
    if first in ("self", "cls") and callee.cls is not None:
        receiver = "self" if link.receiver.startswith("super()") else link.receiver
        base = f"{receiver}{dot}{rest}" if receiver else f"new:{base}"
    elif callee.parent is not None and callee.parent is link.caller:
        pass
    else:
        base = argument_path(first, link, callee)
        base = f"{base}{dot}{rest}" if base else f"callee:{held.base}"
    return Held(held.lock, base, held.line, held.via)


def argument_path(name: str, link: Link, callee: Function) -> str:
    """The path passed for a parameter."""
    for key, value in link.call.keywords:
        if key == name and value.kind == "path":
            return value.text
    names = positional(callee)
    if name in names and (at := names.index(name)) < len(link.call.args):
        value = link.call.args[at]
        return value.text if value.kind == "path" else ""
    return ""


def same_lock(one: Held, other: Held) -> bool:
    """Surely the same lock object, within one thread."""
    if one.lock.id != other.lock.id or one.lock.many or other.lock.many:
        return False
    return one.lock.scope != "instance" or (one.base == other.base and ":" not in one.base)


def probed(pair: Pair) -> frozenset[str]:
    """Locks that a function on the way tries without waiting: it goes on if they are free."""
    functions = {link.caller.id: link.caller for link in pair.trail}
    found: set[str] = set()
    for function in functions.values():
        for region in function.facts.regions:
            if region.how == "try":
                found.update(h.lock.id for h in locks.region(function, region))
    return frozenset(found)


def thread_locks(held: Iterable[Held]) -> tuple[Held, ...]:
    """Those that exclude threads and whose kind is known."""
    return tuple(h for h in held if not h.lock.is_async and h.lock.kind not in ("unknown", "file"))
