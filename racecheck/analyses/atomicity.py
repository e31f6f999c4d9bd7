"""Check-then-act: a state is tested, and then changed (or used) on the strength of the test.

Found per function from the control dependence in the facts. What makes a pair atomic is one
critical section around both, not one lock taken twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from racecheck.analyses.guards import Profile, Seen
from racecheck.analyses.phases import winds_up
from racecheck.analyses.windows import opened_between
from racecheck.facts.schema import Access, Function, Test, Value

_REMOVERS = frozenset({"pop", "popleft", "remove", "del[]", "popitem", "clear", "discard"})
_PARTIAL = frozenset({"pop", "popleft", "remove", "del[]", "popitem"})
_ITEMS = frozenset({"[]", "[]=", "[]+=", "del[]"})
_NONE_SHAPES = frozenset({"is None", "not"})
_SOME_SHAPES = frozenset({"is not None", "truth"})


@dataclass(frozen=True, slots=True, eq=False)
class CheckAct:
    """A check and the act that depends on it, of one state in one function.

    kind: `insert` (missing key, then stored), `remove` (present, then removed), `lazy` (None, then
    made), `use` (not None, then used), `change` (compared, then changed), `flag` (flag tested, then
    set).
    section: `none` (no common lock), `split` (the same lock, but taken twice), `act` (only the act
    is locked).
    rechecked: the state is tested again in the critical section of the act.
    """

    kind: str
    section: str
    test: Test
    check: Seen
    act: Seen
    open: bool
    rechecked: bool


def pairs(profile: Profile) -> Iterator[CheckAct]:
    """All check-then-act pairs of a state that no single critical section covers."""
    by_function: dict[str, list[Seen]] = {}
    for seen in profile.seen:
        by_function.setdefault(seen.use.function.id, []).append(seen)
    for uses in by_function.values():
        facts = uses[0].use.function.facts
        if facts.tests:
            yield from _in_function(profile, facts, uses)


def _in_function(profile: Profile, facts: Function, uses: list[Seen]) -> Iterator[CheckAct]:
    checks = [s for s in uses if s.use.access.kind == "check"]
    told: set[int] = set()
    direct = [(c, test_of(facts, c.use.access), False) for c in checks]
    for check, index, carried in (*direct, *_carried(facts, uses)):
        if index < 0 or index in told:
            continue
        for act in uses:
            kind = _carried_kind(facts, index, act) if carried else _kind(facts, index, check, act)
            if not kind:
                continue
            section = _section(profile, facts, check, act)
            if section == "split" and _lent(facts, index, check, act):
                continue
            if section == "split" or (section and not carried):
                told.add(index)
                test = facts.tests[index]
                read = max(test.first - 1, check.use.access.seq)
                opened = (
                    section != "none"
                    or test.kind == "while"
                    or opened_between(facts, read, act.use.access.seq)
                )
                again = _rechecked(facts, check, act, checks)
                yield CheckAct(kind, section, test, check, act, opened, again)
                break


def _carried(facts: Function, uses: list[Seen]) -> Iterator[tuple[Seen, int, bool]]:
    """Reads whose value reaches a later test in a local: `enough = self.n > k`, `if enough:`."""
    for index, test in enumerate(facts.tests):
        if test.kind not in ("if", "while") or not test.names:
            continue
        for local in _last_stores(facts, test):
            for seen in uses:
                access = seen.use.access
                if access.path in local.sources and access.seq < local.seq:
                    if access.kind == "read" and access.line == local.line:
                        yield seen, index, True


def _last_stores(facts: Function, test: Test) -> list[Access]:
    """For each local that the test reads, the store it gets its value from."""
    found: dict[str, Access] = {}
    for access in facts.accesses:
        if access.path in test.names and access.kind in ("write", "update"):
            if access.seq < test.first:
                found[access.path] = access
    return [access for access in found.values() if access.sources]


def _carried_kind(facts: Function, index: int, act: Seen) -> str:
    """A later change of the state on the strength of a test of the carried value."""
    done = act.use.access
    if done.seq < facts.tests[index].last or not depends(facts, done, index):
        return ""
    atomic = done.via in ("setdefault", "discard", "pop", "update")
    return "change" if done.kind in ("update", "mutate") and not atomic else ""


def test_of(facts: Function, access: Access) -> int:
    """Index of the test that this check stands in, -1 for none."""
    for index, test in enumerate(facts.tests):
        if test.first <= access.seq < test.last and test.kind != "assert":
            return index
    return -1


def depends(facts: Function, act: Access, index: int) -> int:
    """+1 or -1: the branch of test `index` that the act stands in; 0 when it depends on neither."""
    for signed in facts.contexts[act.ctx].tests:
        if abs(signed) == index + 1:
            return 1 if signed > 0 else -1
    return 0


def _kind(facts: Function, index: int, check: Seen, act: Seen) -> str:
    test, tested, done = facts.tests[index], check.use.access, act.use.access
    branch = depends(facts, done, index)
    if not branch or done.seq < test.last or act.use.base != check.use.base:
        return ""
    if other_item(tested, done):
        return ""
    positive = branch > 0
    if tested.via in ("in", "not in"):
        return _membership(tested, done, positive)
    if test.target != tested.path and test.shape not in ("mixed", "compare"):
        return ""
    if test.shape in _NONE_SHAPES | _SOME_SHAPES:
        missing = (test.shape in _NONE_SHAPES) == positive
        return _presence(test, done, missing)
    return _comparison(test, tested, done)


def other_item(one: Access, other: Access) -> bool:
    """Are these two items of one container, by keys that are written down and differ?"""
    by_item = one.via in _ITEMS and other.via in _ITEMS
    return by_item and _is_written(one.key) and _is_written(other.key) and one.key != other.key


def _is_written(key: str) -> bool:
    return key.isdigit() or key[:1] in ("'", '"')


def _membership(tested: Access, done: Access, positive: bool) -> str:
    if done.key and tested.key and done.key != tested.key:
        return ""
    inside = (tested.via == "in") == positive
    if not inside and done.kind == "mutate" and done.via in ("[]=", "add", "append", "setdefault"):
        return "insert" if done.via != "setdefault" else ""
    if inside and done.kind == "mutate" and done.via in ("del[]", "pop", "remove"):
        return "remove"
    return "lookup" if inside and done.via == "[]" and done.kind == "read" else ""


def _presence(test: Test, done: Access, missing: bool) -> str:
    if missing:
        if done.kind == "write" and done.value is not None:
            if done.value.kind == "const":
                return "flag" if test.shape == "not" and done.value.text == "True" else ""
            return "lazy" if _is_made(done.value) else ""
        return ""
    if done.kind == "mutate" and done.via in _PARTIAL:
        return "remove"
    if done.kind == "read" and (done.via.startswith(".") or done.via in ("[]", "()")):
        return "use" if test.key != "len" else ("remove" if done.via == "[]" else "")
    return ""


def _is_made(value: Value) -> bool:
    """Is it a new object each time? What is kept elsewhere (`POOLS[key]`) is the same one."""
    if value.kind == "path":
        return value.text.isidentifier()
    return value.kind in ("call", "await", "other", "or")


def _comparison(test: Test, tested: Access, done: Access) -> str:
    if test.key == "len" or tested.via == "len":
        return "remove" if done.kind == "mutate" and done.via in _PARTIAL else ""
    if test.shape not in ("compare", "mixed"):
        return ""
    if done.kind == "update" or (done.kind == "mutate" and done.via == "[]+="):
        return "change"
    if done.kind == "write" and test.shape == "compare" and done.value is not None:
        return "change" if done.value.kind not in ("const",) or _numeric(done.value.text) else ""
    return ""


def _numeric(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _section(profile: Profile, facts: Function, check: Seen, act: Seen) -> str:
    """ "" when one critical section covers both; else how they are (not) locked."""
    if check.wild or act.wild:
        return ""
    tested, done = check.use.access, act.use.access
    held_check = facts.contexts[tested.ctx].held
    held_act = facts.contexts[done.ctx].held
    if any(not h.lock.is_async for h in check.throughout):
        return ""
    shared = set(held_check) & set(held_act)
    locks_check = {(h.lock.id, h.base) for h in check.held if not h.lock.is_async}
    locks_act = {(h.lock.id, h.base) for h in act.held if not h.lock.is_async}
    if locks_check & locks_act:
        return "" if shared or not (held_check and held_act) else "split"
    return "act" if locks_act else "none"


def _lent(facts: Function, index: int, check: Seen, act: Seen) -> bool:
    """Does a loop give the lock of its `with` up by hand, take it back, and test again?"""
    if facts.tests[index].kind != "while":
        return False
    held_check = facts.contexts[check.use.access.ctx].held
    held_act = facts.contexts[act.use.access.ctx].held
    entered = {facts.regions[i].path for i in held_check if facts.regions[i].how == "with"}
    return any(
        facts.regions[i].how == "acquire" and facts.regions[i].path in entered for i in held_act
    )


def _rechecked(facts: Function, check: Seen, act: Seen, checks: list[Seen]) -> bool:
    """Is the state tested again inside the act's critical section, before the act?"""
    held = set(facts.contexts[act.use.access.ctx].held)
    return any(
        c is not check
        and check.use.access.seq < c.use.access.seq < act.use.access.seq
        and held & set(facts.contexts[c.use.access.ctx].held)
        for c in checks
    )


def rivals(profile: Profile, pair: CheckAct) -> list[Seen]:
    """Uses that make the check stale in a way that hurts the act."""
    if pair.kind == "use":
        return nones(profile)
    if pair.kind == "lookup":
        return [s for s in removals(profile) if not winds_up(s.use.function)]
    if pair.kind == "remove":
        return removals(profile)
    tested = pair.check.use.access
    changes = [
        s
        for s in profile.seen
        if s.is_write and not _begins(profile, s) and not other_item(tested, s.use.access)
    ]
    if pair.kind in ("lazy", "flag"):
        # Who puts it back to nothing meanwhile does not make it a second time.
        return [s for s in changes if not _puts_back(s.use.access)]
    if pair.kind == "insert":
        return [s for s in changes if s.use.access.via not in _REMOVERS]
    return changes


def _puts_back(access: Access) -> bool:
    value = access.value
    nothing = value is not None and value.kind == "const" and value.text in ("None", "False")
    return access.kind == "delete" or (access.kind == "write" and nothing)


def only_noted(profile: Profile, pair: CheckAct) -> bool:
    """Is a name only put down once more, in a list that is only ever asked `in`?

    Harmless when nothing else follows from the test after the act.
    """
    done = pair.act.use.access
    if pair.kind != "insert" or done.via not in ("append", "add"):
        return False
    facts = pair.act.use.function.facts
    index = facts.tests.index(pair.test)
    follows = any(
        call.seq > done.seq and call.path != f"{done.path}.{done.via}"
        for call in facts.calls
        if any(abs(signed) == index + 1 for signed in facts.contexts[call.ctx].tests)
    )
    asked = all(
        s.use.access.via in ("in", "not in") or s.use.access.via == done.via for s in profile.seen
    )
    return asked and not follows


def removals(profile: Profile) -> list[Seen]:
    """Uses that take something out, or replace the state as a whole."""
    return [
        s
        for s in profile.seen
        if s.use.access.via in _REMOVERS or s.use.access.kind in ("write", "delete")
        if not _begins(profile, s)
    ]


def _begins(profile: Profile, seen: Seen) -> bool:
    """Is it the first store to a captured local? Nobody can have read it before.

    Not in a loop, where an earlier round may have left a thread behind.
    """
    function, access, owner = seen.use.function, seen.use.access, profile.state.id
    if owner.kind != "cell" or function.id != owner.owner or access.kind != "write":
        return False
    facts = function.facts
    if any(loop.first <= access.seq < loop.last for loop in facts.loops):
        return False
    stores = [s.use.access.seq for s in profile.seen if s.use.function is function and s.is_write]
    return access.seq == min(stores) and all(p.name != access.path for p in facts.params)


def nones(profile: Profile) -> list[Seen]:
    """Uses that store None or delete the attribute."""
    return [
        s
        for s in profile.seen
        if s.use.access.kind == "delete"
        or (
            s.use.access.kind == "write"
            and s.use.access.value is not None
            and s.use.access.value.kind == "const"
            and s.use.access.value.text == "None"
        )
    ]
