"""What an exploration has left to try, as shares that need nothing of each other.

A share is a stretch of the schedules that one process would try one after another, so that several
processes come to what one comes to. Depth first cannot be cut: each run says what the next one is.
How it is cut depends on the plan alone, never on how many processes there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from racecheck.explore.strategies.base import Strategy
from racecheck.explore.strategies.dfs import DepthFirst
from racecheck.explore.strategies.pct import PCT
from racecheck.explore.strategies.pos import POS
from racecheck.explore.strategies.random_walk import RandomWalk

if TYPE_CHECKING:
    from racecheck.explore.explorer import Plan

FEW: Final = 40
"""Decisions of the ordinary run up to which every schedule may be tried before others."""

BEYOND_RACE: Final = 60
"""Schedules that are tried to turn a race into something that everybody can see."""

LEAST: Final = 25
"""Schedules of a share: fewer are not worth the ordinary runs that come before them."""

MOST: Final = 16
"""Shares that one strategy is cut into: the last process is not to end long after the others."""


@dataclass(frozen=True, slots=True)
class Share:
    """`count` schedules of a strategy, from the one numbered `first` on.

    `guess`: how many decisions a run has, as far as is known. `most`: runs that it may take, which
    of depth first are more: it begins again where decision points are new.
    """

    kind: str
    count: int
    seed: int = 0
    depth: int = 0
    bound: int | None = None
    first: int = 0
    guess: int = 0
    most: int = 0

    def strategy(self) -> Strategy:
        """What tries them."""
        if self.kind == "dfs":
            return DepthFirst(self.bound, schedules=self.count)
        if self.kind == "pct":
            return PCT(
                self.depth, 0, self.seed, schedules=self.count, first=self.first, guess=self.guess
            )
        kind = POS if self.kind == "pos" else RandomWalk
        return kind(self.seed, self.count, self.first)


def planned(plan: Plan, decisions: int) -> Iterator[Share]:
    """What is tried after the ordinary runs, the schedules that failed before, and the suspects."""
    many, seed = plan.schedules, plan.seed
    if plan.strategy == "auto":
        yield from _all_kinds(plan, decisions)
    elif plan.strategy == "dfs":
        yield Share("dfs", many, bound=plan.bound)
    elif plan.strategy == "pct":
        yield Share("pct", many, seed, plan.depth)
    elif plan.strategy in ("pos", "random"):
        yield Share(plan.strategy, many, seed)


def _all_kinds(plan: Plan, decisions: int) -> Iterator[Share]:
    quarter = max(plan.schedules // 4, 1)
    few = decisions <= FEW
    part = max(quarter // 2, 1) if few else quarter
    if few:
        # Why so few: a small tree is searched whole, in a large one chance finds more at first.
        yield Share("dfs", part, bound=plan.bound)
    yield Share("pct", part, plan.seed, 2)
    yield Share("pos", part, plan.seed + 2)
    yield Share("pct", part, plan.seed + 1, 3)
    if few:
        yield Share("dfs", 2 * quarter, bound=plan.bound)
    else:
        yield Share("dfs", quarter, bound=2)


def cut(shares: Iterable[Share], guess: int, left: int) -> Iterator[Share]:
    """The same schedules in smaller shares, in order; `left` schedules at most."""
    for share in shares:
        if left <= 0:
            return
        if share.kind == "dfs":
            yield replace(share, count=min(share.count, left), most=left)
            left -= share.count
            continue
        size = max(LEAST, -(-share.count // MOST))
        for first in range(0, share.count, size):
            count = min(size, share.count - first, left)
            if count > 0:
                begins = guess if first else 0
                yield replace(share, first=first, count=count, most=count, guess=begins)
            left -= count
