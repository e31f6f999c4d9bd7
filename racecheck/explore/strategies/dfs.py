"""Every schedule once, or one of each kind that differs: depth first, by running again.

Sleep sets leave out orders that lead where another one led (Godefroid, LNCS 1032, 1996): when a
branch has been searched, its agent sleeps in the branches beside it, until somebody does something
that its next operation depends on. A bound on preemptions is CHESS's (Musuvathi and Qadeer, PLDI
2007). The two do not mix by themselves: what the bound cut may be what a sleeping agent stands for
(Coons, Musuvathi and McKinley, OOPSLA 2013). So here only an agent whose branch was searched whole
goes to sleep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from racecheck.explore.operations import Operation, dependent
from racecheck.explore.strategies.base import Agent, Decision, steady

_NUMBER: Final = "number"


@dataclass(slots=True)
class _Node:
    """A choice on the way to where the search is.

    `here` tells whether a later run came to the same place. `choice` is being searched, `todo` is
    still to be, `done` was, and wholly. `cut`: something below was left out.
    """

    here: tuple[object, ...]
    choice: str
    todo: list[str]
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
        self._at = 0
        self._lost = False
        self._forced = 0
        self._sleep: dict[str, Operation] = {}

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
        self._at = self._forced = 0
        self._lost = False
        self._sleep = {}
        return True

    def _backtrack(self) -> bool:
        stack = self._stack
        if self._at < len(stack):  # The run ended, or left, before it came to where it should.
            self._diverge()
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
        here = (decision.agent.path, decision.agent.pending.key, decision.nth, *agents)
        node = self._recall(here) or (None if self._lost else self._branch(decision, here))
        if node is None:
            if self._lost or len(self._stack) >= self._depth:
                return steady(decision)
            self.pruned += 1
            return None
        chosen = agents[node.choice]
        self._forced += chosen is not decision.agent and decision.agent in decision.enabled
        for path in node.done:
            self._sleep[path] = agents[path].pending
        did = chosen.pending
        self._sleep = {
            path: operation
            for path, operation in self._sleep.items()
            if path != node.choice and not dependent(operation, did)
        }
        return chosen

    def _recall(self, here: tuple[object, ...]) -> _Node | None:
        """The node at which the run has arrived, if it is a known one."""
        if self._at >= len(self._stack):
            return None
        node = self._stack[self._at]
        if node.here != here:
            self._diverge()
            return None
        self._at += 1
        return node

    def _branch(self, decision: Decision, here: tuple[object, ...]) -> _Node | None:
        """A new node; None if it has no branches, or would be too deep."""
        if len(self._stack) >= self._depth:
            self._note_cut(len(decision.enabled) > 1)
            return None
        first = steady(decision).path
        paths = [agent.path for agent in decision.enabled if agent.path not in self._sleep]
        paths.sort(key=lambda path: path != first)
        cut = False
        if self._bound is not None and self._forced >= self._bound:
            if decision.agent in decision.enabled:
                kept = [path for path in paths if path == decision.agent.path]
                cut, paths = len(kept) < len(paths), kept
        if not paths:
            self._note_cut(cut)
            return None
        return self._push(_Node(here, paths[0], paths[1:], cut=cut))

    def _push(self, node: _Node) -> _Node:
        self._stack.append(node)
        self._at += 1
        return node

    def number(self, limit: int) -> int:
        """A branch for each."""
        here = (_NUMBER, limit)
        node = None if self._lost else self._recall(here)
        if self._lost or len(self._stack) >= self._depth:
            return 0
        if node is None:
            node = self._push(_Node(here, "0", [str(value) for value in range(1, limit)]))
        return int(node.choice)
