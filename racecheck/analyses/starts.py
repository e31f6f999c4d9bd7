"""Thread objects: where they are made, what runs on them, and where somebody calls start()."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from racecheck.analyses.named import Calls
from racecheck.catalog.models import EntryModel, Models
from racecheck.facts.schema import Value
from racecheck.program import calls, types
from racecheck.program.model import Class, Function, Link, Program
from racecheck.program.paths import root
from racecheck.program.tables import of

if TYPE_CHECKING:
    from racecheck.analyses.suite import Study


@dataclass(frozen=True, slots=True)
class Made:
    """A call that makes a thread object (Thread, Timer, Process, or a project subclass of one).

    kind: the public name of the library class. target: the argument that says what to run, if there
    is one. bodies: the functions that will run, empty when not known. cls: the project subclass.
    """

    link: Link
    kind: str
    target: Value | None = None
    bodies: tuple[Function, ...] = ()
    cls: Class | None = None

    @property
    def function(self) -> Function:
        """Where it is made."""
        return self.link.caller


@dataclass(frozen=True, slots=True)
class Start:
    """A call of start() and what then runs.

    owner: the path, where start() is called, of the object that `body` knows as `self`; "" if none.
    made: the call that made the thread, where it is known.
    """

    link: Link
    body: Function
    owner: str = ""
    made: Made | None = None

    @property
    def function(self) -> Function:
        """Where start() is called."""
        return self.link.caller

    @property
    def how(self) -> str:
        """The evidence, as people write it."""
        if self.made is not None and self.made.target is not None:
            name = self.made.kind.rpartition(".")[2]
            return f"{name}(target={self.made.target.text or self.body.name})"
        return f"{self.link.call.path}()"


class Threads:
    """All thread objects of a program and their starts. `calls`: every call of start() on one."""

    def __init__(self, program: Program, models: Models, named: Calls) -> None:
        self.program = program
        self.kinds: dict[str, EntryModel] = {
            name: row for name, rows in sorted(models.entries.items()) for row in rows if row.start
        }
        self.made: list[Made] = []
        self._bound: dict[tuple[str, str], list[Made]] = {}
        classes = (cls.id for cls in program.classes.values() if self.kind_of(cls))
        for link in named.of((*self.kinds, *classes)):
            if made := self._made(link):
                self.made.append(made)
                self._bind(made)
        self.calls = list(self._start_links(named))
        self.starts: list[Start] = [s for link in self.calls for s in self._starts(link)]

    def kind_of(self, cls: Class) -> str:
        """The library thread class that a project class derives from, "" when it does not."""
        return next((name for name in self.kinds if name in cls.externals), "")

    def of_body(self, body: Function) -> list[Start]:
        """The starts that run this function."""
        return [start for start in self.starts if start.body is body]

    # --- making ---------------------------------------------------------------------------

    def _made(self, link: Link) -> Made | None:
        if link.external in self.kinds and not link.constructs:
            row = self.kinds[link.external]
            target = calls.argument(link.call, row.position, row.argument)
            return Made(link, link.external, target, self._targets(link, target))
        cls = self.program.classes.get(link.constructs)
        kind = self.kind_of(cls) if cls else ""
        if cls is None or not kind:
            return None
        row = self.kinds[kind]
        if run := cls.find_method(row.override):
            return Made(link, kind, None, (run,), cls)
        target = calls.argument(link.call, -1, row.argument)
        return Made(link, kind, target, self._targets(link, target), cls)

    @staticmethod
    def _targets(link: Link, target: Value | None) -> tuple[Function, ...]:
        return calls.callables(link.caller, target, link.call.line) if target else ()

    def _bind(self, made: Made) -> None:
        """Remember under which path the object is kept: a local of the function or an attribute."""
        for path in names_of(made):
            self._bound.setdefault((self._scope(made.function, path), path), []).append(made)

    @staticmethod
    def _scope(function: Function, path: str) -> str:
        receiver = of(function).receivers.get(function)
        if receiver is not None and root(path) == receiver.name and "." in path:
            return receiver.cls.mro[-1].id if receiver.cls.mro else receiver.cls.id
        return function.id

    # --- starting -------------------------------------------------------------------------

    def _start_links(self, named: Calls) -> Iterator[Link]:
        names = {f"{kind}.{row.start}" for kind, row in self.kinds.items()}
        methods = {row.start for row in self.kinds.values()}
        for link in named.ending(methods):
            if not link.receiver or link.receiver == "super()":
                continue
            if link.external in names or any(
                t.cls is not None and self.kind_of(t.cls) for t in link.targets
            ):
                yield link

    def _starts(self, link: Link) -> Iterator[Start]:
        function = link.caller
        receiver = of(function).receivers.get(function)
        if receiver is not None and link.receiver == receiver.name:
            yield from self._of_class(link, receiver.cls)
            return
        if made := self.behind(function, link.receiver, link.call.seq):
            for body in made.bodies:
                yield Start(link, body, _owner(made, body, link.receiver), made)
            return
        for name in sorted(types.of(function, link.receiver)):
            if cls := self.program.classes.get(name):
                yield from self._of_class(link, cls)

    def _of_class(self, link: Link, cls: Class) -> Iterator[Start]:
        kind = self.kind_of(cls)
        run = cls.find_method(self.kinds[kind].override) if kind else None
        if run is not None:
            yield Start(link, run, link.receiver)

    def behind(self, function: Function, path: str, seq: int) -> Made | None:
        """The call that made the thread which `path` holds at this point, if there is only one."""
        if path.endswith("()"):
            near = [
                m
                for m in self.made
                if m.function is function and m.link.call.seq < seq and m.link.call.use == "chain"
            ]
            found = [m for m in near if m.link.call.path == path[:-2]][-1:]
        else:
            found = self._bound.get((self._scope(function, path), path), [])
            here = [m for m in found if m.function is function and m.link.call.seq < seq]
            found = here[-1:] or found
        return found[0] if len(found) == 1 else None


def names_of(made: Made) -> tuple[str, ...]:
    """All paths that the object is stored under where it is made: `self._thread = t = Thread()`."""
    call = made.link.call
    if call.use != "bind":
        return ()
    also = (
        a.path
        for a in made.function.facts.accesses
        if a.line == call.line and a.kind == "write" and a.value is not None
        if a.value.kind == "call" and a.value.text == call.path
    )
    return tuple(dict.fromkeys((call.into, *also)))


def _owner(made: Made, body: Function, receiver: str) -> str:
    """The object that the body runs on, as the function that makes the thread calls it."""
    if made.cls is not None and made.target is None:
        return receiver
    if body.cls is None:
        known = of(body).receivers.get(body)
        return known.name if known is not None else ""
    if made.target is not None and made.target.kind == "path":
        return made.target.text.rpartition(".")[0]
    return ""


_KNOWN: WeakKeyDictionary[Study, Threads] = WeakKeyDictionary()


def threads(study: Study) -> Threads:
    """The thread objects of a study; worked out when the first check asks."""
    found = _KNOWN.get(study)
    if found is None:
        found = _KNOWN[study] = Threads(study.program, study.models, study.calls)
    return found
