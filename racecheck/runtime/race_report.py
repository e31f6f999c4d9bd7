"""From unordered pairs to findings: one for each state and place that its author must change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.runtime import naming
from racecheck.runtime.options import Rule, RuntimeOptions
from racecheck.runtime.shadow import Touch
from racecheck.runtime.sites import Mode, Role
from racecheck.runtime.stacks import Stack, callers, frames, shown_path, users

CHECK: Final = "check"
ITERATE: Final = "iterate"
LONE: Final = "lone"
UPDATE: Final = "update"

CODES: Final = {UPDATE: "RC101", CHECK: "RC214", ITERATE: "RC115", LONE: "RC101"}

_MESSAGES: Final = {
    UPDATE: "Data race on `{}`: an update can be lost",
    CHECK: "Data race on `{}`: checked, then acted upon, while another thread changes it",
    ITERATE: "Data race on `{}`: changed while another thread iterates over it",
    LONE: "Unordered accesses to `{}`, each atomic by itself",
}
SIDES: Final = 6
"""Sides shown of one finding."""


class Race(NamedTuple):
    """Two unordered touches of one field; `kind` says what ought to have been atomic.

    `made`: the class of the object, and where it was made. `tasks`: of two tasks of one loop, the
    second came while the first was awaiting something.
    """

    kind: str
    subject: str
    first: Touch
    second: Touch
    tasks: bool = False
    made: tuple[str, Stack] = ("", ())

    @property
    def label(self) -> str:
        """The subject without the key of an item."""
        return self.subject.partition("[")[0]


def findings(races: Sequence[tuple[Race, int]], options: RuntimeOptions) -> Iterator[Finding]:
    """One finding for each kind, state and place; notes are left out where an error says more."""
    groups: dict[tuple[str, str, str, int], list[tuple[Race, int]]] = {}
    blamed = _blamed(race for race, _ in races)
    for race, times in races:
        main = blamed[_sides_of(race)]
        key = (race.kind, race.label, main.site.path, main.access.line)
        groups.setdefault(key, []).append((race, times))
    said = {(label, path) for kind, label, path, _ in groups if kind != LONE}
    for (kind, label, path, _), group in groups.items():
        if kind != LONE or (options.notes and (label, path) not in said):
            yield _finding(group, options)


def _sides_of(race: Race) -> tuple[Any, ...]:
    """What two races have in common that are one: whichever side came first, whatever the key."""
    places = {(touch.site.path, touch.access.line) for touch in (race.first, race.second)}
    return race.kind, race.label, race.tasks, frozenset(places)


def _blamed(races: Iterable[Race]) -> dict[tuple[Any, ...], Touch]:
    """Of all races between the same places, the side that must change."""
    found: dict[tuple[Any, ...], Touch] = {}
    for race in races:
        key, main = _sides_of(race), ordered(race)[0]
        if key not in found or _blame(main) < _blame(found[key]):
            found[key] = main
    return found


def ordered(race: Race) -> tuple[Touch, Touch]:
    """(the side that must change, the other one).

    That is the side that holds fewer locks, then the one that ought to be atomic, then the later
    line, so that it does not depend on which thread came first. Of two tasks: the one that awaits.
    """
    if race.tasks:
        return race.first, race.second
    sides = sorted((race.first, race.second), key=_blame)
    return sides[0], sides[1]


def _blame(touch: Touch) -> tuple[object, ...]:
    access = touch.access
    plain = touch.role is Role.PLAIN and not touch.spot.iterates
    return len(touch.held), plain, not touch.write, touch.site.path, -access.line


def _finding(group: Sequence[tuple[Race, int]], options: RuntimeOptions) -> Finding:
    race = min((race for race, _ in group), key=lambda one: _blame(ordered(one)[0]))
    main, _ = ordered(race)
    subjects = sorted({race.subject for race, _ in group})
    subject = subjects[0] if len(subjects) == 1 else f"{race.label}[*]"
    code = CODES[race.kind]
    rule = options.rules.get(code, Rule(code))
    severity = Severity.NOTE if race.kind == LONE else Severity(rule.severity)
    sides = _sides([(race, 0), *group])
    return Finding(
        code=code,
        name=rule.name,
        subject=subject,
        message=_message(race, subject),
        place=_place(main),
        confidence=Confidence.OBSERVED,
        severity=severity,
        steps=tuple(_step(touch) for touch in sides),
        evidence=tuple(_evidence(group, sides)),
        help=rule.help,
        origin=Origin.RUN,
        context=main.site.function,
    )


def _message(race: Race, subject: str) -> str:
    said = _MESSAGES[race.kind].format(subject)
    return said.replace("another thread", "another task") if race.tasks else said


def _sides(group: Sequence[tuple[Race, int]]) -> list[Touch]:
    """Both sides of the first pair, then what other pairs add, without repetition."""
    first = ordered(group[0][0])
    shown = list(first)
    seen = {_look(touch) for touch in shown}
    for race, _ in group[1:]:
        for touch in ordered(race):
            if _look(touch) not in seen and len(shown) < SIDES:
                seen.add(_look(touch))
                shown.append(touch)
    return shown


def _look(touch: Touch) -> tuple[str, int, str]:
    return touch.site.path, touch.access.line, _verb(touch)


def _place(touch: Touch) -> Place:
    return Place(shown_path(touch.site.path), touch.access.line, mark=touch.access.text)


def _step(touch: Touch) -> Step:
    return Step(
        role=_verb(touch),
        place=_place(touch),
        function=touch.site.function,
        thread=touch.name,
        held=tuple(naming.lock_name(lock) for lock in touch.held),
        stack=callers(touch.stack),
    )


def _verb(touch: Touch) -> str:
    role = touch.role
    if touch.spot.iterates:
        return "iterated"
    if touch.access.mode is Mode.UPDATE:
        return "read and written"
    if role in (Role.CHECK, Role.GUARD):
        return "checked"
    if role is Role.ACT:
        return "acted on"
    if role is Role.USE:
        return "used"
    if touch.spot.removes:
        return "removed"
    return "written" if touch.write else "read"


def _evidence(group: Sequence[tuple[Race, int]], sides: Sequence[Touch]) -> Iterator[str]:
    if group[0][0].tasks:
        yield "another task ran at an `await` in the middle: what was read before it is stale"
    else:
        yield "nothing orders 1 and 2: no lock in common, no join, no queue, no event"
    yield from dict.fromkeys(line for touch in sides[:2] for line in _origin(touch))
    kind, stack = group[0][0].made
    where = users(stack)
    if where:
        yield f"object: the {kind} made at {where[0].path}:{where[0].line}"
    times = sum(count for _, count in group)
    if times > 1:
        yield f"seen {times} times in this run"


def _origin(touch: Touch) -> Iterator[str]:
    """Where the thread of a side came from."""
    how = touch.job or touch.thread.origin
    if how is not None:
        where = users(how.stack) or frames(how.stack)
        if where:
            word = "job submitted" if touch.job else "started"
            yield f"{touch.name}: {word} at {where[0].path}:{where[0].line} by {how.starter}"
