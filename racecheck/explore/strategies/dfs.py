"""Every schedule, or one of each kind that differs: depth first, by running again.

Two reductions leave out orders that lead where another one led. Sleep sets (Godefroid, LNCS 1032,
1996): when a branch has been searched, its agent sleeps in the branches beside it, until somebody
does something that its next operation depends on. Dynamic partial-order reduction (Flanagan and
Godefroid, POPL 2005): a branch is searched only if a race seen below could go the other way by it.

A bound on preemptions is CHESS's (Musuvathi and Qadeer, PLDI 2007). It does not mix with these by
itself: what the bound cut may be what another branch was left out for (Coons, Musuvathi and
McKinley, OOPSLA 2013). So with a bound all branches are searched, and only an agent whose branch
was searched whole goes to sleep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from racecheck.explore.operations import Operation, dependent
from racecheck.explore.strategies.base import Agent, Decision, can_go_on, steady
from racecheck.explore.strategies.reversals import Reversals

_NUMBER: Final = "number"


@dataclass(slots=True)
class _Node:
    """A choice on the way to where the search is.

    `here` tells whether a later run came to the same place. `choice` is being searched, `todo` is
    still to be, `done` was, and wholly. `spare` need not be, unless a race asks for it. `cut`:
    something below was left out that may differ.
    """

    here: tuple[str, ...]
    choice: str
    todo: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    cut: bool = False
    cut_below: bool = False

    def next(self) -> bool:
        """Go on to the next branch, if there is one."""
        if self.cut_below:
            self.cut = True
        else:
            self.done.append(self.choice)
        self.cut_below = False
        if not self.todo:
            return False
        self.choice = self.todo.pop(0)
        return True

    def want(self, agents: set[str], first: str) -> None:
        """Search one of the agents, unless one is, or is asleep.

        `first`, who lost the race, may be blocked here: then it did not lose it by chance. If
        another is, something ordered them that no operation told, such as a lock given back.
        """
        here = self.here[3:]
        if any(path not in here for path in agents - {first}):
            self.todo += self.spare
            self.spare = []
            return
        able = [path for path in here if path in agents]
        if able and all(path in self.spare for path in able):
            path = first if first in able else able[0]
            self.spare.remove(path)
            self.todo.append(path)


class DepthFirst:
    """Searches the tree of schedules, the default choice first.

    `bound`: at most so many preemptions in a schedule; `depth`: no branches beyond so many choices.
    `complete`: all was searched, nothing was cut, and every run repeated what the search relied on
    (`diverged` counts those that did not). `pruned` counts runs given up, which others stand for.
    """

    name = "dfs"

    def __init__(
        self, bound: int | None = None, schedules: int | None = None, depth: int = 5000
    ) -> None:
        self.complete = False
        self.diverged = 0
        self.pruned = 0
        self._bound = bound
        self._left = schedules
        self._depth = depth
        self._cut = False
        self._stack: list[_Node] = []
        self._begun = False
        self._new = 0
        self._reset()

    def _reset(self) -> None:
        self._at = 0
        self._lost = False
        self._forced = 0
        self._sleep: dict[str, Operation] = {}
        self._reversals = Reversals()
        self._events: list[_Node | None] = []
        self._agents: dict[str, Agent] = {}
        self._pending: dict[str, Operation] = {}

    def again(self) -> DepthFirst:
        """The same search from the start, for what is left of its schedules."""
        return DepthFirst(self._bound, self._left, self._depth)

    def begin(self) -> bool:
        """On to the next branch; False at the end of the tree, or of the schedules asked for."""
        if self._begun and not self._backtrack():
            self.complete = not self._cut and not self.diverged
            return False
        if self._left is not None:
            if self._left <= 0:
                self._begun = False
                return False
            self._left -= 1
        self._begun = True
        self._new = len(self._stack)
        self._reset()
        return True

    def _backtrack(self) -> bool:
        stack = self._stack
        if self._at < len(stack):  # The run ended before it came to where it should.
            self._diverge()
        self._want_last()
        while stack:
            if stack[-1].next():
                return True
            self._note_cut(stack.pop().cut)
        return False

    def _note_cut(self, cut: bool) -> None:
        if not cut:
            return
        if self._stack:
            self._stack[-1].cut_below = True
        else:
            self._cut = True

    def _diverge(self) -> None:
        """What is below here belongs to a program that is not there this time."""
        if not self._lost:
            self.diverged += 1
        self._lost = True
        del self._stack[self._at :]
        self._note_cut(True)

    def choose(self, decision: Decision) -> Agent | None:
        """Whom the branch says; None if only agents that sleep can go on."""
        if self._lost:
            return steady(decision)
        agents = {agent.path: agent for agent in decision.enabled}
        self._look(decision)
        here = (decision.agent.path, decision.agent.pending.key, str(decision.nth), *agents)
        node = self._recall(here)
        if self._lost:
            return steady(decision)
        if node is None and len(self._stack) < self._depth:
            node = self._branch(decision, here)
            if node is None:
                self.pruned += 1
                return None
        if node is None:
            self._note_cut(len(agents) > 1)
        chosen = agents[node.choice] if node else steady(decision)
        self._forced += chosen is not decision.agent and can_go_on(decision)
        self._go(node, agents, chosen)
        return chosen

    def _look(self, decision: Decision) -> None:
        """Who is there, and about to do what."""
        for agent in (decision.agent, *decision.enabled):
            if agent.path not in self._agents:
                self._agents[agent.path] = agent
                if decision.agent.path == re.split(r"[./](?=[0-9]+$)", agent.path)[0]:
                    self._reversals.born(agent.path, decision.agent.path)
        self._pending = {path: agent.pending for path, agent in self._agents.items()}

    def _recall(self, here: tuple[str, ...]) -> _Node | None:
        """The node at which the run has arrived, if it is a known one."""
        if self._at >= len(self._stack):
            return None
        node = self._stack[self._at]
        if node.here != here:
            self._diverge()
            return None
        self._at += 1
        return node

    def _branch(self, decision: Decision, here: tuple[str, ...]) -> _Node | None:
        """A new node; None if it has no branches."""
        first = steady(decision).path
        paths = [agent.path for agent in decision.enabled if agent.path not in self._sleep]
        paths.sort(key=lambda path: path != first)
        cut = False
        if self._bound is not None and self._forced >= self._bound:
            if can_go_on(decision):
                kept = [path for path in paths if path == decision.agent.path]
                cut, paths = len(kept) < len(paths), kept
        if not paths:
            self._note_cut(cut)
            return None
        node = _Node(here, paths[0], cut=cut)
        if self._bound is None:
            node.spare = paths[1:]
        else:
            node.todo = paths[1:]
        return self._push(node)

    def _push(self, node: _Node) -> _Node:
        self._stack.append(node)
        self._at += 1
        return node

    def _go(self, node: _Node | None, agents: dict[str, Agent], chosen: Agent) -> None:
        """The chosen agent makes its step."""
        did = chosen.pending
        if node is not None:
            self._sleep |= {path: agents[path].pending for path in node.done}
        self._sleep = {
            path: operation
            for path, operation in self._sleep.items()
            if path != chosen.path and not dependent(operation, did)
        }
        if self._bound is None:
            if self._at >= self._new:
                self._want(chosen.path, did)
            self._reversals.step(chosen.path, did)
            self._events.append(node)

    def _want(self, path: str, operation: Operation) -> None:
        """Search the other way round what races with the operation."""
        for event in self._reversals.races(path, operation):
            node = self._events[event]
            if node is not None and node.spare:
                node.want(self._reversals.initials(event, path, operation), path)

    def _want_last(self) -> None:
        """The same for what agents were still about to do when the run ended."""
        if self._bound is None and not self._lost:
            for path, operation in self._pending.items():
                self._want(path, operation)

    def number(self, limit: int) -> int:
        """A branch for each."""
        here = (_NUMBER, str(limit))
        node = None if self._lost else self._recall(here)
        if self._lost or len(self._stack) >= self._depth:
            return 0
        if node is None:
            node = self._push(_Node(here, "0", [str(value) for value in range(1, limit)]))
        return int(node.choice)
