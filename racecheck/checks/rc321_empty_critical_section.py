"""RC321: a lock taken and released with nothing in between."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.analyses.sync import EXCLUSIVE, Use
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.program.model import Function, Held

CODES = ("RC321",)

_NOTHING_BETWEEN = 3
"""What `x.release()` itself counts: the object, the method, the call."""


def find(study: Study) -> Iterator[Finding]:
    """Sections in which no operation was recorded. A comment in them cannot be seen."""
    sync = study.sync
    for function in study.program.functions.values():
        if not function.facts.regions:
            continue
        used = {index for context in function.facts.contexts for index in context.held}
        for index, region in enumerate(function.facts.regions):
            if region.how == "with" and region.value.kind == "path" and index not in used:
                held = sync.region(function, index)
                if held and held.lock.kind in EXCLUSIVE and held.lock.scope != "local":
                    yield _report(study, function, held, region.line, region.path)
    for uses in sync.of.values():
        for taken, given in itertools.pairwise(uses):
            if _at_once(taken, given):
                held = taken.held
                yield _report(study, taken.function, held, taken.call.line, f"{taken.path}.acquire")


def _at_once(taken: Use, given: Use) -> bool:
    """Is `given` the release that directly follows an unconditional acquire?"""
    if (taken.method, given.method) != ("acquire", "release") or not taken.same(given):
        return False
    call = taken.call
    if call.use != "drop" or call.args or call.keywords or taken.path.count(".") > 1:
        return False
    exclusive = taken.kind in EXCLUSIVE and taken.lock.scope != "local"
    return exclusive and given.call.seq - call.seq == _NOTHING_BETWEEN


def _report(study: Study, function: Function, held: Held, line: int, mark: str) -> Finding:
    name = held.lock.name
    step = Step("lock", function.place(line, mark), function.label, note="taken and given back")
    return study.finding(
        "RC321",
        name,
        f"`{name}` is taken and released with nothing in between",
        [step],
        confidence=Confidence.POSSIBLE,
    )
