"""RC408: the result of `executor.map` is dropped, and its exceptions with it."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import CATCH_ALL
from racecheck.program import calls
from racecheck.program.model import Function, Link

CODES = ("RC408",)
_LAZY = frozenset(
    f"{owner}.{method}"
    for owner, methods in {
        "concurrent.futures.Executor": ("map",),
        "concurrent.futures.ThreadPoolExecutor": ("map",),
        "concurrent.futures.ProcessPoolExecutor": ("map",),
        "concurrent.futures.InterpreterPoolExecutor": ("map",),
        "multiprocessing.pool.Pool": ("imap", "imap_unordered"),
        "multiprocessing.pool.ThreadPool": ("imap", "imap_unordered"),
    }.items()
    for method in methods
)


def find(study: Study) -> Iterator[Finding]:
    """Lazy maps that stand as a statement of their own."""
    for link in study.calls.of(_LAZY):
        if link.call.use == "drop" and not _keeps_errors(link):
            yield _report(study, link)


def _keeps_errors(link: Link) -> bool:
    """Does the mapped function catch everything it could raise?"""
    value = calls.argument(link.call, 0, "fn") or calls.argument(link.call, 0, "func")
    if value is None:
        return False
    targets = calls.callables(link.caller, value, link.call.line)
    return bool(targets) and all(map(_catches_all, targets))


def _catches_all(function: Function) -> bool:
    facts = function.facts
    risky = [
        c
        for c in facts.calls
        if facts.contexts[c.ctx].part not in ("except", "finally")
        and CATCH_ALL.isdisjoint(facts.contexts[c.ctx].catches)
    ]
    return bool(facts.calls) and not risky


def _report(study: Study, link: Link) -> Finding:
    function, call = link.caller, link.call
    step = Step(
        "drop",
        function.place(call.line, call.path),
        function.label,
        note="nobody reads the results, so nobody sees what was raised",
    )
    return study.finding(
        "RC408",
        link.receiver or call.path,
        f"the result of `{call.path}()` is dropped, and every exception of its jobs with it",
        [step],
    )
