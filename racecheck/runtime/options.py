"""What the runtime is told from outside: plain values, as it imports nothing of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WATCH: Final = ("races", "lock-order", "hangs", "signals", "leaks", "exceptions")
"""What can be watched. `memory` is asked for by name only."""

BACKENDS: Final = ("rewrite", "monitoring", "settrace")
"""In the order in which they are tried."""

ACTIONS: Final = ("report", "fail", "exit")
"""What happens to a hang that is proven: said and no more; its test fails; the process ends."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Name and severity of a code, as the catalogue has them."""

    name: str
    severity: str = "error"
    help: str = ""


@dataclass(frozen=True, slots=True)
class RuntimeOptions:
    """How one run is watched.

    `trace`: packages, modules or folders whose code is looked at; empty: all that is not the
    standard library or an installed package. `hang_timeout`: seconds without any movement after
    which the watchdog speaks. `trace_file`: where events are written as they happen, "" for
    nowhere.
    """

    watch: tuple[str, ...] = WATCH
    backend: str = "auto"
    trace: tuple[str, ...] = ()
    root: str = ""
    hang_timeout: float = 10.0
    hang_action: str = "report"
    trace_file: str = ""
    notes: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)
