"""RC303: a lock that others hold is replaced by a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.analyses.sync import EXCLUSIVE
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access
from racecheck.program import locks, names, states
from racecheck.program.model import Function, Held, State, Use

CODES = ("RC303",)

_PHASE = re.compile(
    r"(?:^|_)(?:init|start|open|connect|set_?up|configur|creat|prepar|launch|boot|fork|after_?fork"
    r"|child|test|build|locks?(?:$|_)|renew|restore|reinit|enter|install|attach|spawn|post_?fork)",
    re.IGNORECASE,
)
"""Beginnings of functions that run before others use the object, or renew locks on purpose."""


def find(study: Study) -> Iterator[Finding]:
    """Stores of new locks outside the phases in which nobody can hold the old one."""
    for state in study.program.states.values():
        if state.id.kind not in ("attribute", "class attribute", "global"):
            continue
        made = [use for use in state.uses if _is_made(use.access)]
        stores = [use for use in made if _is_new_lock(study, use)] if len(made) > 1 else []
        if len(stores) > 1 and (first := _first(study, state, stores)):
            for use in stores:
                if use is not first and _is_late(study, use):
                    yield from _checked(study, use, first)


def _is_made(access: Access) -> bool:
    return access.kind == "write" and access.value is not None and access.value.kind == "call"


def _is_new_lock(study: Study, use: Use) -> bool:
    value = use.access.value
    name = names.qualify(use.function, value.text) if value is not None else ""
    model = study.models.locks.get(name)
    return model is not None and model.kind in EXCLUSIVE and model.scope != "machine"


def _first(study: Study, state: State, stores: list[Use]) -> Use | None:
    """The store that makes the lock before anybody uses it."""
    for use in stores:
        at_import = use.function.name in ("<module>", "<class>")
        if at_import or study.phases.construction_only(use.function):
            return use
    return None


def _is_late(study: Study, use: Use) -> bool:
    """Is this a function that runs while others may hold the lock?"""
    function = use.function
    if function.name in ("<module>", "<class>") or _PHASE.search(function.name):
        return False
    if (
        function.escapes
        or _is_passed_on(function)
        or study.phases.construction_only(function)
        or function.parent
    ):
        return False
    if use.base not in ("self", "cls", ""):
        return False
    return not _asks_first(function, use.access)


def _is_passed_on(function: Function) -> bool:
    """`WeakMethod(self._reset)`, `after_in_child=self._reset`: a hook, most often for forks."""
    end = f".{function.name}"
    return any(
        access.path.endswith(end) and access.via != "()" and access.kind == "read"
        for other in (function.cls.methods.values() if function.cls else ())
        for access in other.facts.accesses
    )


def _asks_first(function: Function, access: Access) -> bool:
    """`if self._lock is None: self._lock = Lock()` makes it, once."""
    name = access.path.rpartition(".")[2]
    return any(name in test.target for test in function.tests(access.ctx))


def _checked(study: Study, use: Use, first: Use) -> Iterator[Finding]:
    held = locks.find(use.function, use.access.path)
    if held is None:
        return
    for taker in sorted(study.sync.takers.get(held.lock.id, ()), key=lambda f: f.id):
        other = taker is not use.function and not study.phases.construction_only(taker)
        if other and states.locate(taker, use.access.path) == states.of(use.function, use.access):
            yield _report(study, use, first, taker, held)
            return


def _report(study: Study, use: Use, first: Use, taker: Function, held: Held) -> Finding:
    function, access = use.function, use.access
    line = next((r.line for r in taker.facts.regions if r.path == access.path), taker.facts.line)
    steps = [
        Step(
            "write",
            function.place(access.line, access.path),
            function.label,
            note="from here on the old lock and the new one exclude different threads",
        ),
        Step("lock", taker.place(line, access.path), taker.label, note="takes it"),
        _made(first),
    ]
    name = held.lock.name
    return study.finding(
        "RC303", name, f"`{function.label}` replaces `{name}` while others may hold it", steps
    )


def _made(first: Use) -> Step:
    function, access = first.function, first.access
    return Step(
        "made", function.place(access.line, access.path), function.label, note="made here first"
    )
