"""Exceptions that end a thread and that nobody hears of.

`threading.excepthook` prints them, and the program goes on as if the thread had done its work. A
program that has its own hook has decided what is to be done, so nothing is said. pytest's hook is
not the program's.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.runtime import naming
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.stacks import Stack, callers
from racecheck.runtime.waits import Abandoned

if TYPE_CHECKING:
    from racecheck.runtime.hooks import Hooks
    from racecheck.runtime.threads import ThreadState

CODE: Final = "RC426"
KEPT: Final = 200
"""Deaths that are kept."""

DEPTH: Final = 64
"""Frames of a traceback that are looked at, the innermost ones."""

_IDENTITY: Final = re.compile(r"\bat 0x[0-9a-fA-F]+|0x[0-9a-fA-F]{6,}")
_SILENT: Final = (SystemExit, KeyboardInterrupt, Abandoned)
_TESTING: Final = ("_pytest.", "pytest")


class Death(NamedTuple):
    """What is kept of one: no exception object, since its frames hold the program's objects."""

    kind: str
    text: str
    stack: Stack
    name: str
    made: str


class Observer:
    """The observer."""

    def __init__(self, options: RuntimeOptions) -> None:
        self._deaths: list[Death] = []
        self._dropped = 0

    def listen(self, hooks: Hooks) -> None:
        """Begin to watch."""
        hooks.listen(died=self.died)

    def stop(self) -> None:
        """Nothing was installed."""

    def begin_test(self) -> None:
        """Deaths belong to the test during which they come."""

    def forget(self) -> None:
        """They have been reported."""
        self._deaths.clear()

    def limits(self) -> list[str]:
        """What was not kept."""
        return [f"{self._dropped} more threads died"] if self._dropped else []

    def died(self, thread: ThreadState, error: BaseException) -> None:
        """A thread ends with `error`."""
        if isinstance(error, _SILENT) or has_own_hook():
            return
        if len(self._deaths) >= KEPT:
            self._dropped += 1
            return
        self._deaths.append(
            Death(
                type(error).__name__,
                text_of(error),
                stack_of(error.__traceback__),
                thread.name,
                naming.origin(thread),
            )
        )

    def findings(self, options: RuntimeOptions) -> Iterator[Finding]:
        """One for each place and type."""
        groups: dict[tuple[Any, ...], list[Death]] = {}
        for death in list(self._deaths):
            groups.setdefault((naming.spot(death.stack), death.kind), []).append(death)
        for deaths in groups.values():
            yield _finding(deaths, options)


def has_own_hook() -> bool:
    """Whether the program deals with such exceptions itself."""
    hook: Any = threading.excepthook
    if hook is threading.__excepthook__:
        return False
    module = str(getattr(getattr(hook, "func", hook), "__module__", None) or "")
    return not module.startswith(_TESTING)


def text_of(error: BaseException) -> str:
    """Its first line, without what differs from run to run. The program's `__str__` may fail."""
    try:
        text = str(error)
    except Exception:
        return ""
    first = text.partition("\n")[0]
    return _IDENTITY.sub("...", first)[:200]


def stack_of(trace: TracebackType | None) -> Stack:
    """Where it was raised, innermost first."""
    found: list[Any] = []
    while trace is not None:
        found.append((trace.tb_frame.f_code, trace.tb_lasti))
        del found[:-DEPTH]
        trace = trace.tb_next
    return tuple(reversed(found))


def _finding(deaths: list[Death], options: RuntimeOptions) -> Finding:
    death = deaths[0]
    rule = options.rules.get(CODE, Rule(CODE, "warning"))
    where = naming.spot(death.stack)
    said = f": {death.text}" if death.text else ""
    function = where.function or "a thread"
    evidence = [line for line in dict.fromkeys(one.made for one in deaths) if line][:3]
    if len(deaths) > 1:
        evidence.append(f"{len(deaths)} threads ended like this")
    step = Step(
        "raised",
        where.place,
        where.function,
        thread=death.name,
        note=f"{death.kind}{said}",
        stack=callers(death.stack),
    )
    return Finding(
        code=CODE,
        name=rule.name,
        subject=f"{death.kind} in {function}",
        message=f"A thread died of {death.kind}{said}",
        place=where.place,
        confidence=Confidence.OBSERVED,
        severity=Severity(rule.severity),
        steps=(step,),
        evidence=tuple(evidence),
        help=rule.help,
        origin=Origin.RUN,
        context=where.function,
    )
