"""Queues by identity: who joins them, who takes items, who says that an item is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from racecheck.analyses.named import Calls
from racecheck.facts.schema import Value
from racecheck.program import calls, names, states
from racecheck.program.model import Entry, Function, Link, Program

JOINABLE = frozenset(
    {
        "queue.Queue", "queue.LifoQueue", "queue.PriorityQueue", "asyncio.Queue",
        "asyncio.LifoQueue", "asyncio.PriorityQueue", "multiprocessing.JoinableQueue",
        "multiprocessing.queues.JoinableQueue",
    }
)  # fmt: skip

Identity = object
_METHODS = frozenset({"join", "get", "get_nowait", "task_done", "put", "put_nowait"})
_DEPTH = 4


@dataclass(slots=True)
class QueueUse:
    """All resolved calls on one queue."""

    joins: list[Link] = field(default_factory=list)
    gets: list[Link] = field(default_factory=list)
    dones: list[Link] = field(default_factory=list)
    puts: list[Link] = field(default_factory=list)


class Queues:
    """The queues of a program that somebody joins, and what is done with them."""

    def __init__(self, program: Program, calls: Calls) -> None:
        self._program = program
        self.uses: dict[Identity, QueueUse] = {}
        self.strange_done = False
        self._entries: dict[str, list[Entry]] = {}
        for entry in program.entries:
            self._entries.setdefault(entry.function, []).append(entry)
        for link in calls.on(JOINABLE):
            self._add_known(link)
        for link in calls.ending(_METHODS):
            if link.receiver and not (link.external or link.targets or link.constructs):
                self._add_unknown(link)

    def _add_known(self, link: Link) -> None:
        """A method of an object whose type is known to be a queue."""
        method = link.external.rpartition(".")[2]
        for identity in self.identities(link.caller, link.receiver):
            self._record(self.uses.setdefault(identity, QueueUse()), method, link)

    def _add_unknown(self, link: Link) -> None:
        """A call on an argument that turns out to be one of the queues."""
        method = link.call.path.rpartition(".")[2]
        known = [i for i in self.identities(link.caller, link.receiver) if i in self.uses]
        for identity in known:
            self._record(self.uses[identity], method, link)
        self.strange_done = self.strange_done or (method == "task_done" and not known)

    @staticmethod
    def _record(use: QueueUse, method: str, link: Link) -> None:
        if method == "join":
            use.joins.append(link)
        elif method in ("get", "get_nowait"):
            use.gets.append(link)
        elif method == "task_done":
            use.dones.append(link)
        elif method in ("put", "put_nowait"):
            use.puts.append(link)

    def identities(self, function: Function, path: str, depth: int = 0) -> Iterator[Identity]:
        """The queues that a path may be: a state, a local, or what a parameter is given."""
        found = states.locate(function, path) if path else None
        if found is not None:
            yield found[0]
            return
        scope = names.binder(function, path) if path.isidentifier() else None
        if scope is None:
            return
        positions = [p.name for p in scope.facts.params]
        if path not in positions or depth > _DEPTH:
            yield (scope.id, path)
            return
        for caller, value in self._given(scope, path):
            if value.kind == "path":
                yield from self.identities(caller, value.text, depth + 1)

    def _given(self, function: Function, name: str) -> Iterator[tuple[Function, Value]]:
        """The arguments for a parameter, by calls and by threads that run the function."""
        for link in function.callers:
            for param, value in calls.bound_arguments(link.caller, link.call, function):
                if param == name:
                    yield link.caller, value
        params = [p.name for p in function.facts.params]
        index = params.index(name) - (1 if function.cls is not None else 0)
        for entry in self._entries.get(function.id, ()):
            starter = self._program.functions.get(entry.starts)
            if starter is None or index < 0:
                continue
            for call in starter.facts.calls:
                if call.seq == entry.call:
                    args = calls.argument(call, -1, "args")
                    if args is not None and index < len(args.parts):
                        yield starter, args.parts[index]
