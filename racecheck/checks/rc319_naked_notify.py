"""RC319: a notification in a section that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.analyses.sync import NOTIFY, WAIT, Sync, Use
from racecheck.core.finding import Confidence, Finding
from racecheck.facts.schema import CHANGES

CODES = ("RC319",)


def find(study: Study) -> Iterator[Finding]:
    """Notifications whose own section has no store and no call before them."""
    sync = study.sync
    for use in sync.uses(NOTIFY):
        if use.kind != "condition":
            continue
        inside = sync.within(use.function, use.call.ctx, use.lock)
        if inside and not _something_happens(sync, use, inside[0]):
            yield _report(study, use)


def _something_happens(sync: Sync, use: Use, section: int) -> bool:
    function = use.function
    own = {o.call.seq for o in sync.uses_in(function) if o.lock.id == use.lock.id}
    if any(o.method in WAIT and section in o.context.held for o in sync.uses_in(function)):
        return True
    contexts = function.facts.contexts
    for access in function.facts.accesses:
        if access.kind in CHANGES and section in contexts[access.ctx].held:
            return True
    return any(
        call.seq not in own and section in contexts[call.ctx].held for call in function.facts.calls
    )


def _report(study: Study, use: Use) -> Finding:
    name = use.lock.name
    return study.finding(
        "RC319",
        name,
        f"`{use.path}.{use.method}()` announces nothing: no state changes in its section",
        [use.step("notify", "a waiter that comes later finds no trace of it")],
        confidence=Confidence.POSSIBLE,
    )
