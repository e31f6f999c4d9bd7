"""RC503: a coroutine awaits while it holds a thread lock."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Point, Region
from racecheck.program import locks
from racecheck.program.model import Function, Held

CODES = ("RC503",)
_KINDS = frozenset({"lock", "rlock", "condition", "semaphore"})
_PAUSES = frozenset({"await", "async for", "async with"})


def find(study: Study) -> Iterator[Finding]:
    """Regions of thread locks in which a coroutine gives control to the loop."""
    for function in study.program.functions.values():
        if not function.facts.is_async or not function.facts.regions:
            continue
        seen: set[int] = set()
        for point in function.facts.points:
            if point.kind not in _PAUSES:
                continue
            for index in function.context(point.ctx).held:
                region = function.facts.regions[index]
                held = _thread_lock(function, region) if index not in seen else None
                if held is not None:
                    seen.add(index)
                    yield _report(study, function, region, held, point)


def _thread_lock(function: Function, region: Region) -> Held | None:
    """The thread lock that is held; a lock that is only tried blocks nobody."""
    if region.how not in ("with", "acquire"):
        return None
    for held in locks.region(function, region):
        if held.lock.kind in _KINDS and not held.lock.is_async:
            return held
    return None


def _report(study: Study, function: Function, region: Region, held: Held, point: Point) -> Finding:
    name = held.lock.name
    word = "await" if point.kind == "await" else point.kind
    steps = [
        Step(
            "acquire",
            function.place(region.line, region.path),
            function.label,
            "event loop",
            note=f"takes `{name}`",
        ),
        Step(
            "await",
            function.place(point.line, word),
            function.label,
            "event loop",
            held=(name,),
            note=f"another task that wants `{name}` now blocks the whole loop",
        ),
    ]
    return study.finding(
        "RC503",
        name,
        f"`{word}` while the thread lock `{name}` is held",
        steps,
        evidence=[f"`{region.path}` is a {held.lock.kind} of threads, not of tasks"],
    )
