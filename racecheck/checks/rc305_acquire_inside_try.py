"""RC305: `acquire()` behind statements of a `try` whose `finally` releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from racecheck.analyses.raising import may_raise
from racecheck.analyses.suite import Study
from racecheck.analyses.sync import EXCLUSIVE, Sync, Use
from racecheck.core.finding import Finding, Step
from racecheck.program.model import Function, Link

CODES = ("RC305",)


def find(study: Study) -> Iterator[Finding]:
    """Pairs of an acquire in a try and the release in its finally."""
    sync = study.sync
    for function, uses in sync.of.items():
        for taken in uses:
            if taken.method == "acquire" and _is_plain(taken):
                release = _release_in_finally(uses, taken)
                if release is None or _held_before(sync, taken, release):
                    continue
                if risk := _risk(function, taken, len(release.context.tries)):
                    yield _report(study, taken, release, risk)


def _is_plain(taken: Use) -> bool:
    """A blocking acquire in the body of a try."""
    context = taken.context
    statement = taken.call.use in ("drop", "await")
    in_body = bool(context.tries) and not context.part
    return statement and in_body and taken.kind in EXCLUSIVE


def _release_in_finally(uses: Sequence[Use], taken: Use) -> Use | None:
    """The unconditional release in the `finally` of a try around the acquire."""
    tries, tests = taken.context.tries, set(taken.context.tests)
    for use in uses:
        context = use.context
        if use.method != "release" or context.part != "finally" or not use.same(taken):
            continue
        outer = len(context.tries)
        inside = outer < len(tries) and tries[:outer] == context.tries
        later = use.call.seq > taken.call.seq and set(context.tests) <= tests
        if inside and later and not _another_try(taken.function, taken, use):
            return use
    return None


def _another_try(function: Function, taken: Use, release: Use) -> bool:
    """Does the `finally` belong to a later try than the one around the acquire?"""
    outer = len(release.context.tries)
    own = taken.context.tries[outer]
    for call in function.facts.calls:
        tries = function.context(call.ctx).tries
        between = taken.call.seq < call.seq < release.call.seq and len(tries) > outer
        if between and tries[:outer] == release.context.tries and tries[outer] != own:
            return True
    return False


def _held_before(sync: Sync, taken: Use, release: Use) -> bool:
    """Is the lock held when the try begins, or taken or released before the acquire in it?"""
    try_id = taken.context.tries[len(release.context.tries)]
    for link in taken.function.calls:
        call = link.call
        if call.seq > taken.call.seq or try_id not in taken.function.context(call.ctx).tries:
            continue
        if sync.held_at(taken.function, call.ctx, taken.lock):
            return True
    earlier = (use for use in sync.uses_in(taken.function) if use.call.seq < taken.call.seq)
    return any(use.same(taken) and use.method in ("acquire", "release") for use in earlier)


def _risk(function: Function, taken: Use, outer: int) -> Link | None:
    """The first call in the try, before the acquire, that may raise."""
    try_id = taken.context.tries[outer]
    for link in function.calls:
        inside = try_id in function.context(link.call.ctx).tries
        if inside and link.call.seq < taken.call.seq and may_raise(link):
            return link
    return None


def _report(study: Study, taken: Use, release: Use, risk: Link) -> Finding:
    function, name = taken.function, taken.lock.name
    steps = [
        taken.step("acquire", "inside the try: not reached when something before it raises"),
        Step(
            "raise",
            function.place(risk.call.line, risk.call.path),
            function.label,
            note="may raise while the lock is not held",
        ),
        release.step("release", "runs in any case, and releases a lock this thread does not hold"),
    ]
    return study.finding(
        "RC305", name, f"`{name}` is acquired inside the `try` whose `finally` releases it", steps
    )
