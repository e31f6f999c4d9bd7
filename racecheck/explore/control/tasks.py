"""The tasks of an event loop as agents: what each stands before, and who is next.

A loop runs what is ready in the order in which it became ready. That is the default here; a
decision that differs lets another task overtake, and goes on with it until it waits for something.
So one deviation is one change of the order, as a delay is in delay-bounded scheduling (Emmi, Qadeer
and Rakamaric, POPL 2011), and stays short to say. Only steps of tasks overtake each other: asyncio
documents the order of callbacks, so these keep their place among all others.
"""

from __future__ import annotations

import re
import sys
import weakref
from collections import Counter, deque
from collections.abc import Iterable
from typing import Any, Final

from racecheck.explore.control.agents import Agent
from racecheck.explore.control.awaited import holders, place_of, primitive_of
from racecheck.explore.control.controller import Controller
from racecheck.explore.operations import NOTHING, Operation, Touches
from racecheck.explore.outcome import Blocked
from racecheck.explore.places import places
from racecheck.runtime.waits import Abandoned

PATIENCE: Final = 50
"""Steps of others after which a task has to come: they may be waiting for it."""

ROUNDS: Final = 8
"""Times that a task goes on from one place before other threads are let pass."""

LAST_BEGUN: Final = 100
LAST: Final = 10_000
"""Steps that the tasks of a loop are given, once the run is over: to begin, and to clean up."""

_STEPS: Final = frozenset({"task_wakeup", "__step", "__wakeup"})
_UNNAMED: Final = re.compile(r"Task-[0-9]+")


class TaskAgent(Agent):
    """One task. It has no gate: it runs when its loop does."""

    def __init__(self, path: str, task: Any, made: str, touches: Touches) -> None:
        super().__init__(path, "task")
        self._touches = touches
        self.task_of = weakref.ref(task)
        self.made = made
        self.moved = True

    @property
    def place(self) -> str:
        """Where it awaits or begins; where it was made, if that is nowhere in the user's code."""
        return place_of(self.task_of()) or self.made

    def stand(self) -> None:
        """See where it stands now."""
        if self.moved:
            self.moved = False
            task = self.task_of()
            self.pending = (
                Operation("step", self.place, self._touches) if _is_alive(task) else NOTHING
            )


class Ready(deque[Any]):
    """The handles that a loop is to run: whoever takes the first takes the one that is chosen."""

    def __init__(self, handles: Any, tasks: Tasks) -> None:
        super().__init__(handles)
        self.tasks = tasks

    def popleft(self) -> Any:
        """What the loop runs next."""
        at = self.tasks.next(self)
        if at == 0:
            return super().popleft()
        handle = self[at]
        del self[at]
        return handle


class Tasks:
    """The tasks of one loop, in one run."""

    def __init__(self, loop: Any, controller: Controller, run: int) -> None:
        self.run = run
        self._loop = weakref.ref(loop)
        self._touches: Touches = ((id(loop), True),)
        # Why nothing else: what a step does to what other threads see is told by its thread.
        self._steps_of: Touches = (((id(loop), "step"), True),)
        self._controller = controller
        self._agents: dict[int, TaskAgent] = {}
        self._names: Counter[str] = Counter()
        self._nameless: list[TaskAgent] = []
        self._place: str | None = None
        self._overtaking: TaskAgent | None = None
        self._given_up = 0
        self._others = 0
        self._steps: Counter[tuple[str, str]] = Counter()

    # -- who they are

    def agent(self, task: Any, parent: Agent, made: str = "") -> TaskAgent:
        """The agent of a task; if it has none yet, it is the next that `parent` made."""
        agent = self._agents.get(id(task))
        if agent is None or agent.task_of() is not task:
            agent = TaskAgent(parent.task_path(), task, made, self._steps_of)
            self._agents.pop(id(task), None)
            self._agents[id(task)] = agent
            self._nameless.append(agent)
        return agent

    def current(self, me: Agent) -> Agent:
        """Who makes tasks now: the task that runs, else the thread."""
        loop = self._loop()
        asyncio = sys.modules["asyncio"]
        if loop is None or asyncio._get_running_loop() is not loop:
            return me
        task = asyncio.current_task(loop)
        return me if task is None else self.agent(task, me)

    def _name(self) -> None:
        """Name those that are new. Why not at once: some are given a name after they were made."""
        for agent in self._nameless:
            task = agent.task_of()
            if task is None:
                continue
            name = task.get_name()
            if _UNNAMED.fullmatch(name):
                coroutine = task.get_coro()
                name = getattr(coroutine, "__qualname__", type(coroutine).__name__)
                name = name.rpartition("<locals>.")[2]
            self._names[name] += 1
            number = self._names[name]
            agent.name = f"task {name}" if number == 1 else f"task {name}-{number}"
        self._nameless.clear()

    # -- who is next

    def next(self, ready: Ready) -> int:
        """Where the handle stands that the loop is to run now."""
        controller = self._controller
        me = controller.me()
        if me is None or me.deciding:
            return 0
        if controller.over:
            self.give_up(me)
            return 0
        if me.quiet:
            return 0
        if len(controller.agents) > 1:
            self._let_threads_pass(me)
        return 0 if controller.over else self._choose(me, list(ready))

    def _let_threads_pass(self, me: Agent) -> None:
        controller = self._controller
        others = controller.others(me)
        if others != self._others:
            self._others = others
            self._steps.clear()
        try:
            controller.point("select", self._placed(), self._touches, polls=self._turns_around())
        except Abandoned:
            self.give_up(me)

    def _turns_around(self) -> bool:
        """Whether tasks do the same over and over: they may be waiting for another thread."""
        return any(count > ROUNDS for count in self._steps.values())

    def _placed(self) -> str:
        if self._place is None:
            self._place = places.here(3)
        return self._place

    def _choose(self, me: Agent, handles: list[Any]) -> int:
        able: dict[TaskAgent, int] = {}
        for at, handle in enumerate(handles):
            task = stepped_by(handle)
            if task is None:
                break
            able.setdefault(self.agent(task, me), at)
        me.task = None
        if self._nameless:
            self._name()
        if not able:
            return 0
        self._keep_overtaking(able, handles)
        chosen = self._ask(list(able))
        for agent in able:
            agent.streak += 1
        chosen.streak = 0
        chosen.moved = True
        self._steps[chosen.path, chosen.pending.key] += 1
        me.task = chosen
        return able[chosen]

    def _keep_overtaking(self, able: dict[TaskAgent, int], handles: list[Any]) -> None:
        """Whoever overtook goes on until it waits for something, or for too long."""
        one = self._overtaking
        if one is None or one in able:
            return
        task = one.task_of()
        if task is None or all(stepped_by(handle) is not task for handle in handles):
            self._overtaking = None

    def _ask(self, able: list[TaskAgent]) -> TaskAgent:
        for agent in able:
            agent.stand()
        patience = max(PATIENCE, 2 * len(able))
        late = [agent for agent in able if agent.streak >= patience]
        first = self._overtaking
        if first is None or late or first not in able:
            first = (late or able)[0]
        chosen: Any = self._controller.pick(first, tuple(late or able), first.visit())
        if late:
            self._overtaking = None
        elif chosen is not first:
            self._overtaking = chosen
        assert isinstance(chosen, TaskAgent)
        return chosen

    # -- how it ends

    def give_up(self, me: Agent, *, at_once: bool = False) -> None:
        """The run is over, and the loop is to end.

        Before it is told so, tasks may begin that are ready to: a coroutine that never began would
        be complained of. After that, tasks may clean up, for a while.
        """
        self._given_up += 1
        if self._given_up == 1:
            me.quiet += 1
            loop = self._loop()
            if loop is not None:
                silence(loop)
        if at_once or self._given_up == LAST_BEGUN or self._given_up > LAST:
            raise Abandoned("the run is over")

    def in_order(self, tasks: Iterable[Any]) -> list[Any]:
        """The tasks, the eldest first."""
        places = {at: place for place, at in enumerate(self._agents)}
        return sorted(tasks, key=lambda task: places.get(id(task), len(places)))

    def coroutines(self) -> list[Any]:
        """Those of tasks that are not done."""
        tasks = [agent.task_of() for agent in self._agents.values()]
        return [task.get_coro() for task in tasks if task is not None and not task.done()]

    def blocked(self) -> list[Blocked]:
        """Tasks that wait, when nothing can come any more."""
        found = []
        self._name()
        for agent in self._agents.values():
            task = agent.task_of()
            if _is_alive(task):
                kind, target, by = self._awaited(task)
                found.append(Blocked(agent.path, agent.name, agent.place, kind, target, by))
        return found

    def _awaited(self, task: Any) -> tuple[str, str, str]:
        """What kind of wait it is in, for what, and the path of the task that could end it."""
        found = primitive_of(task)
        if found is not None and found[0] != "join":
            kind, text, target = found
            holder = holders.get(target) if kind == "lock" else None
            return kind, text, holder.path if isinstance(holder, TaskAgent) else ""
        waiter = task._fut_waiter
        for other in (waiter, *getattr(waiter, "_children", ())):
            agent = self._agents.get(id(other))
            if agent is not None and other is agent.task_of() and _is_alive(other):
                return "join", f"the end of {agent.name}", agent.path
        return (*found[:2], "") if found is not None else ("future", "a result", "")


def tasks_of(loop: Any, controller: Controller, run: int) -> Tasks:
    """Those of a loop that is written in Python; from now on its ready handles are chosen from."""
    ready = loop._ready
    if type(ready) is Ready:
        if ready.tasks.run != run:
            ready.tasks = Tasks(loop, controller, run)
            if vars(loop).get("call_exception_handler") is _silent:
                del loop.call_exception_handler
        return ready.tasks
    tasks = Tasks(loop, controller, run)
    loop._ready = Ready(ready, tasks)
    return tasks


def is_ours(loop: Any) -> bool:
    """Whether it is a loop that is written in Python."""
    return isinstance(getattr(loop, "_ready", None), deque)


def loop_of(selector: Any) -> Any:
    """The loop that runs on this thread, if it waits by this selector."""
    asyncio = sys.modules.get("asyncio")
    loop = asyncio._get_running_loop() if asyncio is not None else None
    return loop if loop is not None and getattr(loop, "_selector", None) is selector else None


def stepped_by(handle: Any) -> Any:
    """The task that the handle goes on with, None if it is any other callback."""
    callback = handle._callback
    owner = getattr(callback, "__self__", None)
    if owner is None or not hasattr(owner, "get_coro"):
        return None
    if type(callback).__name__ == "TaskStepMethWrapper":
        return owner
    return owner if getattr(callback, "__name__", "") in _STEPS else None


def _is_alive(task: Any) -> bool:
    return task is not None and not task.done()


def silence(loop: Any) -> None:
    """Let the loop say nothing about tasks that are left in it."""
    loop.call_exception_handler = _silent


def _silent(_: object) -> None:
    """Instead of a loop's exception handler: what is left of a run that was ended says nothing."""
