"""What a schedule says, and the default wherever it says nothing."""

from __future__ import annotations

from racecheck.core.schedule import ANY, Schedule, Switch, mark
from racecheck.explore.strategies.base import Agent, Decision, steady


class Replay:
    """Goes steadily, but where the schedule knows better.

    After a run `met` holds the switches that were made and `missed` the others: their moment did
    not come, or the other agent could not go on then.
    """

    name = "replay"

    def __init__(self, schedule: Schedule, times: int = 1) -> None:
        self.schedule = schedule
        self.met: tuple[Switch, ...] = ()
        self._times = times
        self._asked = 0
        self._numbers = {pick.nth: pick.value for pick in schedule.picks}
        self._switches: dict[tuple[str, int, int], Switch] = {}
        for switch in schedule.switches:
            self._switches.setdefault((switch.agent, switch.mark, switch.nth), switch)
        self._agents = {switch.agent for switch in schedule.switches}

    @property
    def missed(self) -> tuple[Switch, ...]:
        """Switches that could not be made in the last run."""
        return tuple(switch for switch in self.schedule.switches if switch not in self.met)

    def begin(self) -> bool:
        """As often as was asked for."""
        if self._times <= 0:
            return False
        self._times -= 1
        self._asked = 0
        self.met = ()
        return True

    def choose(self, decision: Decision) -> Agent:
        """The default, or whom the schedule names here."""
        agent = decision.agent
        if agent.path in self._agents:
            switch = self._switches.get((agent.path, mark(agent.pending.key), decision.nth))
            if switch is not None and (other := _named(switch, decision)) is not None:
                self.met += (switch,)
                return other
        return steady(decision)

    def number(self, limit: int) -> int:
        """What the schedule says; 0 where it says nothing."""
        value = self._numbers.get(self._asked, 0)
        self._asked += 1
        return value if value < limit else 0


def _named(switch: Switch, decision: Decision) -> Agent | None:
    for other in (*decision.enabled, *decision.late):
        if other.path == switch.to or (switch.to == ANY and other is not decision.agent):
            return other
    return None
