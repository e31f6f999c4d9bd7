"""RC304: a path that leaves the function with the lock held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from racecheck.analyses.raising import may_raise
from racecheck.analyses.suite import Study
from racecheck.analyses.sync import CUSTOM, EXCLUSIVE, Sync, Use
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Point
from racecheck.program import names
from racecheck.program.model import Function, Link

CODES = ("RC304",)

_KINDS = EXCLUSIVE | {CUSTOM}
_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})


@dataclass(frozen=True, slots=True)
class _Leak:
    """An acquisition and a place where control leaves with it held."""

    taken: Use
    line: int
    mark: str
    how: str
    at_yield: bool = False


def find(study: Study) -> Iterator[Finding]:
    """One finding per function and lock, at the first leak."""
    sync = study.sync
    for function, uses in sync.of.items():
        loose = {seq for point in function.facts.points for seq in point.loose}
        if not loose:
            continue
        told: set[tuple[str, str]] = set()
        for seq in sorted(loose):
            taken = _acquisition(uses, seq)
            if taken is None or _spans(sync, taken):
                continue
            releases = _releases(uses, taken)
            if _taken_back(sync, taken, releases):
                continue
            leak = _leak(taken, seq, releases) or _never(sync, taken, seq)
            key = (taken.lock.id, taken.held.base)
            if leak is not None and key not in told:
                told.add(key)
                yield _report(study, leak)


def _acquisition(uses: Sequence[Use], seq: int) -> Use | None:
    """The call that took the lock; a test of its stored result stands a little later."""
    before = [use for use in uses if use.method == "acquire" and use.call.seq <= seq]
    if not before or before[-1].kind not in _KINDS or before[-1].call.use == "arg":
        return None
    return before[-1] if before[-1].lock.scope != "local" else None


def _releases(uses: Sequence[Use], taken: Use) -> list[Use]:
    return [use for use in uses if use.method == "release" and use.same(taken)]


def _spans(sync: Sync, taken: Use) -> bool:
    """Is the lock given back elsewhere, or given away here?"""
    lock_id = taken.lock.id
    if lock_id in sync.handed_over or lock_id in sync.protocols:
        return True
    return any(
        access.path == taken.path and access.via in ("arg", "return", "alias", "value")
        for access in taken.function.facts.accesses
    )


# --- explicit and exceptional ways out --------------------------------------------------------


def _taken_back(sync: Sync, taken: Use, releases: Sequence[Use]) -> bool:
    """`with lock: ... lock.release(); work(); lock.acquire()`: the `with` releases it."""
    regions = taken.function.facts.regions
    return any(
        regions[index].how.endswith("with")
        for release in releases
        if release.call.seq < taken.call.seq
        for index in sync.within(taken.function, release.call.ctx, taken.lock)
    )


def _leak(taken: Use, seq: int, releases: Sequence[Use]) -> _Leak | None:
    """The first way out without a release, in a function that releases on another."""
    if not releases:
        return None
    function = taken.function
    points = [point for point in function.facts.points if seq in point.loose]
    if any(release.path != taken.path for release in releases):
        # Why: the facts match an acquire and its release by their text.
        return _leak_at_yield(taken, points, releases)
    for point in points:
        if point.kind in ("return", "raise", "fall") and _leaves(function, point, releases):
            return _Leak(taken, _line(function, point), "", _WAYS[point.kind])
    return _leak_at_yield(taken, points, releases) or _thrown(taken, points, releases)


_WAYS = {
    "return": "returns with the lock held",
    "raise": "raises with the lock held",
    "fall": "the function ends here with the lock held",
    "throw": "an exception out of this call leaves the lock held",
}


def _line(function: Function, point: Point) -> int:
    return function.facts.end_line if point.kind == "fall" else point.line


def _leaves(function: Function, point: Point, releases: Sequence[Use]) -> bool:
    """Is this surely a way out that holds the lock? A conditional release may belong to it."""
    context = function.context(point.ctx)
    if point.kind == "raise" and context.catches:
        return False
    tests = set(context.tests)
    for release in releases:
        if release.call.seq > point.seq or _ends_there(function, release):
            continue
        own = set(release.context.tests)
        if own - tests and not any(-test in tests for test in own):
            return False
        if release.context.part == "except" and release.context.tries:
            return False
    return True


def _ends_there(function: Function, release: Use) -> bool:
    """`if bad: release(); return`: such a release says nothing about what comes behind it."""
    return any(i > 0 and function.facts.tests[i - 1].exits for i in release.context.tests)


def _leak_at_yield(taken: Use, points: list[Point], releases: Sequence[Use]) -> _Leak | None:
    """A context manager: the caller's body may raise at the yield."""
    function = taken.function
    decorators = {names.qualify(function, d.text) for d in function.facts.decorators}
    cleaned = any(release.context.part in ("finally", "except") for release in releases)
    if cleaned or not decorators & _MANAGERS:
        return None
    for point in points:
        later = any(release.call.seq > point.seq for release in releases)
        bare = point.kind == "yield" and not function.context(point.ctx).catches
        if bare and later:
            how = "an exception in the caller's `with` block comes out here"
            return _Leak(taken, point.line, "yield", how, at_yield=True)
    return None


def _thrown(taken: Use, points: list[Point], releases: Sequence[Use]) -> _Leak | None:
    """A call between acquire and release that can raise."""
    after = [use.call.seq for use in releases if use.call.seq > taken.call.seq]
    if not after or taken.function.module.is_test:
        return None
    for point in points:
        if point.kind == "throw":
            for link in _calls(taken.function, point, min(after)):
                if may_raise(link):
                    return _Leak(taken, link.call.line, link.call.path, _WAYS["throw"])
    return None


def _calls(function: Function, point: Point, end: int) -> Iterator[Link]:
    """Calls from the point on that no `try` of the function catches."""
    tries = function.context(point.ctx).tries
    for link in function.calls:
        context = function.context(link.call.ctx)
        between = point.seq <= link.call.seq < end and not link.implicit
        uncaught = not context.catches and context.part in ("", "else")
        if between and uncaught and context.tries == tries:
            yield link


# --- never released ---------------------------------------------------------------------------


def _never(sync: Sync, taken: Use, seq: int) -> _Leak | None:
    """A private lock that is taken here, wanted elsewhere, and released nowhere."""
    function, lock = taken.function, taken.lock
    if any(use.method in ("release", "__exit__") for use in sync.by_lock.get(lock.id, ())):
        return None
    private = lock.scope != "local" and lock.id.rpartition(".")[2].startswith("_")
    blocking = taken.call.use in ("drop", "await") and not taken.call.args
    wanted = any(other is not function for other in sync.takers.get(lock.id, ()))
    if not (private and blocking and wanted) or taken.call.keywords:
        return None
    if function.name in ("__init__", "<module>", "<class>"):
        return None
    if any(seq in p.loose for p in function.facts.points if p.kind in ("return", "fall")):
        return _Leak(taken, function.facts.end_line, "", "nothing in the program releases it")
    return None


def _report(study: Study, leak: _Leak) -> Finding:
    taken, function = leak.taken, leak.taken.function
    name = taken.lock.name
    way_out = Step(
        "leave", function.place(leak.line, leak.mark), function.label, held=(name,), note=leak.how
    )
    acquire = taken.step("acquire", f"takes `{name}`")
    steps = [way_out, acquire] if leak.at_yield else [acquire, way_out]
    return study.finding(
        "RC304", name, f"`{function.label}` can be left with `{name}` still held", steps
    )
