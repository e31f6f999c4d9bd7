"""Which threads come to which objects of a class.

A thread that makes an object of its own and keeps it to itself counts for no other object of that
class, and one that runs on objects of a subclass counts for no sibling. So the way from a use back
to the thread is walked with the object in hand: from `self` to what the method is called on, from
a parameter to the argument, from an attribute that holds an object of its own to the object around
it, from a closure to the frame that it was made in. Where the object is not known the walk goes on
along all calls, as if it were shared.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from racecheck.analyses.made import Made, is_direct
from racecheck.analyses.phases import is_constructor
from racecheck.analyses.siblings import (
    agree,
    attribute_of,
    class_at,
    class_of,
    classes_at,
    is_own,
    may_hold,
    meet,
)
from racecheck.analyses.takers import Takers
from racecheck.facts.schema import Value
from racecheck.program import calls, names, types
from racecheck.program.model import Class, Entry, Function, Link, Program, Use
from racecheck.program.paths import root, split
from racecheck.program.tables import of

MAX_SPOTS = 600
"""Places visited for one question; beyond, all threads that come to the function count."""

MAX_OWNERS = 4
"""Owners of owners that are told apart."""

MAX_ALIASES = 3
"""Assignments of one variable to another that are followed."""

_END = 1 << 60
_LOCALS = frozenset({"threading.local", "asgiref.local.Local", "contextvars.ContextVar"})


Owners = tuple[Class | None, ...]
"""Classes of the one object that an object belongs to, of the one that this belongs to, and so on,
as far as the way tells; None where it is not known."""


class Arrival(NamedTuple):
    """A thread that comes to an object not made by itself; cls: of the object, None if any."""

    entry: Entry
    cls: Class | None
    owners: Owners = ()


class _Spot(NamedTuple):
    """A variable on the way that holds the object or what owns it; name "": it is shared.

    own: class of the object that the function is called on, as far as the way tells; its attribute
    `held` must hold an instance of `by`. goal: class of the object asked for.
    """

    function: Function
    name: str
    own: Class | None
    goal: Class | None
    held: str = ""
    by: Class | None = None
    owners: Owners = ()


class _Sought(NamedTuple):
    """An object at a path in a function, before the operation `seq`.

    own: its class. callee: the variable of the called function that gets it (None at the use).
    held and by: see `_Spot`.
    """

    function: Function
    path: str
    seq: int
    own: Class | None
    goal: Class | None
    callee: _Spot | None = None
    held: str = ""
    by: Class | None = None
    depth: int = 0
    owners: Owners = ()


_ONE_EACH: Final = frozenset(
    {
        *("submit", "Thread", "Timer", "apply_async", "start_new_thread"),
        *("run_in_executor", "to_thread"),
    }
)
"""Calls that start one run each; `map` starts many on the same object."""


class Objects:
    """Answers each question once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._made = Made()
        self._takers = Takers(program)
        self._known: dict[tuple[Function, str], tuple[Arrival, ...]] = {}
        self._own: dict[Entry, bool] = {}

    def arrivals(self, use: Use) -> tuple[Arrival, ...]:
        """Threads that come to this use with an object that they did not make."""
        function = use.function
        if not function.entries:
            return ()
        key = (function, use.base)
        known = self._known.get(key)
        if known is None:
            goal = class_at(function, use.base)
            sought = _Sought(function, use.base, use.access.seq, goal, goal)
            known = self._known[key] = self._search(sought)
        return known

    def has_its_own(self, entry: Entry) -> bool:
        """Does each start run on an object made for it: `job = Job(); pool.submit(job.run)`?"""
        known = self._own.get(entry)
        if known is None:
            starter = self._program.functions.get(entry.starts)
            known = self._own[entry] = starter is not None and self._made_for(entry, starter)
        return known

    def _made_for(self, entry: Entry, starter: Function) -> bool:
        method = entry.function.rpartition(".")[2]
        call = starter.starting(entry)
        given = (*call.args, *(v for _, v in call.keywords)) if call is not None else ()
        names = [v.text.removesuffix(f".{method}") for v in given if v.text.endswith(f".{method}")]
        if call is None or not names or call.path.rpartition(".")[2] not in _ONE_EACH:
            return False
        if not self._made.is_local(starter, names[0], entry.call):
            return False
        loop = starter.context(call.ctx).loop
        stores = (a for a in starter.facts.accesses if a.path == names[0] and a.kind == "write")
        return all(starter.context(store.ctx).loop == loop for store in stores)

    def _search(self, sought: _Sought) -> tuple[Arrival, ...]:
        work = deque(self._trace(sought))
        seen = set(work)
        found: dict[Arrival, None] = {}
        while work:
            spot = work.popleft()
            for entry in spot.function.entries:
                if entry.function == spot.function.id and self._runs_on(entry, spot):
                    found[Arrival(entry, spot.goal, _narrowed(spot))] = None
            for link in spot.function.callers:
                for nearer in self._back(link, spot):
                    if isinstance(nearer, Arrival):
                        found[nearer] = None
                    elif nearer not in seen:
                        seen.add(nearer)
                        work.append(nearer)
            if len(seen) > MAX_SPOTS:
                return tuple(Arrival(entry, None) for entry in sought.function.entries)
        # A function that very many threads come to lists some of them; the others are no news.
        return tuple(a for a in found if a.entry in sought.function.entries)

    def _runs_on(self, entry: Entry, spot: _Spot) -> bool:
        """Is the thread one of the class that the way has led to?"""
        return agree(self._program.classes.get(entry.cls), spot.own)

    # --- one call back --------------------------------------------------------------------

    def _back(self, link: Link, spot: _Spot) -> Iterator[_Spot | Arrival]:
        """What the variable is in the caller."""
        function = spot.function
        if function.facts.is_async and not link.caller.facts.is_async:
            return
        receiver = of(function).receivers.get(function)
        if not spot.name:
            yield from _control(link, spot)
        elif all(param.name != spot.name for param in function.facts.params):
            yield from self._captured(link, spot)
        elif receiver is not None and receiver.name == spot.name:
            yield from self._receiver(link, spot)
        else:
            yield from self._argument(link, spot)

    def _receiver(self, link: Link, spot: _Spot) -> Iterator[_Spot | Arrival]:
        caller, path = link.caller, link.receiver
        if link.constructs:
            return
        if not is_direct(link, spot.function) and spot.function.name == "__call__":
            path = link.call.path
        elif not path or not is_direct(link, spot.function):
            yield from self._taken(link, spot)
            return
        if path == "super()":
            receiver = of(caller).receivers.get(caller)
            path = receiver.name if receiver is not None else ""
        cls = class_at(caller, path)
        if not agree(spot.own, cls):
            return
        own = meet(spot.own, cls) if spot.own is not None and cls is not None else spot.own
        goal = own if spot.goal is spot.own else spot.goal
        held, by = attribute_of(link), spot.own
        if is_own(link):
            held, by = spot.held, spot.by
            if own is not None and not may_hold(own, held, by):
                return
        sought = _Sought(caller, path, link.call.seq, own, goal, spot, held, by)
        yield from self._trace(sought._replace(owners=_narrowed(spot._replace(own=own))))

    def _argument(self, link: Link, spot: _Spot) -> Iterator[_Spot]:
        caller, call = link.caller, link.call
        if link.implicit or call.starred:
            yield from _control(link, spot)
            return
        value = dict(calls.bound_arguments(caller, call, spot.function)).get(spot.name)
        if value is None:
            return
        if value.kind == "path":
            sought = _Sought(caller, value.text, call.seq, spot.own, spot.goal, spot)
            yield from self._trace(sought._replace(owners=spot.owners))
        elif not self._made.here(caller, value, call.line) or self._leaks(spot):
            yield _shared(caller, spot.goal, spot.owners)

    def _leaks(self, spot: _Spot | None) -> bool:
        """Does the called function make the object known to others?"""
        return spot is not None and self._made.keeps(spot.function, spot.name)

    # --- callbacks ------------------------------------------------------------------------

    def _captured(self, link: Link, spot: _Spot) -> Iterator[_Spot | Arrival]:
        """The variable of a closure is that of the frame around it."""
        home = names.binder(spot.function, spot.name)
        if home is None:
            yield from _control(link, spot)
            return
        yield spot._replace(function=home)
        if link.caller is not home and names.binder(link.caller, spot.name) is not home:
            yield from self._called_back(link, spot, [home])

    def _taken(self, link: Link, spot: _Spot) -> Iterator[_Spot | Arrival]:
        """A bound method is called under another name: its object is where it was taken."""
        found = self._takers.of(spot.function)
        if not found:
            yield from _control(link, spot)
            return
        for home, path in found:
            base = split(path)[0]
            if agree(spot.own, class_at(home, base)):
                sought = _Sought(home, base, _END, spot.own, spot.goal)
                yield from self._trace(sought._replace(owners=spot.owners))
        yield from self._called_back(link, spot, [home for home, _ in found])

    def _called_back(
        self, link: Link, spot: _Spot, homes: Iterable[Function]
    ) -> Iterator[_Spot | Arrival]:
        """Threads that call it and did not make it.

        If it is called through an attribute, the object that has the attribute must not be their
        own: they would have put it there themselves.
        """
        caller = link.caller
        owner, attribute = split(link.call.path)
        if attribute.isidentifier():
            sought = _Sought(caller, owner, link.call.seq, None, spot.goal)
            yield from self._trace(sought._replace(owners=spot.owners))
            return
        mine = {entry for home in homes for entry in home.entries}
        yield from (Arrival(e, spot.goal, spot.owners) for e in caller.entries if e not in mine)

    # --- where an object comes from -------------------------------------------------------

    def _trace(self, sought: _Sought) -> Iterator[_Spot]:
        """The variables that hold the object or what owns it; none if it is made here."""
        function, path = sought.function, sought.path
        name = root(path)
        if path and name == path:
            yield from self._variable(sought)
        elif path.endswith("()"):
            if not self._made.by_call(function, path[:-2]) or self._leaks(sought.callee):
                yield _shared(function, sought.goal, sought.owners)
        elif path and self._belongs(function, path):
            owners = (*sought.owners, *_owners(function, path))[:MAX_OWNERS]
            owner = class_at(function, name)
            yield from self._trace(sought._replace(path=name, own=owner, owners=owners))
        elif not _is_thread_local(function, path):
            shared = _shared(function, sought.goal, sought.owners)
            yield shared._replace(held=sought.held, by=sought.by)

    def _variable(self, sought: _Sought) -> Iterator[_Spot]:
        function, name = sought.function, sought.path
        receiver = of(function).receivers.get(function)
        here = _Spot(function, name, sought.own, sought.goal, sought.held, sought.by, sought.owners)
        if receiver is not None and receiver.name == name:
            if receiver.is_class:
                yield _shared(function, sought.goal, sought.owners)
            elif not is_constructor(function):
                yield here
        elif any(param.name == name for param in function.facts.params):
            yield here
        elif name in function.facts.locals:
            yield from self._local(sought)
        elif names.binder(function, name) is not None:
            yield here
        else:
            yield _shared(function, sought.goal, sought.owners)

    def _local(self, sought: _Sought) -> Iterator[_Spot]:
        function, name = sought.function, sought.path
        if self._made.is_local(function, name, sought.seq) and not self._leaks(sought.callee):
            return
        stores = types.local_stores(of(function), function, name)
        found = [_copied(store.access.value, store.access.via) for store in stores]
        if sought.depth >= MAX_ALIASES or not found or not all(found):
            yield _shared(function, sought.goal, sought.owners)
            return
        for path in found:
            yield from self._trace(sought._replace(path=path, depth=sought.depth + 1))

    def _belongs(self, function: Function, path: str) -> bool:
        """Does the object at the end belong to the one at the root, step by step?"""
        while path != root(path):
            path, last = split(path)
            owned = self._made.owned
            if last.startswith("["):
                path, last = split(path)
                owned = self._made.owned_items
            classes = classes_at(function, path) if last.isidentifier() else []
            if not classes or not all(owned(cls, last) for cls in classes):
                return False
        return True


def _shared(function: Function, goal: Class | None, owners: Owners) -> _Spot:
    return _Spot(function, "", class_of(function), goal, owners=owners)


def _owners(function: Function, path: str) -> Iterator[Class | None]:
    """The classes of the objects on the way from the end of a path to its root."""
    while path != root(path):
        path, last = split(path)
        if last.startswith("["):
            path, last = split(path)
        yield class_at(function, path)


def _narrowed(spot: _Spot) -> Owners:
    """The owners, the outermost as exactly as the way tells."""
    if not spot.owners or spot.own is None:
        return spot.owners
    *nearer, last = spot.owners
    return (*nearer, spot.own if last is None else meet(last, spot.own) or last)


def _control(link: Link, spot: _Spot) -> Iterator[_Spot]:
    """The object is shared: only the classes on the way count."""
    caller = link.caller
    mine = class_of(caller)
    if is_own(link) and is_direct(link, spot.function) and mine and spot.own:
        own = meet(spot.own, mine)
        if own is not None and may_hold(own, spot.held, spot.by):
            goal = own if spot.goal is spot.own else spot.goal
            yield spot._replace(function=caller, name="", own=own, goal=goal)
        return
    held = attribute_of(link)
    yield _Spot(caller, "", mine, spot.goal, held, spot.own if held else None, spot.owners)


def _copied(value: Value | None, via: str) -> str:
    """The path that an assignment copies; `for` takes what a container holds."""
    if value is None or value.kind != "path" or via == "with":
        return ""
    if via != "for":
        return value.text
    return value.text.removesuffix(".values()").removesuffix(".copy()") + "[*]"


def _is_thread_local(function: Function, path: str) -> bool:
    """Is some object on the path kept per thread or per task?"""
    while path:
        if not _LOCALS.isdisjoint(types.of(function, path)):
            return True
        path = split(path)[0] if path != root(path) else ""
    return False
