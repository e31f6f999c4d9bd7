"""One watched run: what is interposed, which backend delivers, who observes, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, Final

from racecheck.core.finding import Confidence, Finding
from racecheck.runtime import births, deliver, tracebacks
from racecheck.runtime.backends.base import Backend
from racecheck.runtime.hooks import hooks
from racecheck.runtime.interpose.base import Patches
from racecheck.runtime.options import BACKENDS, RuntimeOptions
from racecheck.runtime.scope import Scope
from racecheck.runtime.threads import ThreadState, threads

LIBRARIES: Final = (
    *("threading", "conditions", "queues", "futures", "asyncio", "tasks"),
    *("pools", "multiprocessing"),
)
"""Interposers, in the order of installation; `interpose/<name>.py` has `install(patches)`."""

OBSERVERS: Final[Mapping[str, str]] = {
    "lock-order": "lock_order",
    "hangs": "watchdog",
    "signals": "signals",
    "leaks": "leaks",
    "exceptions": "exceptions",
    "memory": "memory",
}
"""What is watched, and the module under `observers` that does; races come with the backend."""


LEAKING: Final = frozenset({"leaks", "memory"})
"""What can only be told when a test has been taken down."""


class RefusedError(Exception):
    """No backend can be used. The message says why for each, the hint what to do."""


class Session:
    """Watches from `start` to `stop`; one at a time in a process."""

    active: Session | None = None

    def __init__(self, options: RuntimeOptions) -> None:
        self.options = options
        self.scope = Scope(options.trace, options.root)
        self.backend: Backend | None = None
        self.refusals: dict[str, str] = {}
        self.observers: dict[str, Any] = {}
        self.patches = Patches()

    def start(self) -> None:
        """Interpose, observe, trace. Nothing stays installed if any of it fails."""
        if Session.active is not None:
            raise RuntimeError("racecheck watches this process already")
        hooks.clear()
        hooks.failures.clear()
        threads.on_gate.clear()
        threads.on_fork[:] = [self._forked]
        births.forget()
        threads.reset()
        Session.active = self
        try:
            self._observe()
            hooks.listen(died=_as_without_us)
            with self.patches.together():
                for name in LIBRARIES:
                    import_module(f"racecheck.runtime.interpose.{name}").install(self.patches)
            if "races" in self.options.watch:
                self._trace()
            if self.options.trace_file:
                self._record()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Restore everything. Findings can be asked for afterwards."""
        if Session.active is not self:
            return
        if self.backend is not None:
            self.backend.stop()
        deliver.sink.record = deliver.Sink.record
        for observer in self.observers.values():
            with suppress(AttributeError):
                observer.stop()
        self.patches.undo()
        hooks.clear()
        threads.on_gate.clear()
        threads.on_fork.clear()
        Session.active = None

    def _forked(self) -> None:
        """In a forked child nobody observes: a thread that is not there may hold their locks."""
        hooks.clear()
        deliver.sink.record = deliver.Sink.record

    def findings(self) -> list[Finding]:
        """What was found so far, in a stable order."""
        found: dict[Any, Finding] = {}
        for observer in self.observers.values():
            for finding in observer.findings(self.options):
                found.setdefault((finding.fingerprint, finding.message), finding)
        return _in_order(found.values())

    def begin_test(self) -> None:
        """A test begins: what came before cannot race with it, what is there is no leak of it."""
        for observer in self.observers.values():
            begin = getattr(observer, "begin_test", None)
            if begin is not None:
                begin()

    def take(self, *, leaks: bool = True) -> list[Finding]:
        """What was found since the last call, then forgotten; `leaks`: what is left behind too."""
        found: dict[Any, Finding] = {}
        for name, observer in self.observers.items():
            if name in LEAKING and not leaks:
                continue
            for finding in observer.findings(self.options):
                found.setdefault((finding.fingerprint, finding.message), finding)
            forget = getattr(observer, "forget", None)
            if forget is not None:
                forget()
        return _in_order(found.values())

    def faults(self) -> list[str]:
        """What went wrong inside racecheck: said in the report, never raised into the program."""
        return list(hooks.failures)

    def limits(self) -> list[str]:
        """What could not be watched."""
        said = self.backend.limits() if self.backend is not None else []
        for observer in self.observers.values():
            said += getattr(observer, "limits", list)()
        return said

    def _observe(self) -> None:
        for word, module in OBSERVERS.items():
            if word in self.options.watch:
                made = import_module(f"racecheck.runtime.observers.{module}").Observer(self.options)
                made.listen(hooks)
                self.observers[word] = made

    def _trace(self) -> None:
        from racecheck.runtime.observers.races import Observer

        self.backend = self._choose()
        observer = self.observers["races"] = Observer(self.options)
        deliver.sink.record = observer.record
        self.backend.start(self.scope, self.options)

    def _record(self) -> None:
        """Write down what the observers are told; found before anything else is asked."""
        from racecheck.runtime.recorder import Recorder

        recorder = Recorder(self.options)
        recorder.attach(self)
        recorder.listen(hooks)
        self.observers = {"trace": recorder, **self.observers}

    def _choose(self) -> Backend:
        asked = self.options.backend
        for name in BACKENDS if asked == "auto" else (asked,):
            made: Backend = import_module(f"racecheck.runtime.backends.{name}").Backend()
            reason = made.refusal()
            if reason is None:
                return made
            self.refusals[name] = reason
        raise RefusedError("; ".join(f"{name}: {why}" for name, why in self.refusals.items()))


def _as_without_us(thread: ThreadState, error: BaseException) -> None:
    """What is about to be printed of it has no frames of ours."""
    tracebacks.trim(error)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted. What could have happened is left out where it did happen (a deadlock)."""
    found = list(findings)
    sure = {one.fingerprint for one in found if one.confidence is Confidence.CONFIRMED}
    kept = (f for f in found if f.confidence is Confidence.CONFIRMED or f.fingerprint not in sure)
    return sorted(kept, key=lambda f: f.order)


def backends() -> Iterator[tuple[str, str]]:
    """(name, why it cannot be used here and now, "" if it can), for `racecheck doctor`."""
    for name in BACKENDS:
        made = import_module(f"racecheck.runtime.backends.{name}").Backend()
        yield name, made.refusal() or ""
