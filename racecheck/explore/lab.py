"""Where runs happen: everything interposed, one thread at a time, each run from the same start."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from contextvars import Context, copy_context
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from racecheck.core.finding import Finding
from racecheck.core.schedule import Schedule
from racecheck.explore import targets
from racecheck.explore.bounds import Bounds
from racecheck.explore.control.controller import Controller
from racecheck.explore.control.deadlocks import blocked_of, told
from racecheck.explore.control.monitor import Monitor
from racecheck.explore.interpose.waits import install_waits
from racecheck.explore.operations import Operation
from racecheck.explore.outcome import (
    ASSERTION,
    DEADLOCK,
    EXCEPTION,
    RACE,
    THREAD,
    Failure,
    Run,
)
from racecheck.explore.places import places
from racecheck.explore.reach import Reach
from racecheck.explore.recording import Recording
from racecheck.explore.rewinding.lasting import Lasting
from racecheck.explore.rewinding.rewind import Rewinder
from racecheck.explore.strategies.base import Strategy
from racecheck.explore.strategies.directed import Target
from racecheck.explore.strategies.early import CHOOSERS, Early
from racecheck.explore.strategies.replay import Replay
from racecheck.explore.telling.watch import Watch
from racecheck.runtime import pristine
from racecheck.runtime.deliver import sink
from racecheck.runtime.hooks import hooks
from racecheck.runtime.meeting import forget_threads
from racecheck.runtime.observers.exceptions import has_own_hook
from racecheck.runtime.options import RuntimeOptions
from racecheck.runtime.rewriting import gate
from racecheck.runtime.session import Session
from racecheck.runtime.threads import ThreadState, threads
from racecheck.runtime.tracebacks import trim
from racecheck.runtime.waits import Abandoned

LIBRARIES: Final = (
    "locks",
    "conditions",
    "queues",
    "threads",
    "futures",
    "times",
    "selectors",
    "asyncio",
)
"""`interpose/<name>.py` has `install(patches, controller)`."""

DISMISSED: Final = 1.0
"""Real seconds that a thread is given to leave once the run is over."""

Body = Callable[[], Any]


class Lab:
    """A context manager: inside, `run` runs a body under a strategy, as often as one likes.

    `is_failure` says of a race whether a run with it fails: others are silenced by somebody.
    `early`: timeouts may fire though others could go on.
    """

    def __init__(
        self,
        options: RuntimeOptions,
        bounds: Bounds | None = None,
        is_failure: Callable[[Finding], bool] | None = None,
        *,
        early: bool = False,
    ) -> None:
        self.bounds = bounds or Bounds()
        self.controller = Controller(self.bounds)
        self.early = early
        self.reach = Reach(self.controller)
        # Why notes: lone reads and stores are no race, but they are where others may come between.
        self.session = Session(replace(options, notes=True))
        self._options = options
        self._is_failure = is_failure
        self._monitor = Monitor(self.controller)
        self._rewinder: Rewinder | None = None
        self._lasting: Lasting | None = None
        self.suspects: list[Target] = []
        """What the last run gives reason to suspect."""
        self.context: Context | None = None
        """What context variables hold when a run begins; None: what they do for whoever calls."""
        self.interrupted = False
        self._failures: list[Failure] = []
        self._body_done = False

    def __enter__(self) -> Lab:
        sink.arrive = self.reach.arrive
        places.covers = self.session.scope.covers
        self.session.start()
        hooks.listen(died=self._died)
        gate.tell_all(self.reach.arrive)
        patches = self.session.patches
        with patches.together():
            for name in LIBRARIES:
                library = import_module(f"racecheck.explore.interpose.{name}")
                library.install(patches, self.controller)
        install_waits(self.controller)
        self.controller.on_deadlock = self._deadlock
        self._monitor.start()
        logging.getLogger("concurrent.futures").addFilter(_dismissal)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("concurrent.futures").removeFilter(_dismissal)
        self._monitor.stop()
        install_waits(None)
        gate.tell_all(None)
        self.session.stop()
        sink.arrive = None

    @property
    def learned(self) -> int:
        """How much has been learned of where others may come between; it only grows."""
        return len(self.reach.points) + len(self.controller.tried)

    def note_state(self, roots: Iterable[Any] = ()) -> None:
        """What modules hold now, and these objects, is what each run begins with."""
        self._rewinder = self.noted(roots)
        self._lasting = Lasting(self.session.scope.covers, self.controller.before.now_busy)

    def noted(self, roots: Iterable[Any] = ()) -> Rewinder:
        """That state, for whoever wants to go back to it later."""
        context = copy_context()
        kept = (*roots, *context.values())
        noted = Rewinder(_modules(self.session), kept, self.controller.before.now_busy)
        noted.context = context
        return noted

    def run(self, strategy: Strategy, body: Body, target: str = "", *, watch: bool = False) -> Run:
        """Run the body once. The strategy's `begin` has been called. `watch`: keep the events."""
        impatient = self.early and strategy.name in CHOOSERS
        recording = Recording(Early(strategy) if impatient else strategy)
        began = pristine.monotonic()
        self._prepare()
        controller = self.controller
        controller.watch = watching = Watch() if watch else None
        main = controller.begin(recording, pristine.current_thread().name)
        collects = gc.isenabled()
        gc.disable()
        # Why only now: between runs, exceptions in threads belong to whoever runs the tests.
        hook = threading.excepthook
        if not has_own_hook():
            threading.excepthook = _reported
        error = skipped = None
        try:
            try:
                # Why a copy: what a run sets in it is set in no other; nobody could unset it.
                (self.context or copy_context()).copy().run(body)
            except Abandoned:
                pass
            except Exception as raised:
                error = raised
            except BaseException as raised:
                skipped = raised
            self._body_done = True
            self._let_others_end()
            if self._lasting is not None:
                self._lasting.left(controller.agents)
            for lost in controller.dismiss(main, DISMISSED):
                controller.uncontrolled[f"{lost.name} did not end"] = None
        finally:
            controller.finish()
            threading.excepthook = hook
            if collects:
                gc.enable()
        if isinstance(skipped, KeyboardInterrupt):
            raise skipped
        if self.interrupted:
            raise KeyboardInterrupt
        failures = self._judged(error)
        self._suspect()
        self.reach.learned()
        controller.tried |= controller.trying
        return Run(
            schedule=recording.schedule(target),
            failures=tuple(failures),
            steps=controller.steps,
            decisions=controller.decisions,
            widest=controller.widest,
            forced=controller.forced,
            threads=controller.threads,
            seconds=pristine.monotonic() - began,
            pruned=controller.pruned,
            limit=controller.limit,
            skipped=skipped,
            uncontrolled=tuple(controller.uncontrolled),
            events=watching.events() if watching is not None else (),
        )

    def replay(
        self, schedule: Schedule, body: Body, target: str = "", *, watch: bool = False
    ) -> Run:
        """Run the body once, as a schedule says."""
        strategy = Replay(schedule)
        strategy.begin()
        return self.run(strategy, body, target, watch=watch)

    def interrupt(self) -> None:
        """For a handler of signals: the run that is going on ends, and raises KeyboardInterrupt.

        Raised at any moment, it would leave threads behind that nobody lets go.
        """
        self.interrupted = True
        if self.controller.active:
            self.controller.stop("interrupted")

    def rewind(self) -> None:
        """Back to the state that was noted, if one was."""
        if self._rewinder is not None:
            self._rewinder.rewind()
        if self._lasting is not None:
            self._lasting.rewind()

    def _prepare(self) -> None:
        self.rewind()
        self._failures = []
        self._body_done = False
        threads.reset()
        forget_threads()
        for observer in self.session.observers.values():
            for name in ("begin_test", "forget"):
                getattr(observer, name, _nothing)()

    def _let_others_end(self) -> None:
        """The body is done; threads that are no daemons run to their end, as at exit."""
        controller = self.controller
        if controller.over:
            return
        alive = controller.agents
        try:
            controller.wait(
                lambda: all(one.daemon or one.path == "0" for one in alive),
                None,
                Operation("exit", "", None),
            )
        except Abandoned:
            return

    def _judged(self, error: Exception | None) -> list[Failure]:
        failures = self._failures
        if error is not None:
            trim(error)
            kind = ASSERTION if isinstance(error, AssertionError) else EXCEPTION
            failures.append(Failure(kind, _said(error), _raised_at(error), "", error))
        found = self.session.observers.get("races")
        races = tuple(found.findings(self._options)) if found is not None else ()
        for race in races:
            if self._is_failure is not None and not self._is_failure(race):
                continue
            text = f"{race.code} {race.subject}"
            failures.append(Failure(RACE, text, str(race.place), findings=(race,)))
        return failures

    def _suspect(self) -> None:
        observers = self.session.observers
        self.suspects = []
        if "races" in observers:
            self.suspects += targets.of_races(observers["races"])
        if "lock-order" in observers:
            found = observers["lock-order"].findings(self._options)
            self.suspects += targets.of_orders(found)

    def notes(self) -> list[str]:
        """What could not be seen or put back."""
        said = self.session.limits()
        if self._rewinder is not None and self._rewinder.cut:
            said.append("there is more state in modules than is put back between runs")
        return said

    def _died(self, thread: ThreadState, error: BaseException) -> None:
        if isinstance(error, Abandoned) or threading.excepthook is not _reported:
            return
        self._failures.append(Failure(THREAD, _said(error), _raised_at(error), thread.name, error))

    def _deadlock(self, controller: Controller) -> None:
        blocked = blocked_of(controller, body_done=self._body_done)
        if blocked:
            text = "; ".join(f"{one.thread} waits for {one.target}" for one in blocked)
            found = told(blocked, controller, self._options) if controller.watch else None
            one = blocked[0]
            findings = (found,) if found is not None else ()
            self._failures.append(
                Failure(DEADLOCK, text, one.place, one.thread, None, blocked, findings)
            )


def _nothing() -> None:
    pass


def _reported(_: object) -> None:
    """Instead of `threading.excepthook`: the exception is a failure of the run, and told as one.

    A test that sets a hook of its own expects the exception.
    """


def _modules(session: Session) -> Iterable[ModuleType]:
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
        if isinstance(path, str) and session.scope.covers(path):
            yield module


def _said(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _raised_at(error: BaseException) -> str:
    """The innermost place in the user's code."""
    found, trace = "", error.__traceback__
    while trace is not None:
        place = places.of(trace.tb_frame)
        if place:
            found = f"{place.rpartition(':')[0]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


class _Dismissal(logging.Filter):
    """An executor logs whatever ends its worker; that we ended it is not worth a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        info = record.exc_info
        return not (isinstance(info, tuple) and isinstance(info[1], Abandoned))


_dismissal: Final = _Dismissal()
