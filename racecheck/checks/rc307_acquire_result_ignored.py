"""RC307: an `acquire` that may fail, its result dropped, and a release after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from racecheck.analyses.suite import Study
from racecheck.analyses.sync import EXCLUSIVE, Use
from racecheck.core.finding import Finding
from racecheck.facts.schema import Call, Value

CODES = ("RC307",)

_KINDS = EXCLUSIVE | {"semaphore"}
_FALSE = frozenset({"False", "0"})
_TRUE = frozenset({"True", "1"})


def find(study: Study) -> Iterator[Finding]:
    """Acquisitions as statements that do not wait, or not for ever."""
    for uses in study.sync.of.values():
        for taken in uses:
            if taken.method != "acquire" or taken.call.use not in ("drop", "await"):
                continue
            limit = _limit(taken.call)
            if limit and taken.kind in _KINDS and taken.lock.scope != "local":
                release = _release(uses, taken)
                if release is not None:
                    yield _report(study, taken, release, limit)


def _limit(call: Call) -> str:
    """Why the call may come back without the lock; "" when it does not or is not known to."""
    given = dict(call.keywords)
    names = ("blocking", "timeout")
    given.update(zip(names, call.args, strict=False))
    blocking = given.get("blocking", given.get("block"))
    if blocking is not None and blocking.kind == "const" and blocking.text in _FALSE:
        return "does not wait for the lock"
    if blocking is not None and (blocking.kind != "const" or blocking.text not in _TRUE):
        return ""
    timeout = given.get("timeout")
    if timeout is not None and _is_limit(timeout):
        return f"waits {timeout.text} s at most"
    return ""


def _is_limit(value: Value) -> bool:
    return value.kind == "const" and value.text.replace(".", "", 1).isdigit()


def _release(uses: Sequence[Use], taken: Use) -> Use | None:
    """The release that relies on the acquire."""
    for use in uses:
        if use.method != "release" or use.call.seq < taken.call.seq or not use.same(taken):
            continue
        conditional = set(use.context.tests) - set(taken.context.tests)
        return None if conditional or _at_once(taken, use) else use
    return None


def _at_once(taken: Use, release: Use) -> bool:
    """`acquire(False); release()`: makes sure that the lock is free."""
    facts = taken.function.facts
    first, last = taken.call.seq, release.call.seq
    if any(first < call.seq < last for call in facts.calls):
        return False
    return not any(
        first < access.seq < last and not taken.path.startswith(access.path)
        and not access.path.startswith(taken.path)
        for access in facts.accesses
    )  # fmt: skip


def _report(study: Study, taken: Use, release: Use, limit: str) -> Finding:
    name = taken.lock.name
    steps = [
        taken.step("acquire", f"{limit}, and says so with a result that is dropped"),
        release.step("release", "raises RuntimeError, or releases the lock of another thread"),
    ]
    return study.finding(
        "RC307", name, f"The result of acquiring `{name}` is ignored: it may not be held", steps
    )
