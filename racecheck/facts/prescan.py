"""Looks ahead into a block before it is walked: what it catches, releases or surely calls."""

from __future__ import annotations

from racecheck.facts import names
from racecheck.facts.nodes import cst
from racecheck.facts.tree import children


def caught(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> list[str]:
    """Names of the exceptions a handler catches; "" for a bare except."""
    if handler.type is None:
        return [""]
    if type(handler.type) is cst.Tuple:
        return [names.path_of(e.value) or "?" for e in handler.type.elements]
    return [names.path_of(handler.type) or "?"]


def swallows(item: cst.WithItem) -> bool:
    """May the block end here without being done: `with suppress(..)`, `with raises(..)`?"""
    return _manager(item) in ("suppress", "raises")


def suppressed(item: cst.WithItem) -> list[str]:
    """Names of the exceptions that `with suppress(..)` catches."""
    call = item.item
    if type(call) is not cst.Call or _manager(item) != "suppress":
        return []
    return [names.path_of(given.value) or "?" for given in call.args]


def _manager(item: cst.WithItem) -> str:
    """The last name of a context manager that is called."""
    call = item.item
    return names.last(names.path_of(call.func)) if type(call) is cst.Call else ""


_SCOPES = frozenset({cst.FunctionDef, cst.ClassDef, cst.Lambda})
_UNSURE = frozenset(
    {cst.If, cst.Else, cst.While, cst.For, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase}
)


def left_released(body: cst.CSTNode) -> list[str]:
    """Paths that a round of a loop may leave released: not surely held in later rounds.

    The last release counts unless an acquire surely follows it, in the same branch for one in a
    branch.
    """
    last: dict[str, bool] = {}
    work: list[cst.CSTNode] = [body]
    while work:
        node = work.pop()
        if type(node) is cst.Call and type(node.func) is cst.Attribute:
            method = node.func.attr.value
            if method in names.RELEASES or method in names.ACQUIRES:
                last[names.path_of(node.func.value)] = method in names.RELEASES
        if type(node) in _UNSURE and node is not body:
            last.update(dict.fromkeys(left_released(node), True))
        elif type(node) not in _SCOPES:
            work.extend(reversed(children(node)))
    return [path for path, released in last.items() if released]


def sure_calls(suite: cst.BaseSuite) -> frozenset[str]:
    """Releases and wake-ups in a `finally` block, conditional ones included (unknown is silent)."""
    found: set[str] = set()
    work: list[cst.CSTNode] = [suite]
    while work:
        node = work.pop()
        if type(node) is cst.Call and type(node.func) is cst.Attribute:
            if node.func.attr.value in names.SIGNALS and (path := names.path_of(node.func)):
                found.add(path)
        if type(node) not in _SCOPES:
            work.extend(children(node))
    return frozenset(found)
