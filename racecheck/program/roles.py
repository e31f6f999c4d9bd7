"""Roles: on which kinds of thread each function may run, carried down the calls to a fixpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from racecheck.facts.schema import Call
from racecheck.program import spawns
from racecheck.program.model import Entry, Function, Program, RoleKind

_ROLES = tuple(RoleKind)
_BIT = {role: 1 << index for index, role in enumerate(_ROLES)}
_SHIFT = len(_ROLES)
_ROLE_BITS = (1 << _SHIFT) - 1
_TEST = _BIT[RoleKind.TEST]

MAX_ENTRIES = 16
"""Entries listed for one function; more add nothing to what can be said about it."""


def connect(program: Program) -> None:
    """Fill in `Function.roles` and `Function.entries`; see DESIGN section 4.

    Entries come first. Then code that runs at import, then functions that nobody in the project
    calls: for them the main thread of some caller outside stands in.
    """
    masks = dict.fromkeys(program.functions.values(), 0)
    _spread(masks, _seed_entries(program, masks))
    _spread(masks, _seed(masks, (f for f in masks if _runs_at_import(f))))
    public = [f for f in masks if _is_public(f)]
    _spread(masks, _seed(masks, (f for f in public if _is_root(f, masks[f]))))
    _spread(masks, _seed(masks, (f for f in public if not masks[f] & ~_TEST)))
    _many_by_loop(program)
    _many_by_starter(program, masks)
    _spread(masks, [f for f in masks if masks[f]])
    _apply(program, masks)


def _seed_entries(program: Program, masks: dict[Function, int]) -> list[Function]:
    seeds = []
    for index, entry in enumerate(program.entries):
        function = program.functions[entry.function]
        masks[function] |= _BIT[entry.role] | 1 << (_SHIFT + index)
        seeds.append(function)
    for function in masks:
        if function.facts.is_async:
            masks[function] |= _BIT[RoleKind.LOOP]
            seeds.append(function)
    return seeds


def _seed(masks: dict[Function, int], functions: Iterable[Function]) -> list[Function]:
    """Give MAIN (in test files: TEST) to functions."""
    seeds = list(functions)
    for function in seeds:
        role = RoleKind.TEST if function.module.is_test else RoleKind.MAIN
        masks[function] |= _BIT[role]
    return seeds


def _runs_at_import(function: Function) -> bool:
    name = function.facts.name
    return name == "<module>" or (name == "<class>" and function.parent is None)


def _is_public(function: Function) -> bool:
    if function.parent is not None:
        return False
    name = function.facts.name
    return name[:1] not in "_<" or (name.startswith("__") and name.endswith("__"))


def _is_root(function: Function, mask: int) -> bool:
    """Is the public function without a role of its own, and called by no production code?"""
    if mask & ~_TEST:
        return False
    in_tests = function.module.is_test
    return not any(in_tests or not link.caller.module.is_test for link in function.callers)


def _spread(masks: dict[Function, int], seeds: Iterable[Function]) -> None:
    """Carry bits from callers to callees until nothing changes. A bit is added once: it ends."""
    work = list(seeds)
    while work:
        caller = work.pop()
        mask = masks[caller]
        for link in caller.calls:
            for target in link.targets:
                missing = mask & ~masks[target]
                if missing and (caller.facts.is_async or not target.facts.is_async):
                    masks[target] |= mask
                    work.append(target)


def _many_by_loop(program: Program) -> None:
    """What is started by a function that somebody calls in a loop."""
    looped = spawns.repeated(program.functions.values())
    for index, entry in enumerate(program.entries):
        starter = program.functions.get(entry.starts)
        if entry.many or entry.joined or starter not in looped:
            continue
        call = _call_of(entry, starter)
        if call is not None and not spawns.is_kept(call):
            program.entries[index] = replace(entry, many=True)


def _call_of(entry: Entry, starter: Function) -> Call | None:
    """The call that starts an entry, unless a busy flag lets only one of them run."""
    call = starter.starting(entry)
    return None if call is None or spawns.one_at_a_time(starter, call) else call


def _many_by_starter(program: Program, masks: dict[Function, int]) -> None:
    """What is started by code that runs several times at once runs several times at once."""
    changed = True
    while changed:
        changed = False
        many = sum(1 << (_SHIFT + i) for i, entry in enumerate(program.entries) if entry.many)
        for index, entry in enumerate(program.entries):
            starter = program.functions.get(entry.starts)
            if entry.many or starter is None or entry.role is RoleKind.LOOP:
                continue
            starts_many = masks[starter] & many and not masks[starter] & _BIT[RoleKind.MAIN]
            if starts_many and (entry.call < 0 or _call_of(entry, starter)):
                program.entries[index] = replace(entry, many=True)
                changed = True


def _apply(program: Program, masks: dict[Function, int]) -> None:
    role_sets: dict[int, frozenset[RoleKind]] = {}
    entry_sets: dict[int, tuple[Entry, ...]] = {0: ()}
    for function, mask in masks.items():
        bits = mask & _ROLE_BITS
        if bits not in role_sets:
            role_sets[bits] = frozenset(r for r in _ROLES if bits & _BIT[r])
        function.roles = role_sets[bits]
        reached = mask >> _SHIFT
        if reached not in entry_sets:
            entry_sets[reached] = _entries(program, reached)
        function.entries = entry_sets[reached]


def _entries(program: Program, reached: int) -> tuple[Entry, ...]:
    found: list[Entry] = []
    while reached and len(found) < MAX_ENTRIES:
        lowest = reached & -reached
        found.append(program.entries[lowest.bit_length() - 1])
        reached ^= lowest
    return tuple(found)
