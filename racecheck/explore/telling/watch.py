"""One run, step by step: what each agent really did, in the order in which it came about.

What is kept of a step are names, numbers and short texts. Objects are held only between a step that
changes them and the next stand of the same agent, when the new value is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from racecheck.explore.control.agents import Agent
from racecheck.explore.operations import Operation
from racecheck.explore.strategies.base import Decision, steady
from racecheck.explore.telling.values import Touched, heaviest, touched, value_of
from racecheck.runtime import pristine
from racecheck.runtime.deliver import failed
from racecheck.runtime.locks import Mutex
from racecheck.runtime.naming import birth, lock_name, made_of, name_at
from racecheck.runtime.sites import Access, Site
from racecheck.runtime.stacks import Stack, is_library
from racecheck.runtime.threads import ThreadState, local

EVENTS: Final = 20_000
"""Steps that are kept of one run; further ones are not."""

WAITS: Final = {
    "blocked-lock": "a lock",
    "blocked-condition": "a notification",
    "blocked-event": "an event",
    "blocked-semaphore": "a semaphore",
    "blocked-barrier": "the others at the barrier",
    "blocked-queue-get": "an item",
    "blocked-queue-put": "room in the queue",
    "blocked-queue-join": "the end of the queue's items",
    "blocked-future": "a result",
    "join": "the end of a thread",
    "sleep": "the time",
}
"""Kinds at which an agent comes to a stand and stays, with what it stays for."""

NAMED: Final = {
    "blocked-condition": "a notification of `{}`",
    "blocked-event": "the event `{}`",
    "blocked-semaphore": "the semaphore `{}`",
    "blocked-barrier": "the others at `{}`",
    "blocked-queue-get": "an item of `{}`",
    "blocked-queue-put": "room in `{}`",
    "blocked-queue-join": "the items of `{}`",
}
"""The same where the program has a name for it."""


class Turn(NamedTuple):
    """`to` goes on and not, as by default, `other`, that stands before `at`.

    `gave` ran before, and has to wait, unless the switch is `forced`: it could have gone on.
    `over`: the seconds that `to` waited for, which were over first.
    """

    to: str
    gave: str
    other: str
    at: str
    forced: bool
    over: float | None = None


class Named(NamedTuple):
    """What is left of a lock: enough for its name."""

    number: int
    made: Stack
    kind: str


@dataclass(frozen=True, slots=True)
class Event:
    """One visible step. `kind`: that of its operation, `wait` for one that has to wait, or `end`.

    `note` says what was found or left behind. `fields`: what it touches, as (object, field), and
    whether it changes it; names hold within one run. `role`: what it does, in a word. `held`: locks
    held meanwhile, `locks` their numbers. `turn`: why it is this agent's, if that was not by
    default. `target`: the name of what it asks or waits for (`lock`: its number); `by`: who holds
    that. `over`: the seconds that it waited for, if these were over though others could go on.
    """

    path: str
    thread: str
    kind: str
    place: str = ""
    note: str = ""
    forced: bool = False
    role: str = ""
    function: str = ""
    fields: tuple[tuple[Any, bool], ...] = ()
    touched: tuple[Touched, ...] = ()
    held: tuple[str, ...] = ()
    locks: tuple[int, ...] = ()
    turn: Turn | None = None
    target: str = ""
    by: str = ""
    lock: int = 0
    over: float | None = None


class _Draft:
    """An event that is not over. `site` and `values`: where to look for what it leaves behind.

    `named`: how to say what it waits for, with the name of what was `made` there.
    """

    def __init__(self, agent: Agent, operation: Operation, kind: str, turn: Turn | None) -> None:
        self.agent = agent
        self.kind = kind
        self.place = operation.place
        self.touches = operation.touches or ()
        self.turn = turn
        self.site: Site | None = None
        self.values: Sequence[Any] = ()
        self.accesses: list[Access] = []
        self.touched: list[Touched] = []
        self.locks: tuple[Named, ...] = ()
        self.target: Named | str = ""
        self.over: float | None = None
        self.named = ""
        self.made: Stack = ()
        self.by = ""

    def event(self) -> Event:
        fields = dict(self.touches)
        for one in self.touched:
            for field, write in one.fields.items():
                fields[field] = fields.get(field, False) or write
        name = self.target if isinstance(self.target, str) else lock_name(self.target)
        if self.named and (called := name_at(self.made)):
            name = self.named.format(called)
        roles = heaviest(one.role for one in self.touched)
        return Event(
            path=self.agent.path,
            thread=self.agent.name,
            kind=self.kind,
            place=self.place,
            note=note_of(self.touched) or self._said(name),
            forced=self.turn is not None and self.turn.forced,
            role=roles or self.kind,
            function=self.site.function if self.site is not None else "",
            fields=tuple(fields.items()),
            touched=tuple(self.touched),
            held=tuple(lock_name(lock) for lock in self.locks),
            locks=tuple(lock.number for lock in self.locks),
            turn=self.turn,
            target=name,
            by=self.by,
            lock=0 if isinstance(self.target, str) else self.target.number,
            over=self.over,
        )

    def _said(self, name: str) -> str:
        if self.kind == "wait":
            owner = f", held by {self.by}" if self.by else ""
            over = f", its {self.over:g} s were over first" if self.over is not None else ""
            what = name if name.startswith(_PLAIN) else f"`{name}`"
            return f"waits for {what}{owner}{over}" if name else f"waits{over}"
        if self.kind == "acquire" and name:
            return f"acquires `{name}`"
        return ""


_PLAIN: Final = ("the ", "a ", "an ", "room ")


def note_of(found: Sequence[Touched]) -> str:
    """What several accesses of one step find; of those of one name the one that says most."""
    notes: dict[str, str] = {}
    for one in sorted(found, key=lambda one: one.writes):
        if one.note:
            notes[one.name] = one.note
    return ", ".join(notes.values())


class Watch:
    """Told by the controller and by those who make points. One for each run."""

    def __init__(self) -> None:
        self._drafts: list[_Draft] = []
        self._open: dict[int, _Draft] = {}
        self._known: dict[Any, str] = {}
        self._turn: Turn | None = None

    def events(self) -> tuple[Event, ...]:
        """All of them; the run is over."""
        self._open.clear()
        return tuple(draft.event() for draft in self._drafts if not _is_detail(draft))

    def chosen(self, decision: Decision, chosen: Agent) -> None:
        """Somebody goes on. Called before it does."""
        agent, other = decision.agent, steady(decision)
        if chosen is not other:
            forced = agent in decision.enabled
            gave, instead = _who(agent).path, _who(other).path
            over = chosen.timeout if chosen in decision.late else None
            self._turn = Turn(chosen.path, gave, instead, other.pending.place, forced, over)

    def stands(self, agent: Agent) -> None:
        """Others may go on now: what did the last step leave behind, and does it have to wait?"""
        self._settle()
        operation = agent.pending
        if agent.ready is None or operation.kind not in WAITS:
            return
        last = self._drafts[-1] if self._drafts else None
        if last is not None and last.agent is _who(agent) and _is_asked(last, operation):
            last.kind, draft = "wait", last
        else:
            draft = self._add(agent, operation, "wait")
        self._name_wait(draft, operation)

    def goes(self, agent: Agent) -> None:
        """It has been chosen, and makes the step that it stood before."""
        self._settle()
        kind = agent.pending.kind
        if kind in ("accessed", "coming"):
            return
        over = self._turn.over if self._turn is not None and self._turn.to == agent.path else None
        if over is not None:
            self._is_over(agent, over)
        if kind == "blocked-lock" and over is None:
            draft = self._add(agent, agent.pending, "acquire")
            target = _waited(local.__dict__.get("state"))[1]
            draft.target = _named(target) or ""
        else:
            self._add(agent, agent.pending, "goes on" if kind in WAITS else kind)

    def _is_over(self, agent: Agent, seconds: float) -> None:
        """What it waits for has not come, and its time is over."""
        for draft in reversed(self._drafts):
            if draft.agent is _who(agent) and draft.kind == "wait":
                # Why rounded: a library may have counted from when it was called.
                draft.over = round(seconds, 3)
                return

    def ended(self, agent: Agent) -> None:
        """It has run its last line."""
        self._settle()
        self._add(agent, agent.pending._replace(place="", touches=()), "end")

    def owner(self, agent: Agent, owner: Any) -> None:
        """What the step that the agent makes now is done to."""
        last = self._drafts[-1] if self._drafts else None
        if last is not None and last.agent is _who(agent):
            last.target = _named(owner) or ""

    def accesses(self, agent: Agent, operation: Operation, site: Site, values: Any) -> None:
        """The agent is at a site: before its statement, or after it if the site is told so."""
        try:
            if site.after:
                self._settle()
                self._add(agent, operation, operation.kind)
            draft = self._drafts[-1]
            if draft.agent is not _who(agent) or draft.site is not None:
                return
            self._look(draft, site, values)
            self._open[pristine.get_ident()] = draft
            if site.after:
                self._settle()
        except Exception as error:
            failed(error)

    def passes(self, agent: Agent, operation: Operation, site: Site, values: Any) -> None:
        """A task is at a site that is no decision point: nobody else can go on there."""
        if not site.after:
            self._settle()
            self._add(agent, operation, operation.kind)
        self.accesses(agent, operation, site, values)

    def did(self, agent: Agent, kind: str, place: str, owner: Any) -> None:
        """The agent does something that is no decision point."""
        self._add(agent, Operation(kind, place, ((id(owner), True),)), kind)

    def _look(self, draft: _Draft, site: Site, values: Sequence[Any]) -> None:
        draft.site, draft.values = site, values
        for access, one in touched(site, values):
            late = site.after and one.writes
            # Why: what was there before a statement that has run can only be known from earlier.
            value = self._known.get(_main(one), "") if late else value_of(access, site, values)
            if not late:
                self._known[_main(one)] = value
            draft.accesses.append(access)
            draft.touched.append(one._replace(before=value))

    def _settle(self) -> None:
        """What the last step of the calling thread has left behind."""
        draft = self._open.pop(pristine.get_ident(), None)
        if draft is None or draft.site is None:
            return
        try:
            for index, (access, one) in enumerate(zip(draft.accesses, draft.touched, strict=True)):
                if one.writes:
                    value = value_of(access, draft.site, draft.values)
                    self._known[_main(one)] = value
                    draft.touched[index] = one._replace(after=value)
        except Exception as error:
            failed(error)
        finally:
            draft.values = ()

    def _add(self, agent: Agent, operation: Operation, kind: str) -> _Draft:
        turn, who = None, _who(agent)
        if self._turn is not None and self._turn.to in (agent.path, who.path):
            turn, self._turn = self._turn, None
        draft = _Draft(who, operation, kind, turn)
        state = local.__dict__.get("state")
        if isinstance(state, ThreadState):
            links = reversed(list(state.chain or ()))
            draft.locks = tuple(Named(x.lock.number, x.lock.made, x.lock.kind) for x in links)
        if len(self._drafts) < EVENTS:
            self._drafts.append(draft)
        return draft

    def _name_wait(self, draft: _Draft, operation: Operation) -> None:
        kind, target = _waited(local.__dict__.get("state"))
        if target is not None:
            draft.touches = (*draft.touches, (id(target), True))
        if kind == "join":
            draft.target = f"the end of {getattr(target, 'name', 'a thread')}"
        else:
            draft.target = _named(target) or WAITS[operation.kind]
            draft.named, draft.made = NAMED.get(operation.kind, ""), made_of(target)
        holder = getattr(target, "owner", None)
        draft.by = holder.name if isinstance(holder, ThreadState) else ""


def _who(agent: Any) -> Agent:
    """The task that a thread is in the middle of, else the thread."""
    who: Agent = agent.task or agent
    return who


def _is_detail(draft: _Draft) -> bool:
    """Whether it is about a lock that a library keeps for itself."""
    lock = draft.target
    return not isinstance(lock, str) and is_library(birth(lock.made, lock.kind).place.path)


def _main(one: Touched) -> Any:
    return next(iter(one.fields))


def _is_asked(draft: _Draft, operation: Operation) -> bool:
    """Whether the wait belongs to the step just made: it asked, and has to wait."""
    same = draft.place == operation.place and draft.kind in ("acquire", "wait", "get", "put")
    return same and operation.kind != "sleep"


def _waited(state: Any) -> tuple[str, Any]:
    wait = state.waiting if isinstance(state, ThreadState) else None
    return (wait.kind, wait.target) if wait is not None else ("", None)


def _named(owner: Any) -> Named | None:
    return Named(owner.number, owner.made, owner.kind) if isinstance(owner, Mutex) else None
