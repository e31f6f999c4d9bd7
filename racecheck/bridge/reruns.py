"""One schedule again: does it fail as it did, and if not, which of its switches are gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from racecheck.bridge.exploring import interruptible, laboratory
from racecheck.bridge.watching import Judge
from racecheck.core.schedule import Schedule, Switch, mark
from racecheck.explore.established import REPLAYS
from racecheck.explore.explorer import SETTLING
from racecheck.explore.lab import Body, Lab
from racecheck.explore.outcome import Run
from racecheck.explore.recording import Recording
from racecheck.explore.strategies.replay import Replay
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Found, Verdict
from racecheck.runtime import pristine
from racecheck.settings import Loaded


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a schedule that was run again.

    `missed`: what of it could not be done, in words: the code is another one.
    """

    verdict: Verdict
    missed: tuple[str, ...] = ()


class Replayer:
    """Runs one schedule again."""

    def __init__(self, lab: Lab, body: Body, schedule: Schedule, target: str) -> None:
        self._lab = lab
        self._body = body
        self._schedule = Schedule(schedule.switches, target, schedule.picks)
        self._target = target
        self._words = {one.mark: one.key for one in schedule.switches}
        self._runs: list[Run] = []
        self._began = pristine.monotonic()

    def replay(self) -> Replayed:
        """Learn where the decision points are, as an exploration does; then do as it says."""
        self._learn(Schedule())
        strategy = self._learn(self._schedule)
        last = self._runs[-1]
        failed: list[Run] = []
        while self._runs[-1].failed and len(failed) < REPLAYS:
            failed.append(self._runs[-1])
            self._run(Replay(self._schedule))
        missed = tuple(self._worded(switch) for switch in strategy.missed)
        return Replayed(self._verdict(failed, last), missed)

    def _learn(self, schedule: Schedule) -> Replay:
        """Run until nothing more is learned of where others may come between."""
        strategy = Replay(schedule, SETTLING)
        for _ in range(SETTLING):
            points = self._lab.learned
            self._run(strategy)
            if self._lab.learned == points:
                break
        return strategy

    def _run(self, strategy: Replay) -> None:
        strategy.begin()
        recording = Recording(strategy)
        self._runs.append(self._lab.run(recording, self._body, self._target, watch=True))
        for made in recording.made:
            self._words[mark(made.key)] = made.key

    def _worded(self, switch: Switch) -> str:
        key = self._words.get(switch.mark, switch.key)
        place = f"before `{key.strip()}`" if not key.startswith("#") else "at a place that is gone"
        times = f", having been there {switch.nth} times" if switch.nth else ""
        if switch.to == switch.agent:
            return f"thread {switch.agent} {place}{times}, its time over first"
        return f"thread {switch.agent} {place}{times}, on to {switch.to or 'any other'}"

    def _verdict(self, failed: Sequence[Run], last: Run) -> Verdict:
        found = [
            Found(
                failure=failure,
                first=failed[0],
                number=0,
                by="replay",
                schedule=self._schedule,
                run=failed[0],
                replayed=sum(failure.mark in {one.mark for one in run.failures} for run in failed),
                replays=len(failed) + (len(failed) < REPLAYS),
            )
            for failure in (failed[0].failures if failed else ())
        ]
        outcome = FAILS if found else INCONCLUSIVE if last.limit else PASSES
        return Verdict(
            target=self._target,
            outcome=outcome,
            found=tuple(found),
            schedules=len(self._runs),
            failing=sum(run.failed for run in self._runs),
            seconds=pristine.monotonic() - self._began,
            reason=last.limit if outcome == INCONCLUSIVE else "",
            threads=last.threads,
            decisions=last.decisions,
            points=len(self._lab.reach.points),
            uncontrolled=last.uncontrolled,
            notes=tuple(self._lab.notes()),
            faults=tuple(self._lab.session.faults()),
        )


def replay_body(
    body: Body,
    schedule: Schedule,
    target: str,
    loaded: Loaded,
    *,
    lab: Lab | None = None,
    judge: Judge | None = None,
    roots: Iterable[Any] = (),
) -> Replayed:
    """Run one schedule of a body again."""
    if lab is None:
        with laboratory(loaded, judge, imported=True) as lab:
            return replay_body(body, schedule, target, loaded, lab=lab, roots=roots)
    lab.note_state(roots)
    try:
        with interruptible(lab):
            return Replayer(lab, body, schedule, target).replay()
    finally:
        lab.rewind()
