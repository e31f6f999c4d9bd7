"""Small graph algorithms; lock graphs have tens of nodes, so clarity wins over speed."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def reachable(starts: Iterable[Node], successors: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """All nodes on a path from `starts`, the starts included."""
    seen = set(starts)
    queue = deque(seen)
    while queue:
        for other in successors.get(queue.popleft(), ()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return seen


def shortest_path(
    start: Node, goal: Node, successors: Mapping[Node, Iterable[Node]]
) -> tuple[Node, ...]:
    """Fewest-edge path from `start` to `goal` with at least one edge, or () if there is none."""
    parent: dict[Node, Node] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in successors.get(node, ()):
            if other == goal:
                return (*_trail(node, start, parent), goal)
            if other not in parent and other != start:
                parent[other] = node
                queue.append(other)
    return ()


def _trail(node: Node, start: Node, parent: Mapping[Node, Node]) -> tuple[Node, ...]:
    trail = [node]
    while trail[-1] != start:
        trail.append(parent[trail[-1]])
    return tuple(reversed(trail))


def components(successors: Mapping[Node, Iterable[Node]]) -> list[tuple[Node, ...]]:
    """Strongly connected components, callees before callers (Tarjan 1972, iterative)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    on_stack: set[Node] = set()
    stack: list[Node] = []
    out: list[tuple[Node, ...]] = []
    for root in successors:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(successors.get(root, ())))]
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(successors.get(other, ()))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    out.append(_pop_component(node, stack, on_stack))
    return out


def _pop_component(node: Node, stack: list[Node], on_stack: set[Node]) -> tuple[Node, ...]:
    members: list[Node] = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(member)
        if member == node:
            return tuple(members)
