"""Code in a forked child waits for a lock that another thread may have held at the fork."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import trails
from racecheck.analyses.critical import Pair
from racecheck.analyses.named import by_function
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Access, Call
from racecheck.program import names
from racecheck.program.model import Class, Function, Link

CODES = ("RC616",)

_REGISTER, _ASK = _FORKS = ("os.register_at_fork", "os.getpid")
_CONSTRUCTORS = ("__init__", "__new__", "<class>", "<module>")


def find(study: Study) -> Iterator[Finding]:
    """Locks taken after a fork that nothing makes anew in the child."""
    told: set[tuple[str, str]] = set()
    for function, step in _children(study):
        for pair in study.critical.pairs(function):
            lock = pair.lock
            if lock is None or pair.event.kind != "acquire" or pair.event.tries:
                continue
            known = lock.lock.kind in ("lock", "rlock", "condition") and not lock.lock.is_async
            key = (function.id, lock.lock.id)
            if known and key not in told and not _made_anew(study, pair):
                told.add(key)
                yield _finding(study, function, step, pair)


def _children(study: Study) -> Iterator[tuple[Function, Step]]:
    """Functions that run in a child: registered at the fork, or comparing process ids."""
    for function, links in by_function(study.calls.of(_FORKS)).items():
        if function.module.is_test:
            continue
        for link in links:
            yield from _registered(study, link)
        check = _compares_pid(links)
        if check is not None:
            note = "the process id has changed: this is a child after a fork"
            yield function, Step("check", function.place(check.line, check.path), note=note)


def _registered(study: Study, link: Link) -> Iterator[tuple[Function, Step]]:
    call = link.call
    for key, value in call.keywords if link.external == _REGISTER else ():
        target = _resolve(study, link.caller, value.text) if key == "after_in_child" else None
        if target is not None:
            note = "registered to run in every forked child"
            yield target, Step("start", link.caller.place(call.line, call.path), note=note)


def _resolve(study: Study, function: Function, path: str) -> Function | None:
    if path.startswith("self.") and function.cls is not None:
        return function.cls.find_method(path[5:])
    return study.program.functions.get(_as_id(names.qualify(function, path), function))


def _as_id(name: str, function: Function) -> str:
    module = function.module.name
    return f"{module}:{name.removeprefix(module + '.')}"


def _compares_pid(links: list[Link]) -> Call | None:
    """The `os.getpid()` call of a function that compares it with a stored process id."""
    function = links[0].caller
    if function.name in _CONSTRUCTORS or function.cls is None:
        return None
    calls = [link.call for link in links if link.external == _ASK]
    stored = [a for a in function.facts.accesses if a.kind == "check" and "pid" in a.path.lower()]
    return calls[0] if calls and stored and _starts_thread(function) else None


def _starts_thread(function: Function) -> bool:
    """Does it start a worker anew? Then the class lives on in the child on purpose."""
    return any(link.external.endswith("Thread") for link in function.calls)


def _made_anew(study: Study, pair: Pair) -> bool:
    """Is the lock made again outside of the constructor, or after a fork by some hook?"""
    assert pair.lock is not None
    owner, _, name = pair.lock.lock.id.rpartition(".")
    cls = study.program.classes.get(owner)
    return cls is not None and any(_stores(c, name) for c in (cls, *cls.subclasses))


def _stores(cls: Class, name: str) -> bool:
    stores: list[Access] = [
        access
        for method in cls.methods.values()
        if method.name not in _CONSTRUCTORS
        for access in method.facts.accesses
        if access.path == f"self.{name}" and access.kind == "write"
    ]
    return bool(stores)


def _finding(study: Study, function: Function, step: Step, pair: Pair) -> Finding:
    assert pair.lock is not None
    name = pair.lock.lock.name
    taken = trails.path(pair, "acquire", "waits for ever if a thread held it at the fork")
    made = pair.lock.lock.place
    evidence = [f"`{name}` is made" + (f" at {made}" if made else " before the fork") + " only"]
    return study.finding(
        "RC616",
        name,
        f"`{function.label}` takes `{name}` in a forked child, "
        "where nobody may be left to release it",
        [*taken, step],
        evidence=evidence,
    )
