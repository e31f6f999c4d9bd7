"""A machine without threads: what explores it sees agents, operations and decisions as of a run.

A body is a generator that yields what it is about to do and gets the value back. Keys of operations
are places in the source, as in reality; `program` makes a machine anew for each schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

from racecheck.explore.operations import NOTHING, Operation
from racecheck.explore.strategies.base import Decision, Strategy

Body = Generator["Op", Any, None]


class Op(NamedTuple):
    """`can`: whether it can be done now. `do`: what it does, and the value it gives."""

    kind: str
    touches: tuple[tuple[str, bool], ...] | None
    do: Callable[[], Any]
    can: Callable[[], bool] = lambda: True
    polls: bool = False
    place: str = ""


class End(NamedTuple):
    """How a run ended: "" is well, else a failure; `state` is what variables held then."""

    failure: str
    state: tuple[tuple[str, Any], ...]


class Runner:
    """An agent. It stands before its first operation only when it has begun."""

    def __init__(self, path: str, body: Callable[[], Body]) -> None:
        self.path = path
        self.body = body()
        self.op: Op | None = Op("begin", (), lambda: None)
        self.pending = Operation("begin", "", ())
        self.stands: dict[str, int] = {}
        self.nth = 0
        self.children = 0
        self.steps = 0
        self.polled: tuple[str, int] | None = None
        self.blocked = False

    def can(self) -> bool:
        """All but a join may be tried; whoever failed waits until it can be done."""
        op = self.op
        return op is not None and ((not self.blocked and op.kind != "join") or op.can())

    def go(self, value: Any) -> Op | None:
        """On to the next operation."""
        if self.op is not None and self.op.kind == "end":
            self.op, self.pending, self.nth = None, NOTHING, 0
            return None
        try:
            self.op = op = self.body.send(value)
        except StopIteration:
            self.op = op = Op("end", ((f"agent {self.path}", True),), lambda: None)
        frame = self.body.gi_frame
        place = op.place or f"{self.body.gi_code.co_name}:{frame.f_lineno if frame else 0}"
        self.pending = Operation(op.kind, place, op.touches)
        return op

    def stand(self) -> None:
        """Before an operation; others may go on."""
        self.steps += 1
        self.nth = self.stands.get(self.pending.key, 0)
        self.stands[self.pending.key] = self.nth + 1

    def block(self) -> None:
        """It tried to take what is not there. Of what waits for a lock that is known, no more."""
        self.blocked = True
        touches = self.pending.touches if self.pending.kind == "acquire" else None
        self.pending = self.pending._replace(kind="blocked", touches=touches)
        self.stand()


class Machine:
    """Variables, locks and agents. One for each run.

    With `coarse`, as in reality, giving a lock back and ending are no steps of their own, but
    happen together with the step before them, and say nothing of it.
    """

    def __init__(self, coarse: bool = False) -> None:
        self.coarse = coarse
        self.vars: dict[str, Any] = {}
        self.locks: dict[str, str] = {}
        self.agents: list[Runner] = []
        self.running: Runner | None = None
        self.steps = 0
        self.strategy: Strategy | None = None

    # What bodies say.

    def read(self, name: str) -> Op:
        return Op("access", ((name, False),), lambda: self.vars.get(name, 0))

    def write(self, name: str, value: Any) -> Op:
        return Op("access", ((name, True),), lambda: self.vars.__setitem__(name, value))

    def ask(self, name: str) -> Op:
        """Is it set? As a loop asks that does nothing else."""
        return Op("ask", ((name, False),), lambda: self.vars.get(name, 0), polls=True)

    def wait(self, name: str) -> Op:
        return Op("wait", ((name, False),), lambda: None, lambda: bool(self.vars.get(name)))

    def wait_any(self, names: str) -> Op:
        """For the first of several, each of one letter; gives those that are there."""

        def there() -> int:
            return sum(1 << at for at, name in enumerate(names) if self.vars.get(name))

        return Op("wait", tuple((name, False) for name in names), there, lambda: bool(there()))

    def give(self, name: str) -> Op:
        """A semaphore, one up."""
        return Op("put", ((name, True),), lambda: self._add(name, 1))

    def take(self, name: str) -> Op:
        """A semaphore, one down; gives what was there."""

        def can() -> bool:
            return bool(self.vars.get(name, 0) > 0)

        return Op("acquire", ((name, True),), lambda: self._add(name, -1), can)

    def _add(self, name: str, more: int) -> int:
        before: int = self.vars.get(name, 0)
        self.vars[name] = before + more
        return before

    def unknown(self, name: str) -> Op:
        """Code of which nobody knows what it touches."""
        return Op("access", None, lambda: self._add(name, 1))

    def acquire(self, name: str) -> Op:
        def do() -> None:
            assert self.running is not None
            self.locks[name] = self.running.path

        return Op("acquire", ((f"lock {name}", True),), do, lambda: name not in self.locks)

    def release(self, name: str) -> Op:
        return Op("release", ((f"lock {name}", True),), lambda: self.locks.pop(name))

    def start(self, body: Callable[[], Body]) -> Op:
        def do() -> Runner:
            assert self.running is not None
            self.running.children += 1
            self.agents.append(
                child := Runner(f"{self.running.path}.{self.running.children}", body)
            )
            return child

        return Op("start", (), do)

    def join(self, other: Runner) -> Op:
        """Once the other has ended, nobody can change that: so it touches nothing."""
        return Op("join", (), lambda: None, lambda: other.op is None)

    def number(self, limit: int) -> Op:
        def do() -> int:
            assert self.strategy is not None
            return self.strategy.number(limit)

        return Op("number", (), do)

    # How it runs.

    def run(self, main: Callable[[], Body], strategy: Strategy, limit: int = 400) -> End | None:
        """One schedule; None if the strategy did not want to see its end."""
        self.strategy = strategy
        self.agents = [Runner("0", main)]
        try:
            return self._run(strategy, limit)
        finally:
            for agent in self.agents:  # A run that is over leaves nothing to look at.
                agent.pending = NOTHING

    def _run(self, strategy: Strategy, limit: int) -> End | None:
        last = self.agents[0]
        for step in range(limit):
            enabled = self._enabled()
            if not enabled:
                break
            enabled = self._patient(last, enabled)
            chosen = strategy.choose(Decision(step, last, last.nth, enabled))
            if chosen is None:
                return None
            assert chosen in enabled
            last = self.running = chosen
            try:
                self._step(last)
            except AssertionError as failure:
                return End(f"{last.path}: {failure}", self._state())
        waiting = [agent.path for agent in self.agents if agent.op is not None]
        kind = "endless" if self._enabled() else f"deadlock of {' '.join(waiting)}"
        return End(kind if waiting else "", self._state())

    def _enabled(self) -> tuple[Runner, ...]:
        return tuple(agent for agent in self.agents if agent.can())

    def _patient(self, last: Runner, enabled: tuple[Runner, ...]) -> tuple[Runner, ...]:
        """Without the agent that asks again what it asked before, and nobody else did anything."""
        if last.op is None or not last.op.polls or len(enabled) == 1:
            return enabled
        before, last.polled = last.polled, (last.pending.key, self.steps - last.steps)
        if before != last.polled:
            return enabled
        return tuple(agent for agent in enabled if agent is not last)

    def _step(self, agent: Runner) -> None:
        op = agent.op
        assert op is not None
        self.steps += 1
        if not op.can():
            agent.block()
            return
        agent.blocked = False
        value = op.do()
        following = agent.go(value)
        while self.coarse and following is not None and following.kind in ("release", "end"):
            following = agent.go(following.do())
        if following is not None:
            agent.stand()

    def _state(self) -> tuple[tuple[str, Any], ...]:
        return tuple(sorted(self.vars.items()))


Program = Callable[[Machine], Callable[[], Body]]


def once(
    program: Program, strategy: Strategy, limit: int = 400, coarse: bool = False
) -> End | None:
    """The next schedule of a strategy that has begun it."""
    machine = Machine(coarse)
    return machine.run(program(machine), strategy, limit)


def ends(
    program: Program, strategy: Strategy, limit: int = 400, coarse: bool = False
) -> Iterator[End | None]:
    """All schedules of a strategy, one after another."""
    while strategy.begin():
        yield once(program, strategy, limit, coarse)


class _Forced:
    """Follows a list of places among the enabled, then 0; keeps how many there were."""

    name = "forced"

    def __init__(self, prefix: list[int]) -> None:
        self.prefix = prefix
        self.widths: list[int] = []

    def begin(self) -> bool:
        return True

    def number(self, limit: int) -> int:
        at = len(self.widths)
        self.widths.append(limit)
        return self.prefix[at] if at < len(self.prefix) else 0

    def choose(self, decision: Decision) -> Any:
        return decision.enabled[self.number(len(decision.enabled))]


def brute(program: Program, limit: int = 400, coarse: bool = False) -> Iterator[End]:
    """Every interleaving there is, with nothing clever about it: the oracle."""
    prefix: list[int] = []
    while True:
        forced = _Forced(prefix)
        end = once(program, forced, limit, coarse)
        assert end is not None
        yield end
        prefix = (prefix + [0] * len(forced.widths))[: len(forced.widths)]
        while prefix and prefix[-1] + 1 == forced.widths[len(prefix) - 1]:
            prefix.pop()
        if not prefix:
            return
        prefix[-1] += 1
