"""From a failure that was found to a finding: which rule, how sure, and the story as its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.explore.outcome import DEADLOCK, RACE, THREAD, Failure
from racecheck.explore.telling.rows import renaming
from racecheck.explore.telling.story import Story, function_of, said_of, story
from racecheck.explore.verdict import Found, Verdict
from racecheck.runtime.options import Rule

DIES: Final = "RC426"
HANGS: Final = "RC440"
DEPENDS: Final = "RC805"
"""A failure that no other rule explains."""

_BY: Final = {"ordinary": "in the ordinary order", "replay": "saved before"}

_UNORDERED: Final = "nothing orders 1 and 2: "
_STANDS: Final = ("a cycle of threads", "nothing has moved", "each waits for the next")
"""Evidence of a run that stands still, which the story tells better."""


Failed: TypeAlias = Callable[[Found, Exception], None]


def findings_of(
    verdict: Verdict, rules: Mapping[str, Rule], failed: Failed | None = None
) -> tuple[Finding, ...]:
    """One finding for each cause: a race and the exception that comes of it are one.

    `failed` is told of what cannot be told, which is a fault of ours.
    """
    told: dict[tuple[str, str, str], Finding] = {}
    for found in verdict.found:
        try:
            one = finding_of(found, verdict, rules)
        except Exception as error:
            if failed is None:
                raise
            failed(found, error)
            continue
        mark = one.code, _plain(one.subject), one.place.path
        first = told.get(mark)
        if first is None:
            told[mark] = one
        elif found.failure.kind != RACE:
            also = f"also: {said_of(found.failure, found)} at {found.failure.place}"
            told[mark] = replace(first, evidence=(*first.evidence, also))
    return tuple(told.values())


def finding_of(found: Found, verdict: Verdict, rules: Mapping[str, Rule]) -> Finding:
    """What a failure is reported as, with the shortest schedule that shows it."""
    told = story(found)
    base = _base(found, told, verdict, rules)
    sure = found.replayed == found.replays > 0
    token = found.schedule.token
    steps = told.steps or base.steps
    return replace(
        base,
        confidence=Confidence.CONFIRMED if sure else Confidence.OBSERVED,
        origin=Origin.EXPLORE,
        steps=steps,
        evidence=tuple(_evidence(found, verdict, told, base)),
        schedule=token,
        help=_again(token, verdict.target),
    )


def _again(token: str, target: str) -> str:
    """pytest knows tests only, and the command line functions as well."""
    tests = f" or `pytest --racecheck-replay {token}`" if "::" in target else ""
    return f"`racecheck replay {token}`{tests} runs it again"


# -- which rule


def _base(found: Found, told: Story, verdict: Verdict, rules: Mapping[str, Rule]) -> Finding:
    """Code, subject, message and place: the same for every schedule that shows the failure."""
    failure = found.failure
    give = renaming(found.run.events)
    if failure.kind in (RACE, DEADLOCK) and failure.findings:
        base: Finding = failure.findings[0]
    else:
        base = _race_behind(found, told) or _visible(failure, found, verdict, rules)
    return replace(
        base,
        message=give(base.message),
        steps=tuple(replace(one, thread=give(one.thread)) for one in base.steps),
        evidence=tuple(give(line) for line in base.evidence),
    )


def _race_behind(found: Found, told: Story) -> Finding | None:
    """The race on what the story is about."""
    if found.failure.kind == DEADLOCK:
        return None
    races: list[Finding] = [
        race
        for failure in found.run.failures
        if failure.kind == RACE
        for race in failure.findings
        if race.severity is not Severity.NOTE
    ]
    for subject in told.subjects:
        for race in races:
            if _plain(race.subject) == _plain(subject):
                return race
    place = found.failure.place
    near = (race for race in races if place in (str(step.place) for step in race.steps))
    return next(near, None) if not told.steps else None


def _plain(subject: str) -> str:
    return subject.partition("[")[0]


def _visible(
    failure: Failure, found: Found, verdict: Verdict, rules: Mapping[str, Rule]
) -> Finding:
    text = said_of(failure, found)
    function = function_of(failure)
    place = _place(failure.place) or Place(verdict.target.partition("::")[0], 0)
    kind = type(failure.error).__name__ if failure.error is not None else failure.kind
    thread = renaming(found.run.events)(failure.thread)
    # Why not the thread's name: which of several it is depends on the schedule.
    subject = f"{kind} in {function or ('a thread' if thread else 'the test')}"
    if failure.kind == DEADLOCK:
        code, message = HANGS, f"Deadlock: {text}"
    elif failure.kind == THREAD:
        code, message = DIES, f"A thread died of {text}"
    else:
        code, message = DEPENDS, _depends(found, function, text)
    rule = rules.get(code, Rule(code))
    return Finding(
        code=code,
        name=rule.name,
        subject=subject,
        message=message,
        place=place,
        confidence=Confidence.OBSERVED,
        severity=Severity(rule.severity),
        steps=(Step("fails", place, function, thread, note=text),),
        help=rule.help,
        context=function,
    )


def _depends(found: Found, function: str, text: str) -> str:
    who = f"`{function}`" if function else "The test"
    if found.schedule.switches or found.schedule.picks:
        return f"{who} fails under some schedules: {text}"
    return f"{who} fails whatever the schedule: {text}"


def _place(text: str) -> Place | None:
    path, _, line = text.rpartition(":")
    return Place(path, int(line)) if line.isdigit() else None


# -- how sure


def _evidence(found: Found, verdict: Verdict, told: Story, base: Finding) -> Iterator[str]:
    if told.why:
        yield f"why: {told.why}"
    yield f"sure: {_sure(found)}"
    yield f"found: {_found(found, verdict)}"
    yield from _of_base(base)


def _sure(found: Found) -> str:
    said = f"replayed {found.replayed} of {found.replays} times"
    switches = len(found.schedule.switches)
    if found.without >= 0 and switches:
        which = "the switch" if switches == 1 else f"the {switches} switches"
        said += f"; without {which} {found.without} of {found.replays} fail"
    if found.met:
        said += "; all stood at their places at the same time"
    return said


def _found(found: Found, verdict: Verdict) -> str:
    order = _BY.get(found.by, f"by {found.by}")
    which = f"schedule {found.number + 1}, {order}"
    if not verdict.schedules:
        return which
    verb = "fails" if verdict.failing == 1 else "fail"
    return f"{which}; {verdict.failing:,} of {verdict.schedules:,} {verb}"


def _of_base(base: Finding) -> Iterable[str]:
    """What the observer of a race or a deadlock says that the story does not."""
    for line in base.evidence:
        if line.startswith(_UNORDERED) and len(base.steps) > 1:
            first, second = (step.place for step in base.steps[:2])
            yield f"nothing orders {first} and {second}: {line.removeprefix(_UNORDERED)}"
        elif not line.startswith((*_STANDS, "seen ")):
            yield line
