"""Writes what observers are told to a file as it happens; `bridge.replay` tells it to them again.

One JSON object a line, written by a system call at once, so that the file survives whatever ends
the process. What many events have in common (code, stacks, sites, locks, threads) is written once,
before the first event that needs it. Clocks are not replayed edge by edge: an event says what its
thread knew, whenever that changed.

Nothing here is imported unless `trace_file` is set.
"""

# Why no pathlib: this is written to from all threads of the user's process.
# ruff: noqa: PTH103, PTH109, PTH120
from __future__ import annotations

import base64
import json
import marshal
import os
import platform
import sys
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from enum import Enum
from itertools import count
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from racecheck.core.finding import Finding
from racecheck.runtime import pristine
from racecheck.runtime.births import birth_of
from racecheck.runtime.spans import running_task
from racecheck.runtime.stacks import Stack, capture, is_ours
from racecheck.runtime.threads import threads

if TYPE_CHECKING:
    from racecheck.runtime.chains import Held, Link
    from racecheck.runtime.changes import Change
    from racecheck.runtime.hooks import Hooks
    from racecheck.runtime.options import RuntimeOptions
    from racecheck.runtime.session import Session
    from racecheck.runtime.sites import Access, Site
    from racecheck.runtime.threads import Origin, ThreadState
    from racecheck.runtime.waits import Wait

FORMAT: Final = "racecheck trace"
VERSION: Final = 1
"""Raised when a reader of older files would misunderstand newer ones, or the other way round."""

REPLAYED: Final = frozenset({"races", "lock-order"})
"""Observers that find the same when told the same; what others find is written as found."""


class Recorder:
    """Stands among the observers of a session, the first of them, and finds nothing itself."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._options = options
        self._known = _Known()
        # Why re-entrant: a signal handler may start a thread while we write.
        self._mutex = pristine.make_rlock()
        self._told: set[tuple[str, str]] = set()
        self._session: Session | None = None
        self._stopped = False
        folder = os.path.dirname(options.trace_file)
        if folder:
            os.makedirs(folder, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._file = os.open(options.trace_file, flags | getattr(os, "O_CLOEXEC", 0), 0o644)
        self._write([header(options)])

    def attach(self, session: Session) -> None:
        """Write down all that its observers are told from now on."""
        self._session = session
        threads.on_gate.append(self._gate)
        threads.on_fork.append(self._forked)
        races = session.observers.get("races")
        if races is not None:
            self._touch_of(races)

    def listen(self, hooks: Hooks) -> None:
        """Hear what other observers hear."""
        hooks.listen(
            dependency=lambda thread, link: self._link("dependency", thread, link),
            taken=lambda thread, link: self._link("taken", thread, link),
            awaits=lambda thread, kind, target: self._target("awaits", thread, kind, target),
            gave=lambda thread, kind, target: self._target("gave", thread, kind, target),
            blocked=self._blocked,
            unblocked=lambda thread, wait: self._event("unblocked", thread),
            ended=lambda thread: self._event("ended", thread),
            urgent=lambda finding: self._findings([finding]),
        )

    def begin_test(self) -> None:
        """What came before belongs to other tests."""
        self._write([{"k": "test"}])

    def forget(self) -> None:
        """What was found so far has been reported."""
        self._write([{"k": "forget"}])

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """None; what observers found that are not replayed is written down."""
        if self._session is not None:
            for name, observer in list(self._session.observers.items()):
                if name not in REPLAYED and observer is not self:
                    self._findings(observer.findings(options))
        if self._stopped:
            self._write([{"k": "end"}])
            self._close()
        return iter(())

    def limits(self) -> list[str]:
        """Nothing that is not seen."""
        return []

    def stop(self) -> None:
        """The session has ended; what it found is asked for afterwards."""
        self._stopped = True

    def _touch_of(self, races: Any) -> None:
        """Write down accesses in the very order in which the observer of races sees them."""
        original = races._touch
        races.lanes = False

        def touch(
            thread: ThreadState,
            site: Site,
            access: Access,
            change: Change,
            stack: Stack,
            key: Any,
        ) -> None:
            original(thread, site, access, change, stack, key)
            self._touched(races, thread, site, access, change, stack)

        races._touch = touch

    def _touched(
        self,
        races: Any,
        thread: ThreadState,
        site: Site,
        access: Access,
        change: Change,
        stack: Stack,
    ) -> None:
        record = races.shadow.records.get(id(change.base))
        more = change._asdict()
        more.pop("base")
        with self._mutex:
            lines: list[dict[str, Any]] = []
            known = self._known
            event = {
                "k": "touch",
                **known.moment(thread, lines),
                "s": known.stack(stack, lines),
                "site": known.site(site, lines),
                "a": site.accesses.index(access),
                "o": known.object(change.base, record, lines),
                "change": {**more, "field": repr(change.field), "item": repr(change.item)},
            }
            task = running_task()
            if task is not None:
                event["task"] = [known.thing(task), task.get_name()]
            self._put([*lines, event])

    def _gate(self, is_open: bool) -> None:
        self._write([{"k": "gate", "open": is_open}])

    def _link(self, kind: str, thread: ThreadState, link: Link) -> None:
        self._event(kind, thread, link=link)

    def _target(self, kind: str, thread: ThreadState, what: str, target: Any) -> None:
        self._event(kind, thread, what=what, target=target, stack=capture(pristine.getframe(1)))

    def _blocked(self, thread: ThreadState, wait: Wait) -> None:
        self._event("blocked", thread, what=wait.kind, target=wait.target, stack=wait.stack)

    def _event(
        self,
        kind: str,
        thread: ThreadState,
        *,
        what: str = "",
        target: Any = None,
        link: Link | None = None,
        stack: Stack = (),
    ) -> None:
        """Nothing while a finalizer interrupts us: the others are not told then either."""
        if thread.busy:
            return
        thread.busy = True
        try:
            with self._mutex:
                lines: list[dict[str, Any]] = []
                event = {"k": kind, **self._known.moment(thread, lines)}
                if link is not None:
                    event["link"] = self._known.link(link, lines)
                if stack:
                    event["s"] = self._known.stack(stack, lines)
                if what:
                    event["what"] = what
                    event["t"] = self._known.target(target, lines)
                self._put([*lines, event])
        finally:
            thread.busy = False

    def _findings(self, found: Iterable[Finding]) -> None:
        for finding in found:
            identity = (finding.fingerprint, finding.message)
            if identity not in self._told:
                self._told.add(identity)
                self._write([{"k": "finding", "finding": plain(asdict(finding))}])

    def _write(self, lines: Iterable[dict[str, Any]]) -> None:
        with self._mutex:
            self._put(lines)

    def _put(self, lines: Iterable[dict[str, Any]]) -> None:
        if self._file >= 0:
            text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
            os.write(self._file, text.encode())

    def _forked(self) -> None:
        """The file belongs to the parent."""
        self._mutex = pristine.make_rlock()
        self._close()

    def _close(self) -> None:
        number, self._file = self._file, -1
        if number >= 0:
            os.close(number)


def header(options: RuntimeOptions) -> dict[str, Any]:
    """The first line. Code is written as the interpreter has it, so a reader needs the same one."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "python": platform.python_version(),
        "code": sys.implementation.cache_tag,
        "folder": os.getcwd(),
        "watch": list(options.watch),
        "notes": options.notes,
    }


def plain(value: Any) -> Any:
    """Enumerations by value, tuples as lists: what JSON can hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


class _Known:
    """Numbers for what was written already. Every method appends what is new to `lines`."""

    def __init__(self) -> None:
        self._codes: dict[int, tuple[int, CodeType]] = {}
        self._stacks: dict[Any, int] = {(): 0}
        self._sites: set[int] = set()
        self._locks: set[int] = set()
        self._links: dict[Any, int] = {}
        self._objects: dict[int, tuple[Any, int]] = {}
        self._targets: dict[int, tuple[Any, int]] = {}
        self._threads: dict[int, tuple[Any, ...]] = {}
        self._numbers = count(1)

    def code(self, code: CodeType, lines: list[dict[str, Any]]) -> int:
        """Without the code inside it: only names and positions are asked for."""
        known = self._codes.get(id(code))
        if known is None:
            known = self._codes[id(code)] = (len(self._codes) + 1, code)
            flat = tuple(None if isinstance(one, CodeType) else one for one in code.co_consts)
            data = base64.b64encode(marshal.dumps(code.replace(co_consts=flat))).decode()
            lines.append({"k": "code", "i": known[0], "data": data})
        return known[0]

    def stack(self, stack: Stack, lines: list[dict[str, Any]]) -> int:
        """A stack."""
        key = tuple(
            (self.code(code, lines), offset)
            for code, offset in stack
            if not is_ours(code.co_filename)
        )
        found = self._stacks.get(key)
        if found is None:
            found = self._stacks[key] = len(self._stacks)
            lines.append({"k": "stack", "i": found, "frames": key})
        return found

    def site(self, site: Site, lines: list[dict[str, Any]]) -> int:
        """A site with its accesses; keys are left out, what they came to stands in the event."""
        if site.number not in self._sites:
            self._sites.add(site.number)
            accesses = [plain({**one._asdict(), "key": None, "path": ()}) for one in site.accesses]
            place = {"path": site.path, "function": site.function, "line": site.line}
            lines.append({"k": "site", "i": site.number, **place, "accesses": accesses})
        return site.number

    def lock(self, lock: Held, lines: list[dict[str, Any]]) -> int:
        """A lock."""
        if lock.number not in self._locks:
            self._locks.add(lock.number)
            made = self.stack(lock.made, lines)
            lines.append({"k": "lock", "i": lock.number, "kind": lock.kind, "made": made})
        return lock.number

    def link(self, link: Link | None, lines: list[dict[str, Any]]) -> int:
        """A chain of held locks, by its lowest link; 0 for none."""
        above = 0
        for one in reversed(list(link or ())):
            key = (self.lock(one.lock, lines), above, self.stack(one.stack, lines), one.clock)
            found = self._links.get(key)
            if found is None:
                found = self._links[key] = len(self._links) + 1
                lines.append({"k": "link", "i": found, "of": key})
            above = found
        return above

    def object(self, base: Any, record: Any, lines: list[dict[str, Any]]) -> int:
        """An object with state: the same number for as long as it has the same record."""
        known = self._objects.get(id(base))
        if known is None or known[0] is not record:
            known = self._objects[id(base)] = (record, next(self._numbers))
            kind = type(base).__name__
            made = self.stack(birth_of(id(base), kind), lines)
            lines.append({"k": "object", "i": known[1], "kind": kind, "made": made})
        return known[1]

    def target(self, target: Any, lines: list[dict[str, Any]]) -> list[Any]:
        """What is waited for: a thread, a lock, or something else that is told apart."""
        if hasattr(target, "joined"):
            return ["thread", target.number]
        if hasattr(target, "made") and hasattr(target, "kind"):
            return ["lock", self.lock(target, lines)]
        return ["thing", self.thing(target)]

    def thing(self, target: Any) -> int:
        """Anything else that no later one is to be taken for."""
        known = self._targets.get(id(target))
        if known is None or known[0]() is not target:
            try:
                reference: Any = weakref.ref(target)
            except TypeError:
                reference = _same(target)
            known = self._targets[id(target)] = (reference, next(self._numbers))
        return known[1]

    def moment(self, thread: ThreadState, lines: list[dict[str, Any]]) -> dict[str, Any]:
        """Which thread, when, holding what; what it knows is written when it has changed."""
        now = (thread.name, thread.slot, thread.origin, thread.job, thread.known, thread.hard)
        before = self._threads.get(thread.number)
        if before is None or any(a is not b for a, b in zip(now, before, strict=True)):
            self._threads[thread.number] = now
            lines.append(
                {
                    "k": "thread",
                    "i": thread.number,
                    "name": thread.name,
                    "slot": thread.slot,
                    "origin": self._origin(thread.origin, lines),
                    "job": self._origin(thread.job, lines),
                    "known": thread.known,
                    "hard": thread.hard,
                }
            )
        return {"n": thread.number, "c": thread.clock, "h": self.link(thread.chain, lines)}

    def _origin(self, origin: Origin | None, lines: list[dict[str, Any]]) -> list[Any] | None:
        if origin is None:
            return None
        return [origin.how, origin.starter, self.stack(origin.stack, lines)]


def _same(target: Any) -> Any:
    return lambda: target
