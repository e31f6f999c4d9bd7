"""A failing schedule with as few forced switches as possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from typing import NamedTuple, TypeAlias

from racecheck.core.schedule import ANY, Pick, Schedule, Switch

Part: TypeAlias = "Switch | Pick"
Parts: TypeAlias = "tuple[Part, ...]"


class Shrunk(NamedTuple):
    """The shortest schedule found, and how many runs that took."""

    schedule: Schedule
    tried: int


def shrink(schedule: Schedule, fails: Callable[[Schedule], bool], budget: int) -> Shrunk:
    """Look for a shorter `schedule` that fails as well, in at most `budget` runs.

    Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
    TSE 2002) over switches. Its result cannot spare any one switch, but a quite different part
    may be shorter: so single switches are tried, and pairs. Then each switch is made simpler.
    """
    search = _Search(schedule, fails, budget)
    try:
        search.reduce()
        search.alone()
        search.simplify()
    except _SpentError:
        pass
    return Shrunk(search.schedule(search.best), search.tried)


class _SpentError(Exception):
    """No runs are left."""


class _Search:
    def __init__(self, schedule: Schedule, fails: Callable[[Schedule], bool], budget: int) -> None:
        self.all: Parts = (*schedule.switches, *schedule.picks)
        self.best = self.all
        self.tried = 0
        self._target = schedule.target
        self._fails = fails
        self._budget = budget
        self._known = {self.all: True}

    def schedule(self, parts: Parts) -> Schedule:
        """What these parts make."""
        switches = tuple(part for part in parts if isinstance(part, Switch))
        picks = tuple(part for part in parts if isinstance(part, Pick))
        return Schedule(switches, self._target, picks)

    def _fail(self, parts: Parts) -> bool:
        """Whether these parts fail; then they are the best so far."""
        failed = self._known.get(parts)
        if failed is None:
            if self.tried >= self._budget:
                raise _SpentError
            self.tried += 1
            failed = self._known[parts] = self._fails(self.schedule(parts))
        if failed:
            self.best = parts
        return failed

    def reduce(self) -> None:
        """Delta debugging: drop ever smaller pieces, until no single one can be dropped."""
        if not self.best or self._fail(()):
            return
        pieces = 2
        while len(self.best) > 1:
            if self._dropped(pieces):
                pieces = max(pieces - 1, 2)
            elif pieces >= len(self.best):
                return
            else:
                pieces = min(pieces * 2, len(self.best))

    def _dropped(self, pieces: int) -> bool:
        parts = self.best
        bounds = [len(parts) * at // pieces for at in range(pieces + 1)]
        for begin, end in pairwise(bounds):
            if pieces > 2 and self._fail(parts[begin:end]):
                return True
            if self._fail(parts[:begin] + parts[end:]):
                return True
        return False

    def alone(self) -> None:
        """One part, or two, though what is left of more is in no smaller part.

        A switch may have been made to an agent that only had to start the one that matters: so it
        is tried with each of the agents.
        """
        switches = [part for part in self.all if isinstance(part, Switch)]
        agents = sorted({path for switch in switches for path in (switch.agent, switch.to)})
        others = (
            replace(switch, to=path)
            for switch in switches
            for path in agents
            if path not in (switch.agent, ANY)
        )
        parts: Parts = tuple(dict.fromkeys((*self.all, *others)))
        for size in (1, 2):
            if len(self.best) > size:
                any(self._fail(few) for few in combinations(parts, size))

    def simplify(self) -> None:
        """Earlier moments, and whoever can go on instead of somebody."""
        for at in range(len(self.best)):
            for simpler in _simpler(self.best[at]):
                if self._fail((*self.best[:at], simpler, *self.best[at + 1 :])):
                    break
            part = self.best[at]
            if isinstance(part, Switch) and part.to != ANY:
                self._fail((*self.best[:at], replace(part, to=ANY), *self.best[at + 1 :]))


def _simpler(part: Part) -> Iterator[Part]:
    """The same at an earlier moment, the earliest first."""
    if isinstance(part, Switch):
        earlier = dict.fromkeys((0, part.nth // 2, part.nth - 1))
        yield from (replace(part, nth=nth) for nth in earlier if 0 <= nth < part.nth)
