"""What goes to the processes that explore, and what comes back: values that can be pickled."""

from __future__ import annotations

import os
import pickle
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import uuid4

from racecheck import __version__
from racecheck.core.finding import Finding
from racecheck.core.schedule import Schedule
from racecheck.explore.jobs.legs import Leg
from racecheck.explore.jobs.shares import Share
from racecheck.explore.verdict import Verdict
from racecheck.settings import Loaded

FUNCTIONS: Final = "racecheck.bridge.child"
TESTS: Final = "racecheck.testing.child"
"""Modules that explore in a process of their own."""

Versions: TypeAlias = "tuple[str, str]"


def versions() -> Versions:
    """Of racecheck and of Python: what goes from process to process fits only the same ones."""
    return __version__, ".".join(platform.python_version_tuple()[:2])


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process must know before its first order. `module` runs there.

    `arguments`: of pytest. `environment`: variables that settings come from. `run` tells one
    exploration from the next: the code may have changed in between.
    """

    loaded: Loaded
    module: str = FUNCTIONS
    folder: str = field(default_factory=os.getcwd)
    path: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    versions: Versions = field(default_factory=versions)
    run: str = field(default_factory=lambda: uuid4().hex)

    @property
    def problem(self) -> str:
        """Why this process is no place for it, "" if it is one."""
        if self.versions != versions():
            ours, theirs = (" and Python ".join(one) for one in (self.versions, versions()))
            return f"{platform.node()} has racecheck {theirs}; this is racecheck {ours}"
        if not Path(self.folder).is_dir():
            return f"{platform.node()} has no folder {self.folder}: workers need the same project"
        return ""


@dataclass(frozen=True, slots=True)
class Order:
    """One part of the exploration of `target`; `whole` asks for its end, `share` for a share.

    `home` and `name` are those of a function. `points`: decision points that are known.
    """

    target: str
    home: str = ""
    name: str = ""
    saved: tuple[Schedule, ...] = ()
    share: Share | None = None
    points: frozenset[str] = frozenset()
    whole: Leg | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`leg` or `verdict`, with the findings of it; or what went wrong.

    `usage`: a message and a hint for whoever has named the target. `told`: lines, as they came.
    `reports`: of pytest.
    """

    leg: Leg | None = None
    verdict: Verdict | None = None
    findings: tuple[Finding, ...] = ()
    fault: str = ""
    usage: tuple[str, str] = ("", "")
    told: tuple[str, ...] = ()
    skipped: str = ""
    reports: tuple[Any, ...] = ()


def packed(value: Any) -> bytes:
    """As it goes through pipes and executors."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Any:
    """The same again. The other side is a process that we have started."""
    return pickle.loads(data)  # noqa: S301


def sys_path() -> tuple[str, ...]:
    """Where modules are looked for here, in words that hold in another process."""
    return tuple(str(Path(one or ".").absolute()) for one in sys.path)
