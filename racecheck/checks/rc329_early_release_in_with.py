"""RC329: `release()` inside the `with` that releases the same lock at its end."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.analyses.sync import EXCLUSIVE, Sync, Use
from racecheck.core.finding import Finding, Step

CODES = ("RC329",)


def find(study: Study) -> Iterator[Finding]:
    """Releases in a `with` on the same lock that is not taken again."""
    sync = study.sync
    for use in sync.uses(frozenset({"release"})):
        if use.kind not in EXCLUSIVE:
            continue
        index = _with_around(sync, use)
        if index >= 0 and not _taken_again(sync, use, index):
            yield _report(study, use, use.function.facts.regions[index].line)


def _with_around(sync: Sync, use: Use) -> int:
    """The `with` on the same lock of the same object around this call, or -1."""
    regions = use.function.facts.regions
    for index in reversed(sync.within(use.function, use.call.ctx, use.lock)):
        held = sync.region(use.function, index)
        if regions[index].how.endswith("with") and held and held.base == use.held.base:
            return index
    return -1


def _taken_again(sync: Sync, use: Use, index: int) -> bool:
    """Is the lock taken by hand before the release in the block, or at any time after it?"""
    for other in sync.uses_in(use.function):
        related = other.call.seq > use.call.seq or index in other.context.held
        if related and other.method == "acquire" and other.same(use):
            return True
    later = (link for link in use.function.calls if link.call.seq > use.call.seq)
    return any(_acquires(sync, link.targets, use) for link in later)


def _acquires(sync: Sync, targets: tuple[object, ...], use: Use) -> bool:
    return any(
        other.function in targets and other.method == "acquire"
        for other in sync.by_lock.get(use.lock.id, ())
    )


def _report(study: Study, use: Use, line: int) -> Finding:
    function, name = use.function, use.lock.name
    steps = [
        use.step("release", "gives the lock back while the block goes on"),
        Step(
            "lock",
            function.place(line, use.path),
            function.label,
            note="the end of this block releases it once more",
        ),
    ]
    return study.finding(
        "RC329",
        name,
        f"`{use.path}.release()` inside `with {use.path}:`, which releases it again at its end",
        steps,
    )
