"""Why a run fails, in one sentence: the patterns by which order decides the outcome.

The patterns are those of atomicity and order violations (Lu, Park, Seo and Zhou, ASPLOS 2008) and
of deadlocks. What fits none of them is said by the switch without which the run does not fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from racecheck.explore.outcome import DEADLOCK, RACE, Failure
from racecheck.explore.telling.matter import (
    NOBODY,
    Fields,
    circle,
    failing_path,
    of_failure,
    of_statement,
    stuck,
)
from racecheck.explore.telling.rows import Row
from racecheck.explore.telling.values import GONE, Touched
from racecheck.explore.telling.watch import Event

_LEFT: Final = {
    "condition": "notify",
    "event": "set it",
    "semaphore": "release it",
    "barrier": "come to the barrier",
    "queue-get": "put an item",
    "queue-put": "take an item",
    "queue-join": "finish the items",
    "future": "set the result",
    "lock": "release the lock",
}
_EMPTY: Final = frozenset({GONE, "None"})


class Why(NamedTuple):
    """A sentence; `{0}` in it is the number of the first of `rows`."""

    text: str
    rows: tuple[Row, ...] = ()


class Told(NamedTuple):
    """What there is to reason about."""

    failure: Failure
    events: Sequence[Event]
    rows: Sequence[Row]


def why(told: Told) -> Why:
    """The first pattern that fits."""
    if told.failure.kind == RACE:
        return _race(told)
    if told.failure.kind == DEADLOCK:
        return _deadlock(told)
    patterns: tuple[Callable[[Told], Why | None], ...] = (
        _lost,
        _iterated,
        _woken,
        _stale,
        _overwritten,
        _too_early,
        _impatient,
    )
    fails = _fails(told)
    # Why: other fields may race along with those of the step that fails.
    near = told._replace(rows=[row.narrowed(fails) for row in told.rows])
    for pattern in patterns:
        # Why not what is old: the step that fails may have found that anew.
        if found := pattern(told if pattern is _stale else near) or pattern(told):
            return found
    return _switched(told)


def _fails(told: Told) -> Fields:
    """What the failing step is about."""
    failure, events = told.failure, told.events
    return of_failure(failure, events) or of_statement(failure, events)


# -- a race


def _race(told: Told) -> Why:
    finding = told.failure.findings[0]
    name = f"`{finding.subject}`"
    pair = _pair(told)
    one, other = (row.event.thread for row in pair) if pair else ("one thread", "another")
    if finding.code == "RC115":
        return Why(f"nothing keeps {other} from changing {name} while {one} iterates over it")
    if finding.code == "RC214":
        return Why(f"nothing keeps {other} from changing {name} after {one} has checked it")
    return Why(
        f"nothing keeps {other} from changing {name} between the read and the write of {one}"
    )


def _pair(told: Told) -> tuple[Row, Row] | None:
    """A row that ought to be atomic, and a write of another agent to the same."""
    wanted = {"RC115": ("iterate",), "RC214": ("check", "read")}
    roles = wanted.get(told.failure.findings[0].code, ("update", "read", "act", "write"))
    for one in sorted(told.rows, key=lambda row: _rank(row.role, roles)):
        for other in told.rows:
            if one.path != other.path and other.writes and one.fields & other.fields:
                return one, other
    return None


def _rank(role: str, roles: Sequence[str]) -> int:
    return roles.index(role) if role in roles else len(roles)


# -- a deadlock


def _deadlock(told: Told) -> Why:
    failure = told.failure
    ring = circle(failure)
    blocked = [one for one in failure.blocked if one.path in (ring or stuck(failure))]
    last = {row.path: row for row in told.rows if row.role == "wait"}
    if len(ring) == 1:
        thread = last[blocked[0].path].event.thread if last else blocked[0].thread
        return Why(f"{thread} asks for what it holds itself")
    if ring and any(one.kind == "join" for one in blocked):
        return Why("each waits for the next one, and one of them for the end of a thread")
    if ring:
        return Why("each holds what the next one asks for", tuple(last.values()))
    missed = _missed(told)
    words = dict.fromkeys(_LEFT[one.kind] for one in blocked if one.kind in _LEFT)
    rest = f"nobody is left who could {' or '.join(words) or 'end the waiting'}"
    return Why(f"{missed.text}, and {rest}", missed.rows) if missed else Why(rest)


def _missed(told: Told) -> Why | None:
    """The signal came before the wait for it began."""
    for wait in reversed(told.rows):
        if wait.role != "wait":
            continue
        for row in told.rows:
            signals = row.role in ("notify", "set") and row.fields & wait.fields
            if signals and row.at < wait.at and not _waited(wait, told.events[: row.at]):
                word = "notified" if row.role == "notify" else "set it"
                thread, other = row.event.thread, wait.event.thread
                return Why(f"{thread} {word} at step {{0}}, before {other} waited", (row,))
    return None


def _waited(wait: Row, events: Sequence[Event]) -> bool:
    """Whether its agent was waiting for the same at the end of these."""
    own = [event for event in events if event.path == wait.path]
    if not own or own[-1].kind != "wait":
        return False
    return any(field in wait.fields for field, _ in own[-1].fields)


# -- a wrong outcome


def _touches(told: Told) -> Iterator[tuple[Row, Touched]]:
    for row in told.rows:
        for one in row.event.touched:
            if row.fields.intersection(one.fields):
                yield row, one


def _lost(told: Told) -> Why | None:
    """Two agents read, and then both write: the first write is lost."""
    found = list(_touches(told))
    for at, (first, read) in enumerate(found):
        second = next(
            (
                (row, one)
                for row, one in found[at + 1 :]
                if row.path != first.path and _same(read, one) and one.before == read.before
            ),
            None,
        )
        if second is None or read.writes or second[1].writes or not read.before:
            continue
        between = [
            (row, one)
            for row, one in found
            if first.at < row.at and _same(read, one) and one.writes
        ]
        writers = {row.path: row for row, _ in reversed(between)}
        pair = first.path, second[0].path
        if set(pair) <= set(writers) and min(row.at for row, _ in between) > second[0].at:
            if read.role == second[1].role == "check":
                text = f"both found `{read.name}` {_state(read.before)} before either changed it"
            else:
                text = f"both read `{read.name}` = {read.before} before either wrote"
            return Why(text, (first, second[0], *(writers[path] for path in pair)))
    return None


def _state(value: str) -> str:
    return "missing" if value == GONE else f"= {value}"


def _same(one: Touched, other: Touched) -> bool:
    return bool(one.fields.keys() & other.fields.keys())


def _iterated(told: Told) -> Why | None:
    """Somebody changes what another agent is in the middle of."""
    path = failing_path(told.failure, told.events)
    for row in told.rows:
        if row.role != "iterate" or row.path != path:
            continue
        for other in told.rows:
            if other.path != row.path and other.writes and other.at > row.at:
                if row.fields & other.fields:
                    name = _name(row, other)
                    thread = row.event.thread
                    text = f"`{name}` was changed at step {{1}} while {thread} iterates over it"
                    return Why(text, (row, other))
    return None


def _woken(told: Told) -> Why | None:
    """An agent looked, waited, was woken, and did not look again."""
    own = [row for row in told.rows if row.path == failing_path(told.failure, told.events)]
    for look, wait, act in zip(own, own[1:], own[2:], strict=False):
        if wait.role != "wait" or not act.writes or not look.fields & act.fields:
            continue
        between = [row for row in told.rows if wait.at < row.at < act.at and row.path != act.path]
        changes = [row for row in between if row.writes and row.fields & act.fields]
        if changes:
            name, thread = _name(act, changes[-1]), act.event.thread
            text = (
                f"{thread} was woken and did not look at `{name}` again, which step {{0}} changed"
            )
            return Why(text, (changes[-1], look, wait, act))
    return None


def _stale(told: Told) -> Why | None:
    """An agent goes by what it has found, and another one has changed that since."""
    path = failing_path(told.failure, told.events)
    fails = _fails(told)
    triples = [one for one in _triples(told.rows) if path in ("0", one[0].path)]
    triples.sort(key=lambda rows: (rows[0].role != "check", _is_new(*rows), rows[2].path != path))
    for look, change, act in triples:
        thread = look.event.thread
        if look.role == "check":
            name = _name(look, change, fails)
            text = f"{thread} decided at step {{0}} with a `{name}` that step {{1}} changed"
        elif _is_new(look, change, act):
            name = _name(look, change)
            text = f"{thread} finds another `{name}` at step {{2}} than at step {{0}}"
            text += ": step {1} has changed it"
        else:
            name = _name(look, change, look.fields - act.fields)
            what = f"the `{name}` of step {{0}}" if name else "what it found at step {0}"
            text = f"{thread} goes on at step {{2}} with {what}, which step {{1}} has changed"
        return Why(text, (look, change, act))
    return None


def _is_new(look: Row, change: Row, act: Row) -> bool:
    """Whether the agent finds anew, in the end, all that it had found and that has changed."""
    return act.role in ("read", "check") and look.fields & change.fields <= act.fields


def _triples(rows: Sequence[Row]) -> Iterator[tuple[Row, Row, Row]]:
    """(a look, a change by another agent, what the first does then)."""
    for at, look in enumerate(rows):
        if look.role not in ("check", "read", "iterate", "ask"):
            continue
        later = [row for row in rows[at + 1 :] if row.path == look.path]
        for change in rows[at + 1 :]:
            if change.path == look.path or not change.writes or not change.fields & look.fields:
                continue
            act = next((r for r in later if r.at > change.at and r.role != "acquire"), None)
            if act is not None:
                yield look, change, act


def _name(look: Row, change: Row, rather: Fields = NOBODY) -> str:
    """What the look is at, in the words of the one who looks; `rather` one of these."""
    fields = look.fields & change.fields
    fields = (fields & rather) or fields
    for one in look.event.touched:
        if fields.intersection(one.fields):
            return one.name
    return look.event.target


def _overwritten(told: Told) -> Why | None:
    """An agent reads what it has written itself, and finds what another one wrote since."""
    for at, own in enumerate(told.rows):
        for other in told.rows[at + 1 :] if own.writes else ():
            if other.path == own.path or not other.writes or not other.fields & own.fields:
                continue
            for row in told.rows[at + 1 :]:
                reads = row.path == own.path and row.at > other.at and not row.writes
                if reads and row.fields & other.fields and row.role != "acquire":
                    name, thread = _name(row, other), row.event.thread
                    text = f"{thread} finds in `{name}` at step {{0}} what step {{1}} left there"
                    return Why(f"{text}, not what it wrote at step {{2}}", (row, other, own))
    return None


def _too_early(told: Told) -> Why | None:
    """Something is used that another agent has not stored yet, or has taken away."""
    path = failing_path(told.failure, told.events)
    for row, one in reversed(list(_touches(told))):
        if row.path != path or one.before not in _EMPTY or one.writes:
            continue
        thread = row.event.thread
        later = next((i for i in range(row.at + 1, len(told.events)) if _stores(told, i, one)), -1)
        other = next((r for r in told.rows if r.at == later), None)
        if other is not None and other.path != path:
            text = f"{thread} uses `{one.name}` at step {{0}}, before step {{1}} has stored it"
            return Why(text, (row, other))
        if later >= 0 and told.events[later].path != path:
            by = told.events[later].thread
            return Why(
                f"{thread} uses `{one.name}` at step {{0}}, before {by} has stored it", (row,)
            )
        missing = "not there" if one.before == GONE else one.before
        return Why(f"{thread} uses `{one.name}` at step {{0}}, while it is {missing}", (row,))
    return None


def _impatient(told: Told) -> Why | None:
    """A time was over before others came to what was waited for."""
    for row in told.rows:
        if row.event.over is not None:
            thread, seconds = row.event.thread, row.event.over
            return Why(
                f"the {seconds:g} s that {thread} waits at step {{0}} were over first", (row,)
            )
    return None


def _stores(told: Told, at: int, used: Touched) -> bool:
    written = {field for field, write in told.events[at].fields if write}
    return bool(written.intersection(used.fields))


def _switched(told: Told) -> Why:
    """Nothing but the order is known."""
    turns = [(event, event.turn) for event in told.events if event.turn is not None]
    if not turns:
        return Why("it fails in the ordinary order as well")
    # Why not those with the main thread first: whoever starts the others is seldom the point.
    turns.sort(key=lambda one: ("0" in (one[1].other, one[1].to), not one[1].forced))
    event, turn = turns[0]
    other = next((one.thread for one in told.events if one.path == turn.other), "the other thread")
    where = f" at {turn.at}" if turn.at else ""
    return Why(f"fails only if {event.thread} comes before {other}{where}")
