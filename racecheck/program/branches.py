"""Branches that a constant of the module rules out: `_IS_SYNC = False`, then `if _IS_SYNC:`.

Such files are often made from one another, and the branch is for the other one. What stands there
is left out of the program. Only private names count, bound once, at the top of the module, to True
or False, of which no other file binds one: whatever else may be set for a test or by a user.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from racecheck.facts.schema import CHANGES, Access, Context, FileFacts, Function, Test

_TRUTHS: Final = {"True": True, "False": False}
_FREE: Final = Context()

Constants = Mapping[str, bool]


def living(files: Mapping[str, FileFacts]) -> dict[str, FileFacts]:
    """The files without what stands in branches that are never taken."""
    found = {path: known for path, facts in files.items() if (known := _constants(facts))}
    stored = _stored_from_outside(files, {name for known in found.values() for name in known})
    result = dict(files)
    for path, known in found.items():
        sure = {name: value for name, value in known.items() if name not in stored}
        functions = tuple(_alive(f, sure) for f in files[path].functions)
        result[path] = replace(files[path], functions=functions)
    return result


def _constants(facts: FileFacts) -> dict[str, bool]:
    """Private names of the module that are bound once and asked about somewhere."""
    if not facts.functions:
        return {}
    body, rest = facts.functions[0], facts.functions[1:]
    bound: dict[str, list[Access]] = {}
    for access in body.accesses:
        if access.kind in CHANGES and access.path.startswith("_"):
            bound.setdefault(access.path, []).append(access)
    found = {
        name: _TRUTHS[only.value.text]
        for name, (only, *more) in bound.items()
        if not more and name.isidentifier() and body.contexts[only.ctx] == _FREE
        if only.value is not None and only.value.kind == "const" and only.value.text in _TRUTHS
    }
    if not found:
        return {}
    asked = {test.target for function in facts.functions for test in function.tests}
    asked.difference_update(*(function.globals for function in rest))
    return {name: value for name, value in found.items() if name in asked}


def _stored_from_outside(files: Mapping[str, FileFacts], names: set[str]) -> set[str]:
    """Those that some file sets as an attribute of something: `module._DEBUG = True`."""
    if not names:
        return set()
    return {
        last
        for facts in files.values()
        for function in facts.functions
        for access in function.accesses
        if access.kind in CHANGES
        and "." in access.path
        and (last := access.path.rpartition(".")[2]) in names
    }


def _alive(function: Function, known: Constants) -> Function:
    """The function without what it never does."""
    own = {*function.locals, *(param.name for param in function.params)}
    outcomes = {
        number: outcome
        for number, test in enumerate(function.tests, 1)
        if test.target not in own and (outcome := _outcome(test, known)) is not None
    }
    if not outcomes:
        return function
    outcomes |= dict.fromkeys(_failing(function, outcomes), False)
    dead = {
        index
        for index, context in enumerate(function.contexts)
        if any(outcomes.get(abs(t)) is (t < 0) for t in context.tests)
    }
    return replace(
        function,
        accesses=tuple(one for one in function.accesses if one.ctx not in dead),
        calls=tuple(one for one in function.calls if one.ctx not in dead),
        points=tuple(one for one in function.points if one.ctx not in dead),
    )


def _outcome(test: Test, known: Constants) -> bool | None:
    value = known.get(test.target)
    if value is None or test.kind == "while" or test.shape not in ("truth", "not"):
        return None
    return value if test.shape == "truth" else not value


def _failing(function: Function, outcomes: Mapping[int, bool]) -> Iterator[int]:
    """Conditions `.. and ..` whose first operand fails."""
    for number, outcome in outcomes.items():
        whole = None if outcome else _begun_by(function.tests, number - 1)
        while whole is not None:
            yield whole + 1
            whole = _begun_by(function.tests, whole)


def _begun_by(tests: Sequence[Test], operand: int) -> int | None:
    """The `.. and ..` that has this first operand: it comes after it in the list."""
    first = tests[operand].first
    later = range(operand + 1, len(tests))
    whole = next((i for i in later if tests[i].first == first), None)
    if tests[operand].kind != "and" or whole is None or tests[whole].key == "not":
        return None
    return whole
