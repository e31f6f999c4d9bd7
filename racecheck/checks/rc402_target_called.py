"""RC402: the target of a thread, timer or pool is called, and its result handed over."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.constants import is_none, lacks_call
from racecheck.analyses.suite import Study
from racecheck.catalog.models import EntryModel
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Value
from racecheck.program import calls, hints, names
from racecheck.program.model import Function, Link

CODES = ("RC402",)
_ROLES = frozenset({"thread", "pool", "process"})
_NOTHING = frozenset({"print", "time.sleep", "exec", "os.system", "os.remove", "os.mkdir"})
_PLAIN = frozenset({"list", "dict", "set", "tuple", "comp"})


def find(study: Study) -> Iterator[Finding]:
    """Calls that hand a call's result to a thread."""
    entries = study.models.entries
    for link in study.calls.of(entries):
        rows = entries.get(link.external, ())
        row = next((r for r in rows if r.role in _ROLES and _takes_function(r)), None)
        if row is None or link.external.startswith("asyncio."):
            continue
        value = calls.argument(link.call, row.position, row.argument)
        if value is not None and value.kind == "call" and (why := _useless(link.caller, value)):
            yield _report(study, link, value, why)


def _takes_function(row: EntryModel) -> bool:
    return bool(row.argument) or row.position >= 0


def _useless(function: Function, value: Value) -> str:
    """Why the result of this call surely cannot be called, "" when it might be."""
    callee = calls.resolve(function, value.text)
    if callee.targets and not callee.external and not callee.constructs:
        found = [_result(target) for target in callee.targets]
        return found[0] if all(found) else ""
    name = names.qualify(function, value.text)
    return f"`{name}` returns None or a number" if name in _NOTHING else ""


def _result(target: Function) -> str:
    """What the function returns, when that is nothing to be called."""
    facts = target.facts
    if facts.decorators:
        return ""
    if facts.is_async:
        return f"`{target.label}` is a coroutine function: calling it gives a coroutine object"
    if facts.is_generator:
        return f"`{target.label}` is a generator: calling it gives an iterator"
    if facts.returns == "None":
        return f"`{target.label}` returns None"
    terms = hints.parse(target, facts.returns)
    if terms and all(t.kind == "instance" and lacks_call(target, t.name) for t in terms):
        return f"`{target.label}` returns `{facts.returns}`"
    returned = [p.value for p in facts.points if p.kind == "return"]
    if facts.returns or not all(map(_plain, returned)):
        return ""
    if all(is_none(v) for v in returned):
        return "" if _is_stub(target) else f"`{target.label}` returns None"
    return f"`{target.label}` returns nothing that can be called"


def _is_stub(target: Function) -> bool:
    """A body that does nothing may be meant to be overridden."""
    facts = target.facts
    raises = any(p.kind == "raise" for p in facts.points)
    return not facts.calls and not facts.accesses and (raises or target.cls is not None)


def _plain(value: Value | None) -> bool:
    return value is None or value.kind in _PLAIN or (value.kind == "const" and value.text != "...")


def _report(study: Study, link: Link, value: Value, why: str) -> Finding:
    function, call = link.caller, link.call
    name = link.external.rpartition(".")[2]
    step = Step(
        "call",
        function.place(call.line, f"{value.text}("),
        function.label,
        note=f"`{value.text}()` runs here, before `{name}` gets its result",
    )
    return study.finding(
        "RC402",
        value.text,
        f"`{value.text}()` is called here; `{name}` gets its result as the function to run",
        [step],
        evidence=[why],
    )
