"""RC301: a lock made in the `with` statement that takes it."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.catalog.models import LockModel
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call, Region
from racecheck.program import names
from racecheck.program.model import Function

CODES = ("RC301",)


def find(study: Study) -> Iterator[Finding]:
    """Regions whose manager is a call of a lock class."""
    for function in study.program.functions.values():
        if not function.facts.regions:
            continue
        used = {index for context in function.facts.contexts for index in context.held}
        for index, region in enumerate(function.facts.regions):
            # Why: an empty section guards nothing; it is there to try out the lock.
            if region.how.endswith("with") and region.value.kind == "call" and index in used:
                name = names.qualify(function, region.value.text)
                model = study.models.locks.get(name)
                if model and _is_fresh(name, model, _call(function, region)):
                    yield _report(study, function, region, name)


def _is_fresh(name: str, model: LockModel, call: Call | None) -> bool:
    """Does the call surely make a lock that nobody else has?"""
    if call is None or model.kind == "file" or model.scope == "machine":
        return False
    if model.scope == "process" and not name.startswith("multiprocessing."):
        return False
    last = name.rpartition(".")[2]
    if not (last[0].isupper() or last == "allocate_lock"):
        return False
    wraps = model.wraps >= 0 or model.kind == "condition"
    return not (wraps and (call.args or call.keywords or call.starred))


def _call(function: Function, region: Region) -> Call | None:
    """The call that makes the manager."""
    for call in function.facts.calls:
        if call.use == "with" and call.path == region.value.text and call.line >= region.line:
            return call
    return None


def _report(study: Study, function: Function, region: Region, name: str) -> Finding:
    source = region.value.text
    last = name.rpartition(".")[2]
    task = " task" if region.how.startswith("async") else " thread"
    step = Step(
        "lock",
        function.place(region.line, f"{source}("),
        function.label,
        note=f"every{task} that comes here takes a {last} of its own",
    )
    return study.finding(
        "RC301",
        function.label,
        f"`with {source}()` excludes nobody: the {last} is new each time",
        [step],
    )
