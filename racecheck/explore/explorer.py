"""An exploration from the first ordinary run to the verdict.

In this order: the ordinary run, twice (does it repeat?); schedules that failed before; directed at
each suspicion; depth first a little, if there are few decisions; PCT; POS; depth first with what is
left (`shares.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from racecheck.core.schedule import Schedule
from racecheck.explore.established import established
from racecheck.explore.jobs.shares import BEYOND_RACE, planned
from racecheck.explore.lab import Body, Lab
from racecheck.explore.outcome import RACE, Failure, Run
from racecheck.explore.recording import Recording, same
from racecheck.explore.strategies.base import Strategy
from racecheck.explore.strategies.dfs import DepthFirst
from racecheck.explore.strategies.directed import Directed, Target
from racecheck.explore.strategies.replay import Replay
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Found, Tried, Verdict
from racecheck.runtime import pristine

SHRINKING: Final = 100
"""Runs that may be spent on making one schedule shorter."""

SETTLING: Final = 4
"""Ordinary runs in which decision points may still be learned."""

ASTRAY: Final = 8
"""Runs one after another that leave our control, after which there is no point in more."""

STRATEGIES: Final = ("auto", "directed", "pct", "pos", "random", "dfs")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to try. `saved`: schedules that failed before; `suspects`: of lint, or of a run."""

    strategy: str = "auto"
    schedules: int = 200
    seconds: float = 30.0
    seed: int = 0
    keep_going: bool = False
    bound: int | None = None
    depth: int = 3
    saved: tuple[Schedule, ...] = ()
    suspects: tuple[Target, ...] = ()


Told = Callable[[str], None]


class Explorer:
    """Explores one body in a lab. `told` hears what happens, a line each."""

    def __init__(
        self, lab: Lab, body: Body, plan: Plan, target: str = "", told: Told | None = None
    ) -> None:
        self._lab = lab
        self._body = body
        self._plan = plan
        self._target = target
        self._told: Told = told or _silent
        self._began = pristine.monotonic()
        self._found: dict[tuple[str, str, str], Found] = {}
        self._first: dict[tuple[str, str, str], tuple[Failure, Run, int, str]] = {}
        self._tried: list[Tried] = []
        self._suspects: dict[tuple[str, ...], Target] = {}
        self._met: set[tuple[str, ...]] = set()
        self._limits: list[str] = []
        self._uncontrolled: dict[str, None] = {}
        self._runs = self._failing = self._away = self._astray = 0
        self._longest: Run | None = None
        self._depth = 0
        self._complete = False
        self._repeats = ""
        self._race_at: int | None = None

    def explore(self) -> Verdict:
        """Try what is planned, until something fails or nothing is left."""
        ordinary = self._ordinary()
        if ordinary.threads > 1 or ordinary.decisions:
            for strategy in self._strategies(ordinary):
                if self._enough():
                    break
                self._try(strategy)
        for mark in list(self._first):
            self._confirm(mark)
        return self._verdict(ordinary)

    def so_far(self) -> Verdict:
        """After an interruption: what failed until then, with the schedules that showed it."""
        for mark, (failure, first, number, by) in self._first.items():
            self._found.setdefault(mark, Found(failure, first, number, by, first.schedule, first))
        return self._verdict(self._longest or Run(Schedule(target=self._target)))

    # -- what is run

    def _ordinary(self) -> Run:
        """Until no more decision points are learned; then once more, to see whether it repeats."""
        before: Recording | None = None
        run = None
        for _ in range(SETTLING):
            points = self._lab.learned
            recording = Recording(Replay(Schedule()))
            run = self._run(recording, "ordinary")
            if self._lab.learned > points:
                # Why: a run with other decision points decides otherwise.
                before = None
            elif before is None:
                before = recording
            else:
                self._repeats = same(before, recording) or ""
                if not self._repeats:
                    self._told("checked that the test repeats: the same decisions twice")
                    break
                # Why again: a library that nobody puts back may keep what the first run has made.
                before = recording
            if self._enough():
                break
        assert run is not None
        return run

    def _strategies(self, ordinary: Run) -> Iterator[Strategy]:
        plan = self._plan
        for schedule in plan.saved:
            yield Replay(schedule)
        chosen = plan.strategy
        if chosen in ("auto", "directed") and (suspects := self._suspected()):
            yield Directed(suspects)
        for share in planned(plan, ordinary.decisions):
            yield share.strategy()
            # Why the first: its bound is the one that is said.
            self._depth = self._depth or share.depth

    def _try(self, strategy: Strategy) -> None:
        """One strategy, until it has nothing left; depth first starts again if points are new."""
        began, runs = pristine.monotonic(), self._runs
        while not self._enough() and strategy.begin():
            points = self._lab.learned
            self._run(strategy, strategy.name)
            if isinstance(strategy, DepthFirst) and self._lab.learned > points:
                strategy = strategy.again()
        if isinstance(strategy, DepthFirst) and strategy.complete:
            # Why not with early timeouts: what the clock says is no step that others depend on.
            self._complete = not (self._lab.reach.late or self._repeats or self._lab.early)
        if isinstance(strategy, Directed):
            self._met |= {t.stops for t in self._suspects.values() if strategy.met.get(t.name)}
        spent = pristine.monotonic() - began
        self._tried.append(Tried(strategy.name, self._runs - runs, spent))

    def _run(self, strategy: Strategy, by: str) -> Run:
        run = self._lab.run(strategy, self._body, self._target)
        number, self._runs = self._runs, self._runs + 1
        for target in self._lab.suspects:
            self._suspects.setdefault(target.stops, target)
        if self._longest is None or run.decisions > self._longest.decisions:
            self._longest = run
        if run.limit:
            self._limits.append(run.limit)
        self._away += bool(run.uncontrolled)
        self._astray = self._astray + 1 if run.uncontrolled else 0
        self._uncontrolled.update(dict.fromkeys(run.uncontrolled))
        self._failing += run.failed
        for failure in run.failures:
            if failure.mark not in self._first:
                self._first[failure.mark] = failure, run, number, by
                self._told(f"schedule {number + 1} ({by}) fails: {failure.text}")
                if failure.kind == RACE and self._race_at is None:
                    self._race_at = number
        return run

    def _suspected(self) -> list[Target]:
        for target in self._plan.suspects:
            self._suspects.setdefault(target.stops, target)
        return list(self._suspects.values())

    def _enough(self) -> bool:
        if self._complete or pristine.monotonic() - self._began > self._plan.seconds:
            return True
        if self._runs >= self._plan.schedules or self._astray >= ASTRAY:
            return True
        if self._plan.keep_going:
            return False
        if any(failure.kind != RACE for failure, *_ in self._first.values()):
            return True
        return self._race_at is not None and self._runs - self._race_at > BEYOND_RACE

    # -- what failed

    def _confirm(self, mark: tuple[str, str, str]) -> None:
        """Make its schedule short, and see whether it does it every time."""
        failure, first, number, by = self._first[mark]

        def again(schedule: Schedule, watch: bool) -> Run | None:
            run = self._lab.replay(schedule, self._body, self._target, watch=watch)
            return run if run.failure_like(mark) else None

        sure = established(first, again, SHRINKING, self._is_late)
        few, many = len(sure.schedule.switches), len(first.schedule.switches)
        shorter = f"shrunk from {many} to {few} switches, " if few < many else ""
        self._told(f"{shorter}replayed {sure.replayed} of {sure.replays} times: {failure.text}")
        failure = sure.run.failure_like(mark) or failure
        self._found[mark] = Found(
            failure=failure,
            first=first,
            number=number,
            by=by,
            schedule=Schedule(sure.schedule.switches, self._target, sure.schedule.picks),
            run=sure.run,
            replayed=sure.replayed,
            replays=sure.replays,
            without=sure.without,
            shrinking=sure.shrinking,
            met=self._was_met(failure),
        )

    def _is_late(self) -> bool:
        """Whether making sure has taken as long again as the search was allowed to."""
        return pristine.monotonic() - self._began > self._plan.seconds + max(self._plan.seconds, 5)

    def _was_met(self, failure: Failure) -> bool:
        """Whether all sides of a race stood at their places together."""
        places = {
            f"{step.place.path}:{step.place.line}" for one in failure.findings for step in one.steps
        }
        return any({stop.partition(" ")[2] for stop in stops} <= places for stops in self._met)

    # -- what is said

    def _verdict(self, ordinary: Run) -> Verdict:
        longest = self._longest or ordinary
        reason = self._reason()
        outcome = FAILS if self._found else INCONCLUSIVE if reason else PASSES
        return Verdict(
            target=self._target,
            outcome=outcome,
            found=tuple(self._in_order()),
            tried=tuple(self._tried),
            schedules=self._runs,
            failing=self._failing,
            seconds=pristine.monotonic() - self._began,
            complete=self._complete and not reason and not self._away,
            reason="" if outcome == FAILS else reason,
            repeats=self._repeats,
            threads=longest.threads,
            decisions=longest.decisions,
            points=len(self._lab.reach.points),
            depth=self._depth,
            away=self._away,
            uncontrolled=tuple(self._uncontrolled),
            notes=tuple(self._notes()),
            faults=tuple(self._lab.session.faults()),
        )

    def _reason(self) -> str:
        """Why nothing can be said, if so."""
        if self._limits:
            some = f"{len(self._limits)} of {self._runs} runs were ended"
            return f"{some}: {self._limits[0]}"
        return ""

    def _notes(self) -> list[str]:
        said = self._lab.notes()
        if self._astray >= ASTRAY and self._runs < self._plan.schedules:
            said.append(f"the last {ASTRAY} runs had left our control, so no more were tried")
        return said

    def _in_order(self) -> Sequence[Found]:
        """What everybody can see comes first."""
        return sorted(self._found.values(), key=lambda one: (one.failure.kind == RACE, one.number))


def _silent(_: str) -> None:
    pass
