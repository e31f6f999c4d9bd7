"""RC507: a task that nobody keeps."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import coroutines
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program.model import Link

CODES = ("RC507",)
_CREATES = frozenset(
    {
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.AbstractEventLoop.create_task",
        "asyncio.BaseEventLoop.create_task",
    }
)


def find(study: Study) -> Iterator[Finding]:
    """Calls that make a task as a statement of their own."""
    for link in study.calls.of(_CREATES):
        if link.call.use == "drop" and _makes_one(link):
            yield _report(study, link)


def _makes_one(link: Link) -> bool:
    """`ensure_future` of a future that somebody else has makes no task."""
    if link.external != "asyncio.ensure_future":
        return True
    return bool(link.call.args) and link.call.args[0].kind == "call"


def _cannot_vanish(link: Link) -> bool:
    """Does the loop itself hold the task, as long as it lasts?"""
    value = link.call.args[0] if link.call.args else None
    if value is None or value.kind != "call":
        return False
    made = [x for x in link.caller.calls if x.call.into == link.call.path and x.call.use == "arg"]
    targets = [t for x in made if x.call.path == value.text for t in x.targets]
    return bool(targets) and all(map(coroutines.held_by_timers, targets))


def _report(study: Study, link: Link) -> Finding:
    function, call = link.caller, link.call
    what = call.args[0].text if call.args and call.args[0].kind == "call" else "the coroutine"
    step = Step(
        "create",
        function.place(call.line, call.path),
        function.label,
        note="the loop keeps a weak reference only",
    )
    return study.finding(
        "RC507",
        what,
        f"nobody keeps the task of `{what}`: it may be collected before it has finished",
        [step],
        confidence=Confidence.POSSIBLE if _cannot_vanish(link) else Confidence.LIKELY,
        evidence=["an exception in it is seen by nobody either"],
    )
