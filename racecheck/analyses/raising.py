"""Which calls may well raise: code of the user, or something that talks to the world."""

from __future__ import annotations

from typing import Final

from racecheck.facts.schema import CATCH_ALL
from racecheck.program import decorators
from racecheck.program.model import Function, Link

_CALM: Final = frozenset(
    "Condition Event Lock OrderedDict RLock Semaphore Thread Timer abs acquire add all any"
    " append appendleft bool callable cancel clear close copy count critical currentThread"
    " current_thread daemon debug defaultdict deque dict discard endswith enumerate error"
    " exception extend format frozenset get getLogger get_ident getpid hasattr id info"
    " isEnabledFor is_set isinstance issubclass items iter join join_path keys len list locked"
    " log lower max min monotonic namedtuple notify notifyAll notify_all perf_counter print"
    " range release repr set setDaemon setdefault sleep sorted split start startswith str"
    " strip sum super time tuple type update upper values wait wait_for warning zip".split()
)
"""Last names of calls that do not raise in ordinary use, whoever they belong to."""

_DEPTH: Final = 3


def may_raise(link: Link) -> bool:
    """Is it worth a thought that this call raises?"""
    if link.implicit:
        return False
    if link.targets:
        return any(_function_raises(target, _DEPTH) for target in link.targets)
    if link.external:
        return link.external.rpartition(".")[2] not in _CALM
    name = link.call.path.removesuffix("()").rpartition(".")[2]
    return bool(name) and name not in _CALM


def catches_all(link: Link) -> bool:
    """Does what is called catch every exception of its body, and raise none in the handlers?"""
    return bool(link.targets) and all(map(_keeps_to_itself, link.targets))


def _keeps_to_itself(function: Function) -> bool:
    facts = function.facts
    if facts.is_generator or decorators.changes(function):
        return False
    raised = (p for p in facts.points if p.kind in ("raise", "throw"))
    if any(not _caught(function, p.ctx) and _leaves(function, p.kind, p.ctx) for p in raised):
        return False
    return not any(
        may_raise(link) for link in function.calls if not _caught(function, link.call.ctx)
    )


def _caught(function: Function, ctx: int) -> bool:
    return not CATCH_ALL.isdisjoint(function.context(ctx).catches)


def _leaves(function: Function, kind: str, ctx: int) -> bool:
    """Does the exception leave the function? What calls in a handler do is asked one by one."""
    return kind == "raise" or function.context(ctx).part not in ("except", "finally")


def _function_raises(function: Function, depth: int) -> bool:
    """Does the function raise itself, or call something that may? Deeper chains count as calm."""
    if depth == 0:
        return False
    facts = function.facts
    for point in facts.points:
        if point.kind == "raise" and not facts.contexts[point.ctx].catches:
            return True
    for link in function.calls:
        if facts.contexts[link.call.ctx].catches or link.implicit:
            continue
        if link.targets:
            if any(_function_raises(target, depth - 1) for target in link.targets):
                return True
        elif may_raise(link):
            return True
    return False
