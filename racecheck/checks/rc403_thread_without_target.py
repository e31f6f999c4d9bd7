"""RC403: a thread with neither a target nor a `run` of its own."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.constants import is_none
from racecheck.analyses.starts import Made, Threads, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call
from racecheck.program import calls
from racecheck.program.model import Class, Function

CODES = ("RC403",)
_CLASSES = frozenset(
    {"threading.Thread", "multiprocessing.Process", "multiprocessing.dummy.Process"}
)


def find(study: Study) -> Iterator[Finding]:
    """Thread objects that will do nothing."""
    known = threads(study)
    for made in known.made:
        if made.function.module.is_test or made.kind not in _CLASSES:
            continue
        if made.link.call.starred or _has_target(made, known):
            continue
        if made.cls is None:
            if made.link.call.args or (_is_started(made) and not _gets_run(made)):
                yield _plain(study, made)
        elif not _class_has_target(made.cls, known):
            yield _subclass(study, made, made.cls)


def _has_target(made: Made, known: Threads) -> bool:
    row = known.kinds[made.kind]
    return calls.argument(made.link.call, row.position, row.argument) is not None or bool(
        made.bodies
    )


def _gets_run(made: Made) -> bool:
    """`t.run = job` behind the construction."""
    path = made.link.call.into
    names = {f"{path}.run", f"{path}._target"}
    return bool(path) and any(
        a.path in names and a.kind == "write" for a in made.function.facts.accesses
    )


def _is_started(made: Made) -> bool:
    """Does the same function start it? An object that is only looked at needs no target."""
    call = made.link.call
    path = f"{call.path}()" if call.use == "chain" else call.into
    return bool(path) and any(c.path == f"{path}.start" for c in made.function.facts.calls)


def _class_has_target(cls: Class, known: Threads) -> bool:
    """Does the class bring a `run`, or its `__init__` a target? Unknown counts as yes."""
    if cls.opaque or cls.find_method("run") or cls.find_attribute("run"):
        return True
    if not cls.externals <= _with_bases(known):
        return True
    inits = [c.methods["__init__"] for c in cls.mro if "__init__" in c.methods]
    if not inits or any(c.facts.metaclass or c.facts.decorators for c in cls.mro):
        return True
    return any(_hands_target(init) for init in inits)


def _with_bases(known: Threads) -> frozenset[str]:
    return frozenset(known.kinds) | {"multiprocessing.process.BaseProcess"}


def _hands_target(init: Function) -> bool:
    handed = [c for c in init.facts.calls if c.path.endswith(".__init__")]
    if not handed:
        return True
    stores = any(
        a.path in ("self._target", "self.run") and a.kind == "write" for a in init.facts.accesses
    )
    return stores or any(map(_may_have_target, handed))


def _may_have_target(call: Call) -> bool:
    if call.starred or len(call.args) > 1:
        return True
    return any(name == "target" for name, _ in call.keywords)


def _plain(study: Study, made: Made) -> Finding:
    call, name = made.link.call, made.kind.rpartition(".")[2]
    group = call.args[0] if call.args and not is_none(call.args[0]) else None
    step = Step("create", made.function.place(call.line, call.path), made.function.label)
    if group is None:
        message, evidence = f"`{name}()` has nothing to run: no target is given", []
    else:
        given = group.text or "the first argument"
        message = f"`{name}({given})` takes `{given}` as the group, not as the target"
        evidence = ["the first positional parameter is `group`, which must be None"]
    return study.finding("RC403", call.into or call.path, message, [step], evidence=evidence)


def _subclass(study: Study, made: Made, cls: Class) -> Finding:
    call = made.link.call
    steps = [
        Step("create", made.function.place(call.line, call.path), made.function.label),
        Step(
            "define",
            cls.methods["<class>"].place(cls.facts.line, cls.name)
            if "<class>" in cls.methods
            else made.function.place(call.line),
            cls.name,
            note=f"{cls.name} overrides no run() and hands no target to its base",
        ),
    ]
    return study.finding(
        "RC403", cls.name, f"`{cls.name}` is a thread that has nothing to run", steps
    )
