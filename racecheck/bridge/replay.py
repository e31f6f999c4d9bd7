"""Reads a trace and tells observers again what they were told, so that they find it again.

Observers are those of the runtime. Objects, locks and threads are stand-ins: observers tell them
apart and ask for nothing else.
"""

from __future__ import annotations

import ast
import base64
import json
import marshal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any, Final, NamedTuple

from racecheck.core.errors import UsageError
from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.runtime import births
from racecheck.runtime.chains import Link
from racecheck.runtime.changes import Change
from racecheck.runtime.observers.lock_order import Observer as LockOrder
from racecheck.runtime.observers.races import Observer as Races
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.recorder import FORMAT, VERSION
from racecheck.runtime.sites import Access, Asked, Mode, Role, Site, What
from racecheck.runtime.stacks import Stack
from racecheck.runtime.threads import Origin as Start
from racecheck.runtime.threads import ThreadState, threads

_ENUMS: Final = {"what": What, "mode": Mode, "role": Role}


class Lock(NamedTuple):
    """A lock as chains and reports see it."""

    number: int
    made: Stack
    kind: str


class Replay:
    """A trace that was read. `complete`: the run came to its end before the trace did."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._options = options
        self.complete = False
        self.cut = False
        self.blocked: dict[int, str] = {}
        self._found: list[Finding] = []
        self._gates = len(threads.on_gate)
        self._races = Races(options)
        del threads.on_gate[self._gates :]
        self._task: _Thing | None = None
        self._races.task = lambda: self._task
        self._order = LockOrder(options)
        self._codes: dict[int, CodeType] = {}
        self._stacks: dict[int, Stack] = {0: ()}
        self._sites: dict[int, Site] = {}
        self._locks: dict[int, Lock] = {}
        self._links: dict[int, Link] = {}
        self._objects: dict[int, Any] = {}
        self._things: dict[int, Any] = {}
        self._threads: dict[int, ThreadState] = {}
        self._kinds: dict[str, type] = {}

    def findings(self) -> list[Finding]:
        """What the observers found again, and what others had found."""
        self._take()
        found: dict[Any, Finding] = {}
        for finding in self._found:
            found.setdefault((finding.fingerprint, finding.message), finding)
        return sorted(found.values(), key=lambda f: f.order)

    def faults(self) -> list[str]:
        """None: a line that cannot be understood ends the reading."""
        return []

    def limits(self) -> list[str]:
        """What is not known because the run was cut off."""
        said = [*self._races.limits(), *self._order.limits()]
        if not self.complete:
            said.append("the run was cut off: what it left behind is not known")
        return said

    def tell(self, event: dict[str, Any]) -> None:
        """One line of the trace."""
        told: Callable[[dict[str, Any]], None] | None = getattr(self, f"_on_{event['k']}", None)
        if told is None:
            raise ValueError(f"unknown event {event['k']!r}")
        told(event)

    def _take(self) -> None:
        self._found += self._races.findings(self._options)
        self._found += self._order.findings(self._options)

    def _on_code(self, event: dict[str, Any]) -> None:
        code = marshal.loads(base64.b64decode(event["data"]))  # noqa: S302 - as of a .pyc
        if not isinstance(code, CodeType):
            raise ValueError("no code")
        self._codes[event["i"]] = code

    def _on_stack(self, event: dict[str, Any]) -> None:
        frames = tuple((self._codes[number], offset) for number, offset in event["frames"])
        self._stacks[event["i"]] = frames

    def _on_site(self, event: dict[str, Any]) -> None:
        accesses = tuple(_access(one) for one in event["accesses"])
        number, line = event["i"], event["line"]
        self._sites[number] = Site(number, event["path"], event["function"], line, (), accesses)

    def _on_lock(self, event: dict[str, Any]) -> None:
        self._locks[event["i"]] = Lock(event["i"], self._stacks[event["made"]], event["kind"])

    def _on_link(self, event: dict[str, Any]) -> None:
        lock, above, stack, clock = event["of"]
        link = Link(self._locks[lock], self._links.get(above), self._stacks[stack], clock)
        self._links[event["i"]] = link

    def _on_object(self, event: dict[str, Any]) -> None:
        name = event["kind"]
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = type(name, (), {})
        made = self._objects[event["i"]] = kind()
        births.remember(made, self._stacks[event["made"]])

    def _on_thread(self, event: dict[str, Any]) -> None:
        thread = self._threads.get(event["i"])
        if thread is None:
            thread = self._threads[event["i"]] = ThreadState(event["name"])
            thread.number = event["i"]
        thread.name, thread.slot = event["name"], event["slot"]
        thread.known = {int(slot): clock for slot, clock in event["known"].items()}
        thread.hard = {int(slot): clock for slot, clock in event["hard"].items()}
        thread.origin, thread.job = self._start(event["origin"]), self._start(event["job"])

    def _start(self, told: list[Any] | None) -> Start | None:
        if told is None:
            return None
        how, starter, stack = told
        return Start(how, starter, self._stacks[stack])

    def _now(self, event: dict[str, Any]) -> ThreadState:
        thread = self._threads[event["n"]]
        thread.clock = event["c"]
        thread.chain = self._links.get(event["h"])
        return thread

    def _on_touch(self, event: dict[str, Any]) -> None:
        site = self._sites[event["site"]]
        told = event["change"]
        keys = {name: ast.literal_eval(told[name]) for name in ("field", "item")}
        change = Change(base=self._objects[event["o"]], **{**told, **keys})
        self._task = self._task_of(event.get("task"))
        access, stack = site.accesses[event["a"]], self._stacks[event["s"]]
        self._races._touch(self._now(event), site, access, change, stack, None)

    def _task_of(self, told: list[Any] | None) -> _Thing | None:
        if told is None:
            return None
        task: _Thing = self._things.setdefault(told[0], _Thing())
        task.name = told[1]
        return task

    def _on_gate(self, event: dict[str, Any]) -> None:
        self._races._gate(event["open"])

    def _on_dependency(self, event: dict[str, Any]) -> None:
        self._order.dependency(self._now(event), self._links[event["link"]])

    def _on_taken(self, event: dict[str, Any]) -> None:
        self._order.taken(self._now(event), self._links[event["link"]])

    def _on_awaits(self, event: dict[str, Any]) -> None:
        thread, stack = self._now(event), self._stacks[event.get("s", 0)]
        self._order.awaits(thread, event["what"], self._target(event), stack)

    def _on_gave(self, event: dict[str, Any]) -> None:
        self._order.gave(self._now(event), event["what"], self._target(event))

    def _target(self, event: dict[str, Any]) -> Any:
        kind, number = event["t"]
        if kind == "thread":
            return self._threads.get(number) or self._unseen(number)
        if kind == "lock":
            return self._locks[number]
        return self._things.setdefault(number, _Thing())

    def _unseen(self, number: int) -> ThreadState:
        """A thread that did nothing worth an event."""
        thread = self._threads[number] = ThreadState(f"thread {number}")
        thread.number = number
        return thread

    def _on_blocked(self, event: dict[str, Any]) -> None:
        self.blocked[event["n"]] = event["what"]

    def _on_unblocked(self, event: dict[str, Any]) -> None:
        self.blocked.pop(event["n"], None)

    def _on_ended(self, event: dict[str, Any]) -> None:
        self._now(event)

    def _on_test(self, _: dict[str, Any]) -> None:
        self._races.begin_test()
        self._order.begin_test()

    def _on_forget(self, _: dict[str, Any]) -> None:
        self._take()
        self._races.forget()
        self._order.forget()

    def _on_finding(self, event: dict[str, Any]) -> None:
        self._found.append(finding_of(event["finding"]))

    def _on_end(self, _: dict[str, Any]) -> None:
        self.complete = True


class _Thing:
    """Something that is waited for, or a task."""

    name = ""

    def get_name(self) -> str:
        """As `asyncio.Task.get_name`."""
        return self.name


def _access(told: dict[str, Any]) -> Access:
    values: dict[str, Any] = {**told, "path": tuple(told["path"])}
    for name, kind in _ENUMS.items():
        values[name] = kind(values[name])
    values["stores"] = tuple(told.get("stores", ()))
    values["asked"] = tuple(Asked(*one) for one in told.get("asked", ()))
    return Access(**values)


def finding_of(told: dict[str, Any]) -> Finding:
    """A finding from its fields as plain values."""
    steps = tuple(
        Step(
            **{
                **one,
                "place": Place(**one["place"]),
                "held": tuple(one["held"]),
                "stack": tuple(one["stack"]),
            }
        )
        for one in told["steps"]
    )
    return Finding(
        **{
            **told,
            "place": Place(**told["place"]),
            "confidence": Confidence(told["confidence"]),
            "severity": Severity(told["severity"]),
            "origin": Origin(told["origin"]),
            "steps": steps,
            "evidence": tuple(told["evidence"]),
            "edits": tuple(told["edits"]),
        }
    )


def is_trace(path: Path) -> bool:
    """Whether the file says that it is a trace, of whatever version."""
    with path.open("rb") as file:
        return FORMAT.encode() in file.read(200)


def read(path: Path, options: RuntimeOptions) -> Replay:
    """The trace in a file. A last line that was cut off is left out, and `Replay.cut` set."""
    replay = Replay(options)
    for number, line, last in _lines(path):
        if number > 1 and last and not line.endswith(b"\n"):
            replay.cut = True
            break
        try:
            event = json.loads(line)
            if number == 1:
                _check(path, event)
            else:
                replay.tell(event)
        except (ValueError, KeyError, TypeError, LookupError, EOFError, SyntaxError) as error:
            raise UsageError(
                f"{path}:{number} is no line of a trace: {type(error).__name__}: {error}"[:200],
                "the file was changed after it was written, or is damaged",
            ) from None
    return replay


def _lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    """(number, line, whether it is the last)."""
    with path.open("rb") as file:
        line = file.readline()
        number = 1
        while line:
            following = file.readline()
            yield number, line, not following
            line = following
            number += 1


def _check(path: Path, head: dict[str, Any]) -> None:
    if head.get("version") != VERSION:
        raise UsageError(
            f"{path} is a trace of version {head.get('version')}; this racecheck reads {VERSION}",
            "read it with the racecheck that wrote it",
        )
    if head.get("code") != sys.implementation.cache_tag:
        raise UsageError(
            f"{path} was written by Python {head.get('python')}, and this is another one",
            "traces hold code as that Python has it: run `racecheck report` with it",
        )
