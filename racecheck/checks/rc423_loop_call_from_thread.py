"""RC423: a thread uses an object that belongs to an event loop's thread."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import infeasible
from racecheck.analyses.named import by_function
from racecheck.analyses.reach import Way, asks_for_thread, ways_to
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program import types
from racecheck.program.model import Function, Link, RoleKind

CODES = ("RC423",)
_ROLES = frozenset({RoleKind.THREAD, RoleKind.POOL})
_OWN_LOOP = frozenset(
    {
        "asyncio.new_event_loop", "asyncio.run", "asyncio.Runner", "asyncio.set_event_loop",
        "asyncio.AbstractEventLoop.run_until_complete", "asyncio.AbstractEventLoop.run_forever",
        "asyncio.Runner.run", "uvloop.new_event_loop", "uvloop.run",
    }
)  # fmt: skip
_RUNS = frozenset({"run_sync", "run_forever", "run_until_complete"})
"""Names that only event loops have, tornado's among them, whatever else is known of the object."""

_ASKS = frozenset({"asyncio.get_running_loop", "asyncio._get_running_loop", "asyncio.current_task"})
_DEPTH = 3


def find(study: Study) -> Iterator[Finding]:
    """Calls that only the loop's own thread may make, on another thread."""
    for function, links in by_function(study.calls.of(study.models.loop_only)).items():
        if function.facts.is_async or any(link.external in _ASKS for link in function.calls):
            continue
        ways = list(ways_to(study.program, function, _ROLES))
        for link in links:
            if asks_for_thread(function, link.call.ctx) or not _is_certain(link):
                continue
            way = next((w for w in ways if not _is_ruled_out(study, w, link)), None)
            if way is not None and not _runs_a_loop(study, way, function):
                yield _report(study, link, way)


def _is_ruled_out(study: Study, way: Way, link: Link) -> bool:
    """Do the arguments that the thread starts with say that it does not come here?"""
    start = study.program.functions[way.entry.function]
    known = infeasible.at_start(study.program, way.entry)
    return infeasible.blocked(start, known, way.links, link.caller, link.call.ctx)


def _is_certain(link: Link) -> bool:
    """Can the receiver be nothing but the loop's? A sibling class may keep a plain queue there."""
    library = link.external.partition(".")[0]
    kinds = types.of(link.caller, link.receiver) if link.receiver else frozenset()
    return all(kind.partition(".")[0] == library for kind in kinds)


def _runs_a_loop(study: Study, way: Way, function: Function) -> bool:
    """Has the thread a loop of its own? Then these objects may belong to it."""
    start = study.program.functions[way.entry.function]
    work = [(start, 0), (function, _DEPTH), *((link.caller, _DEPTH - 1) for link in way.links)]
    seen: set[Function] = set()
    while work:
        current, depth = work.pop()
        if any(_is_loop_call(link) for link in current.calls):
            return True
        if current in seen or depth >= _DEPTH:
            continue
        seen.add(current)
        work += [(target, depth + 1) for link in current.calls for target in link.targets]
    return False


def _is_loop_call(link: Link) -> bool:
    return link.external in _OWN_LOOP or link.call.path.rpartition(".")[2] in _RUNS


def _confidence(way: Way) -> Confidence:
    """Where a call may lead to one of several variants, the thread's may be the other one."""
    unclear = any(len(set(link.targets)) > 1 for link in way.links)
    return Confidence.POSSIBLE if unclear else Confidence.LIKELY


def _report(study: Study, link: Link, way: Way) -> Finding:
    function, call = link.caller, link.call
    row = study.models.loop_only[link.external]
    step = Step(
        "call",
        function.place(call.line, call.path),
        function.label,
        way.entry.how,
        note=row.why,
    )
    return study.finding(
        "RC423",
        link.receiver or call.path,
        f"`{call.path}()` is called on a thread: only the thread of the event loop may do that",
        [step, *way.steps],
        confidence=_confidence(way),
        evidence=[f"`{link.external}`, reached by {way.text}, started at {way.entry.place}"],
        help=f"Use {row.instead}." if row.instead else "",
    )
