"""A process that explores functions for another one: `python -m racecheck.bridge.child`."""

from __future__ import annotations

import _thread
import os
import select
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from racecheck.bridge import exploring, telling, watching
from racecheck.bridge.bodies import Function, Repeatable
from racecheck.bridge.orders import Answer, Order, Setup, packed, unpacked
from racecheck.bridge.workers import parent, read, write
from racecheck.core.errors import RacecheckError
from racecheck.explore.jobs.legs import Leg
from racecheck.explore.jobs.parts import PartExplorer, begin_anew, plain
from racecheck.explore.lab import Body, Lab
from racecheck.explore.verdict import Verdict
from racecheck.settings import Loaded

IDLE: Final = 60.0
"""Seconds without an order after which such a process leaves: whoever sent them may be gone."""

_select: Final = select.select
"""As it was before anything was replaced."""


class Channel:
    """Orders in, answers out. Nobody else reads or writes where this does."""

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb", buffering=0)
        self._out = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        # Why: Ctrl-C is the business of whoever has sent the orders.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if os.name == "posix":
            # Why so low: a thread that `threading` knows would be one of the program's.
            _thread.start_new_thread(_leave_with, (parent(),))

    def setup(self) -> Setup:
        """The first message."""
        setup: Setup = unpacked(read(_Whole(self._in)))
        sys.path[:] = dict.fromkeys((*setup.path, *sys.path[1:]))
        return setup

    def serve(self, answer: Callable[[Order], Answer]) -> None:
        """Answer one order after another."""
        # Why here: what is printed before is the reason why there is no answer.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 2)
        while self._waits():
            try:
                order = unpacked(read(_Whole(self._in)))
            except EOFError:
                return
            self.send(_answered(answer, order))

    def send(self, answer: Answer) -> None:
        """An answer; one that cannot be sent is one, too."""
        try:
            data = packed(answer)
        except Exception as error:
            data = packed(Answer(fault=f"an answer cannot be sent: {error!r}"))
        with suppress(OSError):
            write(self._out, data)

    def _waits(self) -> bool:
        return os.name != "posix" or bool(_select([self._in], [], [], IDLE)[0])


def _leave_with(other: int) -> None:
    """Whoever has sent the orders may be killed while one is carried out."""
    while os.getppid() == other:
        _select([], [], [], 1.0)
    os._exit(1)


class _Whole:
    """A pipe without a buffer gives what is there; this gives all that was asked for."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe

    def read(self, size: int) -> bytes:
        """Less only at the end."""
        found = b""
        while len(found) < size:
            data = self._pipe.read(size - len(found))
            if not data:
                break
            found += data
        return found


def _answered(answer: Callable[[Order], Answer], order: Order) -> Answer:
    try:
        return answer(order)
    except RacecheckError as error:
        return Answer(usage=(error.message, error.hint))
    except Exception as error:
        return Answer(fault=f"{type(error).__name__}: {error}")


def explored(
    lab: Lab,
    body: Body,
    order: Order,
    loaded: Loaded,
    told: Callable[[str], None] | None = None,
    roots: Iterable[Any] = (),
    **changes: Any,
) -> Leg | Verdict:
    """What an order asks for, with nothing learned but what the order says."""
    begin_anew(lab)
    plan = replace(exploring.options(loaded)[1], saved=order.saved, **changes)
    if order.seconds is not None:
        plan = replace(plan, seconds=order.seconds)
    lab.note_state(roots)
    explorer = PartExplorer(lab, body, plan, order.target, told)
    try:
        if order.share is not None:
            return explorer.share(order.share, order.points)
        if order.whole is not None:
            return explorer.last(order.whole)
        return explorer.first()
    finally:
        lab.rewind()


class Functions:
    """Explores functions in one lab, which they are imported in."""

    def __init__(self, lab: Lab, setup: Setup) -> None:
        self._lab = lab
        self._loaded = setup.loaded
        self._bodies: dict[tuple[str, str], Repeatable] = {}
        self._rules = watching.Rules()

    def answer(self, order: Order) -> Answer:
        """One part of one exploration."""
        key = order.home, order.name
        body = self._bodies.get(key) or Function(*key).load()
        self._bodies[key] = body
        told: list[str] = []
        faults: list[str] = []
        found = explored(self._lab, body, order, self._loaded, told.append)
        skipped = "" if body.skipped is None else str(body.skipped)
        if isinstance(found, Leg):
            return Answer(leg=found, told=tuple(told), skipped=skipped)
        findings = telling.findings_of(
            found, self._rules, lambda one, error: faults.append(f"{one.failure.text}: {error!r}")
        )
        untold = tuple(f"a failure cannot be told: {fault}" for fault in faults)
        return Answer(
            verdict=plain(found, untold), findings=findings, told=tuple(told), skipped=skipped
        )


def main() -> None:
    """Until nobody has an order any more."""
    channel = Channel()
    setup = channel.setup()
    sys.argv = sys.argv[:1]
    with exploring.laboratory(setup.loaded) as lab:
        channel.serve(Functions(lab, setup).answer)
        # Why so: threads that a run has left behind would keep the process.
        os._exit(0)


if __name__ == "__main__":
    main()
