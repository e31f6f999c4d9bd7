"""A decorator enters itself on every call and keeps the state of the call on itself."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access
from racecheck.program.model import Class, Function

CODES = ("RC130",)


def find(study: Study) -> Iterator[Finding]:
    """`__call__` with `with self:` in a class whose `__enter__` stores and `__exit__` reads."""
    for cls in study.program.classes.values():
        enter, leave = cls.find_method("__enter__"), cls.find_method("__exit__")
        if cls.module.is_test or enter is None or leave is None:
            continue
        stored = _carried(enter, leave)
        for function in _bodies(cls) if stored else ():
            line = next((r.line for r in function.facts.regions if r.path == "self"), 0)
            if line:
                yield _finding(study, cls, function, line, enter, leave, stored[0])


def _bodies(cls: Class) -> Iterator[Function]:
    """`__call__` and the wrappers defined in it."""
    call = cls.methods.get("__call__")
    if call is not None:
        yield call
        yield from call.nested.values()


def _carried(enter: Function, leave: Function) -> list[tuple[Access, Access]]:
    """Attributes that `__enter__` overwrites and `__exit__` reads back."""
    reads = {a.path: a for a in leave.facts.accesses if a.kind in ("read", "check", "update")}
    return [
        (a, reads[a.path])
        for a in enter.facts.accesses
        if a.kind == "write" and a.path.count(".") == 1 and a.path in reads
    ]


def _finding(
    study: Study,
    cls: Class,
    function: Function,
    line: int,
    enter: Function,
    leave: Function,
    carried: tuple[Access, Access],
) -> Finding:
    write, read = carried
    name = f"{cls.name}.{write.path.removeprefix('self.')}"
    steps = [
        Step("enter", function.place(line, "self"), function.label, note="one object, every call"),
        Step("write", enter.place(write.line, write.path), enter.label, note="a call begins"),
        Step("read", leave.place(read.line, read.path), leave.label, note="a call ends"),
    ]
    return study.finding(
        "RC130",
        name,
        f"Calls that overlap overwrite `{name}` of one shared decorator",
        steps,
        evidence=[f"the decorated function has one `{cls.name}` for all its calls"],
    )
