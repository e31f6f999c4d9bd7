"""How a thread comes to a function: the shortest chain of calls from an entry."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from racecheck.analyses.siblings import attribute_of, class_of, is_own, may_hold, related
from racecheck.core.finding import Step
from racecheck.core.limits import CALL_DEPTH, STEPS_PER_FINDING
from racecheck.program.model import Class, Entry, Function, Link, Program, RoleKind
from racecheck.program.tables import of

WORKERS = frozenset({RoleKind.THREAD, RoleKind.POOL, RoleKind.REQUEST, RoleKind.CALLBACK})
"""Roles of code that runs on a thread other than the main one."""

_IDENTITY = ("main_thread", "current_thread", "currentthread", "get_ident", "running_loop")
"""Parts of names of functions that say on which thread or loop this is, wrappers included."""

_WAITS = frozenset(
    {
        "wait", "wait_for", "get", "acquire", "sleep", "recv", "accept", "join", "result", "read",
        "readline", "select",
    }
)  # fmt: skip
"""Names of methods that may wait for somebody."""


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of calls: `links` lead from the function of `entry` to the one called `goal`."""

    entry: Entry
    links: tuple[Link, ...] = ()
    goal: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Where the thread is started, and every call on the way, outermost first."""
        start = Step("start", self.entry.place, note=f"{self.entry.how} starts {self._name}")
        calls = [
            Step(
                "call",
                link.caller.place(link.call.line, link.call.path),
                link.caller.label,
                self.entry.how,
                note=f"{link.caller.label} calls {link.call.path}()",
            )
            for link in self.links
        ]
        return (start, *calls)[:STEPS_PER_FINDING]

    @property
    def _name(self) -> str:
        return self.entry.function.rpartition(":")[2]

    @property
    def text(self) -> str:
        """`Worker.run -> Worker.step -> confirm`, for an evidence line."""
        names = [self._name]
        names += [link.caller.label for link in self.links[1:]]
        if self.links:
            names.append(self.goal or self.links[-1].targets[0].label)
        return " -> ".join(names)


class _On(NamedTuple):
    """The object that a function on the way is called on, as far down as the way needs it.

    Its `attribute` must hold an instance of `held`, through which the way goes on.
    """

    cls: Class | None
    attribute: str = ""
    held: Class | None = None


def ways_to(
    program: Program, function: Function, roles: frozenset[RoleKind] = WORKERS
) -> Iterator[Way]:
    """One shortest way from every entry with one of these roles, nearest entries first.

    Calls made under a test of which thread this is are not followed, nor calls of coroutine
    functions: those only make an object. Neither are calls that may mean several functions, unless
    on the own object, nor threads that tests start on production code.
    """
    if not function.roles & roles:
        return
    entries = _entries(program, roles, function.module.is_test)
    chains: dict[str, tuple[Link, ...]] = {function.id: ()}
    objects = {function.id: _On(class_of(function))}
    queue = deque([function])
    while queue:
        current = queue.popleft()
        for entry in entries.get(current.id, ()):
            yield Way(entry, chains[current.id], function.label)
        if len(chains[current.id]) >= CALL_DEPTH:
            continue
        for link in sorted(current.callers, key=_order):
            caller = link.caller
            if (
                caller.id in chains
                or not _runs(link, current)
                or asks_for_thread(caller, link.call.ctx)
                or _is_sibling(link, current, objects[current.id])
            ):
                continue
            objects[caller.id] = _object(link, current, objects[current.id])
            chains[caller.id] = (link, *chains[current.id])
            queue.append(caller)


def way_to(
    program: Program, function: Function, roles: frozenset[RoleKind] = WORKERS
) -> Way | None:
    """The shortest way from an entry with one of these roles to `function`, if there is one."""
    return next(ways_to(program, function, roles), None)


def asks_for_thread(function: Function, ctx: int) -> bool:
    """Does this place stand under a test that asks which thread it is on?"""
    return under_test(function, ctx, _is_identity)


def _is_identity(link: Link) -> bool:
    name = _last(link.call.path).lower()
    return any(word in name for word in _IDENTITY)


def on_same_object(
    body: Function, follow: Callable[[Link], bool] = lambda link: True
) -> Iterator[tuple[tuple[Link, ...], Function]]:
    """The body and the methods it calls on its own object, each with the calls that lead there."""
    seen = {body}
    queue: deque[tuple[tuple[Link, ...], Function]] = deque([((), body)])
    while queue:
        links, function = queue.popleft()
        yield links, function
        receiver = of(function).receivers.get(function)
        if receiver is None or receiver.is_class or len(links) >= CALL_DEPTH:
            continue
        for link in function.calls:
            own = link.receiver in (receiver.name, "super()") and link.implicit in ("", "property")
            if own and follow(link):
                fresh = [t for t in link.targets if t not in seen]
                seen.update(fresh)
                queue.extend(((*links, link), target) for target in fresh)


def runs_before(function: Function, seq: int) -> set[Function]:
    """All functions that calls before this point may run."""
    work = [t for link in function.calls if link.call.seq < seq for t in link.targets]
    found: set[Function] = set()
    while work:
        current = work.pop()
        if current not in found:
            found.add(current)
            work += [target for link in current.calls for target in link.targets]
    return found


def waits_before(function: Function, seq: int) -> bool:
    """Is there a call before this point that may wait for another thread, or leads to one?"""
    return any(
        link.call.seq < seq
        and (_may_wait(link.call.path) or any(map(_waits_somewhere, link.targets)))
        for link in function.calls
    )


def _waits_somewhere(function: Function) -> bool:
    return any(_may_wait(call.path) for call in function.facts.calls)


def _may_wait(path: str) -> bool:
    return _last(path) in _WAITS


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def under_test(function: Function, ctx: int, accept: Callable[[Link], bool]) -> bool:
    """Is this place control-dependent on a test that makes an accepted call, or uses its result?"""
    tests = function.tests(ctx)
    if not tests:
        return False
    asked = [link for link in function.calls if accept(link)]
    if any(t.first <= link.call.seq < t.last for t in tests for link in asked):
        return True
    names = {link.call.into for link in asked if link.call.use == "bind"}
    return any(name in t.names or name == t.target for t in tests for name in names if name)


def _entries(program: Program, roles: frozenset[RoleKind], tests: bool) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in program.entries:
        starter = program.functions.get(entry.starts)
        if entry.role in roles and (tests or starter is None or not starter.module.is_test):
            found.setdefault(entry.function, []).append(entry)
    return found


def _runs(link: Link, target: Function) -> bool:
    """Does this call surely run the body of `target` on the caller's thread?"""
    if len(link.targets) > 1 and link.receiver not in ("self", "cls", "super()", ""):
        return False
    if not target.facts.is_async:
        return True
    return link.call.use == "await" or link.caller.facts.is_async


def _is_bound(link: Link, target: Function) -> bool:
    """Does the call go on with the object of the caller? Its closures and own callbacks do."""
    return is_own(link) or target.parent is not None or not link.receiver


def _is_sibling(link: Link, target: Function, on: _On) -> bool:
    """Does the call come from another subclass of the same base? Its objects are others."""
    caller = class_of(link.caller)
    if on.cls is None or caller is None or not _is_bound(link, target):
        return False
    if related(caller, on.cls):
        own = _object(link, target, on).cls or caller
        return not may_hold(own, on.attribute, on.held)
    return not set(caller.mro).isdisjoint(on.cls.mro)


def _object(link: Link, target: Function, on: _On) -> _On:
    """The object of the caller, most derived: the same one if it calls itself."""
    caller = class_of(link.caller)
    if _is_bound(link, target) and caller is not None and on.cls is not None:
        if caller in on.cls.mro:
            return on
        if on.cls in caller.mro:
            return on._replace(cls=caller)
    return _On(caller, attribute_of(link), on.cls)


def _order(link: Link) -> tuple[str, int]:
    return link.caller.id, link.call.seq
