"""RC505: `with` on an asyncio lock, or `async with` on a thread lock."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Region
from racecheck.program import names, states, types
from racecheck.program.model import Function

CODES = ("RC505",)
_AWAITED = ("asyncio.", "trio.", "anyio.")
"""Whose locks have no plain `with`. Those of gevent and eventlet, between greenlets, have one."""

_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex", "suppress"})


def find(study: Study) -> Iterator[Finding]:
    """Managers of the other kind than their statement."""
    for function in study.program.functions.values():
        for region in function.facts.regions:
            if region.how in ("with", "async with") and (kind := _kind(study, function, region)):
                wrong = (kind == "async") != (region.how == "async with")
                if wrong and not _is_expected(function, region):
                    yield _report(study, function, region)


def _is_expected(function: Function, region: Region) -> bool:
    """A test of the lock itself: `with self.assertRaises(TypeError): with lock: ...`."""
    facts = function.facts
    at = [c.ctx for c in facts.calls if c.line == region.line]
    at += [a.ctx for a in facts.accesses if a.line == region.line and a.path == region.path]
    around = {facts.regions[i].path for ctx in at for i in function.context(ctx).held}
    return any(path.removesuffix("()").rpartition(".")[2] in _RAISES for path in around)


def _kind(study: Study, function: Function, region: Region) -> str:
    """`async` or `thread`, when the manager surely is a lock of that kind."""
    found = types.of(function, region.path)
    rows = [study.models.locks.get(name) for name in found]
    if not rows or not _is_sure(study, function, region.path):
        return ""
    known = [row for row in rows if row is not None]
    if len(known) != len(rows):
        return ""
    if all(name.startswith(_AWAITED) for name in found):
        return "async"
    thread = all(name.startswith("threading.") for name in found)
    return "thread" if thread and not any(row.is_async for row in known) else ""


def _is_sure(study: Study, function: Function, path: str) -> bool:
    """Is everything known that is ever stored there? An argument without annotation is not."""
    found = states.locate(function, path)
    if found is not None:
        state = study.program.states.get(found[0])
        return state is not None and not state.guess
    scope = names.binder(function, path) if path.isidentifier() else None
    params = scope.facts.params if scope is not None else ()
    return all(p.annotation for p in params if p.name == path)


def _report(study: Study, function: Function, region: Region) -> Finding:
    kind = min(types.of(function, region.path))
    right = "async with" if region.how == "with" else "with"
    step = Step("acquire", function.place(region.line, region.path), function.label)
    return study.finding(
        "RC505",
        region.path,
        f"`{region.how} {region.path}` raises TypeError: the lock is a `{kind}`",
        [step],
        evidence=[f"`{kind}` supports `{right}` only"],
        help=f"Write `{right} {region.path}:`.",
    )
