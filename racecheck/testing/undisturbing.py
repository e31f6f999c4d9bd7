"""What surrounds the repetitions of a test: nobody hears them, and none of them lasts for ever."""

from __future__ import annotations

import faulthandler
import logging
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
from _pytest.capture import FDCapture, MultiCapture

from racecheck.explore.control.controller import Controller
from racecheck.runtime import pristine
from racecheck.runtime.waits import Abandoned

SILENT: Final = logging.CRITICAL * 10

GRACE: Final = 2.0
"""Real seconds beyond its bound in which a run may end by itself."""

LOOK: Final = 0.5


class Output:
    """What is printed meanwhile; dropped, unless somebody reads it."""

    def __init__(self, config: pytest.Config) -> None:
        manager: Any = config.pluginmanager.get_plugin("capturemanager")
        captured = manager is not None and manager.is_globally_capturing()
        self._manager = manager if captured else None
        self._own: MultiCapture[str] | None = None

    def read(self) -> list[tuple[str, str]]:
        """(title, text) of what was printed since it was read last."""
        source = self._manager.read_global_capture if self._manager else self._own_texts
        names = ("Captured stdout of the replay", "Captured stderr of the replay")
        return [(name, text) for name, text in zip(names, source(), strict=True) if text]

    def _own_texts(self) -> tuple[str, str]:
        assert self._own is not None
        out, err = self._own.readouterr()
        return out, err

    @contextmanager
    def taken(self) -> Iterator[None]:
        """As long as this lasts, output goes nowhere else."""
        if self._manager is not None:
            self._manager.resume_global_capture()
            try:
                yield
            finally:
                self._manager.suspend_global_capture(in_=False)
                self.read()
            return
        # Why with `-s` too: a test is seen to print once, not two hundred times.
        self._own = MultiCapture(in_=None, out=FDCapture(1), err=FDCapture(2))
        self._own.start_capturing()
        try:
            yield
        finally:
            self._own.stop_capturing()


@contextmanager
def undisturbed(item: pytest.Item, controller: Controller) -> Iterator[Output]:
    """Repetitions leave no trace in what pytest reports, and each comes to an end."""
    output = Output(item.config)
    with ExitStack() as stack:
        stack.enter_context(output.taken())
        stack.enter_context(_unlogged(item.config))
        # Why recorded: filters stay as they are, and nobody is told.
        stack.enter_context(warnings.catch_warnings(record=True))
        stack.enter_context(_bounded(controller))
        yield output


def without_timeout(item: pytest.Item) -> None:
    """What is timed is the ordinary run; explorations have bounds of their own."""
    if item.config.pluginmanager.has_plugin("faulthandler") and float(
        item.config.getini("faulthandler_timeout") or 0.0
    ):
        faulthandler.cancel_dump_traceback_later()
    cancel = getattr(item.ihook, "pytest_timeout_cancel_timer", None)
    if cancel is not None:
        cancel(item=item)


@contextmanager
def _unlogged(config: pytest.Config) -> Iterator[None]:
    """No live log and no log file."""
    plugin = config.pluginmanager.get_plugin("logging-plugin")
    names = ("log_cli_handler", "log_file_handler")
    handlers = [handler for name in names if (handler := getattr(plugin, name, None)) is not None]
    levels = [handler.level for handler in handlers]
    for handler in handlers:
        handler.level = SILENT
    try:
        yield
    finally:
        for handler, level in zip(handlers, levels, strict=True):
            handler.level = level


@contextmanager
def _bounded(controller: Controller) -> Iterator[None]:
    """End a run in which nothing of ours is reached any more: by a signal to the main thread."""
    main = threading.main_thread().ident
    number = getattr(signal, "SIGURG", None)
    if pristine.get_ident() != main or number is None:
        yield
        return

    def handle(*_: object) -> None:
        if controller.active and controller.limit and not controller.leaving:
            raise Abandoned("the run took too long")

    # Why this one: it means nothing to most programs, and Ctrl-C keeps its meaning.
    before = signal.signal(number, handle)
    watch = _Bound(controller, lambda: signal.pthread_kill(main, number))
    try:
        yield
    finally:
        watch.stop()
        signal.signal(number, signal.SIG_DFL if before is None else before)


class _Bound:
    """Looks whether a run was told to end, and has not."""

    def __init__(self, controller: Controller, interrupt: Callable[[], None]) -> None:
        self._controller = controller
        self._interrupt = interrupt
        self._end = pristine.allocate_lock()
        self._end.acquire()
        self._done = pristine.allocate_lock()
        self._done.acquire()
        pristine.start_new_thread(self._watch, ())

    def stop(self) -> None:
        """Look no more."""
        self._end.release()
        self._done.acquire(True, 1.0)

    def _watch(self) -> None:
        controller, since = self._controller, None
        while not self._end.acquire(True, LOOK):
            now = pristine.monotonic()
            if not (controller.active and controller.limit):
                since = None
            elif since is None:
                since = now
            elif now - since > GRACE:
                since = None
                self._interrupt()
        self._done.release()
