"""RC119: a thread started in `__init__` reads what is assigned only afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.reach import on_same_object, runs_before, under_test, waits_before
from racecheck.analyses.starts import Start, Threads, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import CATCH_ALL, Access
from racecheck.program.model import Class, Function, Link
from racecheck.program.tables import of

CODES = ("RC119",)
_CATCH = CATCH_ALL | {"AttributeError"}


@dataclass(frozen=True, slots=True)
class Begin:
    """Where in an `__init__` the thread may begin: start(), or the `__init__` of the base."""

    init: Function
    cls: Class
    seq: int
    line: int
    start: Start
    link: Link


def find(study: Study) -> Iterator[Finding]:
    """Late assignments in constructors that start threads on their own object."""
    known = threads(study)
    seen: set[tuple[str, str]] = set()
    for start in known.starts:
        for begin in _begins(start):
            if _is_open(begin.cls, known) or begin.init.context(begin.link.call.ctx).held:
                continue
            reads = _reads(begin)
            for write in _late_writes(begin):
                name = write.path.partition(".")[2]
                key = (begin.init.id, name)
                if name in reads and key not in seen and not _exists(begin, name):
                    seen.add(key)
                    yield _report(study, begin, write, reads[name])


def _begins(start: Start) -> Iterator[Begin]:
    """The constructor that starts, and those of subclasses that call it and go on."""
    init = start.function
    receiver = of(init).receivers.get(init)
    if init.name != "__init__" or init.cls is None or receiver is None:
        return
    if start.owner != receiver.name:
        return
    call = start.link.call
    yield Begin(init, init.cls, call.seq, call.line, start, start.link)
    for sub in init.cls.subclasses:
        own = sub.methods.get("__init__")
        link = next((x for x in own.calls if init in x.targets), None) if own else None
        if own is not None and link is not None and link.call.path.endswith(".__init__"):
            yield Begin(own, sub, link.call.seq, link.call.line, start, link)


def _is_open(cls: Class, known: Threads) -> bool:
    """May attributes come from somewhere we cannot see?"""
    if cls.opaque or any(cls.find_method(n) for n in ("__getattr__", "__getattribute__")):
        return True
    if any(base.facts.metaclass for base in cls.mro):
        return True
    return not cls.externals <= known.kinds.keys()


# --- what the thread reads --------------------------------------------------------------------


def _reads(begin: Begin) -> dict[str, tuple[Function, Access]]:
    """Attributes that the thread reads on the object without waiting for anything first."""
    found: dict[str, tuple[Function, Access]] = {}
    for links, function in on_same_object(_body(begin)):
        if not _belongs(function, begin.cls) or any(map(_waited, links)):
            continue
        receiver = of(function).receivers.get(function)
        if receiver is None:
            continue
        prefix = f"{receiver.name}."
        written: set[str] = set()
        for access in function.facts.accesses:
            name = access.path.removeprefix(prefix).partition(".")[0].partition("[")[0]
            if not access.path.startswith(prefix):
                continue
            if access.kind == "write" and access.path == prefix + name:
                written.add(name)
            elif name not in written and not _is_guarded(function, access):
                found.setdefault(name, (function, access))
    return found


def _body(begin: Begin) -> Function:
    """The method that runs on the thread of an object of exactly this class."""
    body = begin.start.body
    if body.cls is not None:
        return begin.cls.find_method(body.name) or body
    return body


def _belongs(function: Function, cls: Class) -> bool:
    """Is this the method that an object of the class has?"""
    if function.cls is None:
        return True
    return function.cls in cls.mro


def _waited(link: Link) -> bool:
    return waits_before(link.caller, link.call.seq)


def _is_guarded(function: Function, access: Access) -> bool:
    context = function.context(access.ctx)
    if not _CATCH.isdisjoint(context.catches) or waits_before(function, access.seq):
        return True
    return under_test(function, access.ctx, lambda link: link.call.path == "hasattr")


# --- what comes too late ----------------------------------------------------------------------


def _late_writes(begin: Begin) -> Iterator[Access]:
    """Assignments to attributes behind the start, in the constructor itself."""
    for access in begin.init.facts.accesses:
        own = access.path.startswith("self.") and access.path.count(".") == 1
        if not own or access.seq < begin.seq or access.kind != "write":
            continue
        if begin.init.context(access.ctx).part != "except":
            yield access


def _exists(begin: Begin, name: str) -> bool:
    """Does the object have the attribute before the thread starts?"""
    cls = begin.cls
    if any(name in base.methods for base in cls.mro):
        return True
    tables = cls.module.tables
    for base in cls.mro:
        for store in tables.stores.get(base, {}).get(name, ()) if tables else ():
            if store.access.kind == "mutate":
                continue
            late = store.function is begin.init and store.access.seq > begin.seq
            if not late and _may_come_first(begin, store.function):
                return True
    return False


def _may_come_first(begin: Begin, function: Function) -> bool:
    """Can this function have run before the thread? Its own body, the class body, earlier calls."""
    if function is begin.init or function.name == "<class>":
        return True
    if function in runs_before(begin.init, begin.seq):
        return True
    first = begin.start.function
    if begin.init is first:
        return False
    return function is first or function in runs_before(first, begin.start.link.call.seq)


# --- the finding ------------------------------------------------------------------------------


def _report(study: Study, begin: Begin, write: Access, read: tuple[Function, Access]) -> Finding:
    reader, access = read
    name = write.path
    init, start = begin.init, begin.start
    steps = [
        Step(
            "write",
            init.place(write.line, name),
            init.label,
            note="until here the attribute does not exist",
        ),
        Step(
            "start",
            init.place(begin.line, begin.link.call.path),
            init.label,
            note="from here on the thread may run",
        ),
        Step(
            "read",
            reader.place(access.line, access.path),
            reader.label,
            start.how,
            note="AttributeError when the thread is first",
        ),
    ]
    if begin.link is not start.link:
        place = start.function.place(start.link.call.line, start.link.call.path)
        steps.insert(2, Step("start", place, start.function.label, note="the base starts it"))
    return study.finding(
        "RC119",
        f"{begin.cls.name}.{name.partition('.')[2]}",
        f"`{name}` is assigned after the thread that reads it was started",
        steps,
        evidence=[f"{start.how} runs `{start.body.label}`, started at line {begin.line}"],
    )
