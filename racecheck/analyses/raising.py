"""Which calls may well raise: code of the user, or something that talks to the world."""

from __future__ import annotations

from typing import Final

from racecheck.program.model import Function, Link

_CALM: Final = frozenset(
    "append appendleft add clear copy get keys values items setdefault discard update"
    " extend debug info warning error exception critical log isEnabledFor set is_set notify"
    " notify_all notifyAll locked acquire release time monotonic perf_counter get_ident"
    " current_thread currentThread getpid isinstance issubclass callable len id bool repr"
    " str print hasattr range enumerate zip list tuple dict set frozenset sorted min max sum"
    " abs any all type format join_path startswith endswith strip lower upper split super"
    " iter namedtuple Lock RLock Event Condition Semaphore deque OrderedDict defaultdict"
    " count".split()
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
    return name not in _CALM


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
