"""RC420: an assertion of a test that fails on another thread."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.reach import Way, ways_to
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import CATCH_ALL, Context, Test
from racecheck.program.model import Class, Function, Module, RoleKind

CODES = ("RC420",)
_THREADS = frozenset({RoleKind.THREAD})
_CATCH = CATCH_ALL | {"AssertionError"}
_PYTEST = frozenset({"pytest.fail", "pytest.raises"})
_HOOKS = frozenset({"threading.excepthook", "thread_unhandled_exception"})


def find(study: Study) -> Iterator[Finding]:
    """Assertions in test files that only a thread's end would notice."""
    hooked = _hooked(study)
    for function in study.program.functions.values():
        if not function.module.is_test or function.roles.isdisjoint(_THREADS):
            continue
        if function.module.name in hooked:
            continue
        asserts = list(_assertions(function))
        if not asserts:
            continue
        way = next(
            (w for w in ways_to(study.program, function, _THREADS) if _is_lost(study, w)), None
        )
        if way is not None:
            for line, what in asserts:
                yield _report(study, function, line, what, way)


def _hooked(study: Study) -> frozenset[str]:
    """Test modules that look at exceptions of threads."""
    return frozenset(
        function.module.name
        for function in study.program.functions.values()
        if function.module.is_test
        for access in function.facts.accesses
        if access.kind == "write" and access.path in _HOOKS
    )


def _assertions(function: Function) -> Iterator[tuple[int, str]]:
    """Lines with assertions that nothing in this function catches."""
    facts = function.facts
    for test in facts.tests:
        if test.kind == "assert" and not _narrows(test):
            contexts = [a.ctx for a in facts.accesses if test.first <= a.seq < test.last]
            contexts += [c.ctx for c in facts.calls if test.first <= c.seq < test.last]
            if contexts and not _is_caught(function.context(contexts[0])):
                yield test.line, "assert"
    for link in function.calls:
        call = link.call
        method = call.path.rpartition(".")[2]
        is_fail = link.external in _PYTEST and method == "fail"
        own = call.path == f"self.{method}" and method.startswith(("assert", "fail"))
        fails = is_fail or (own and _in_test_case(function))
        if fails and not _is_caught(function.context(call.ctx)):
            yield call.line, f"{call.path}()"


def _narrows(test: Test) -> bool:
    """`assert x is not None`, `assert isinstance(x, T)`: said to a type checker only."""
    return test.shape == "is not None" or (test.shape == "call" and test.target == "isinstance")


def _is_caught(context: Context) -> bool:
    return not _CATCH.isdisjoint(context.catches)


def _in_test_case(function: Function) -> bool:
    owner = _owner(function)
    return owner is not None and any(name.endswith("TestCase") for name in owner.externals)


def _owner(function: Function) -> Class | None:
    scope: Function | None = function
    while scope is not None:
        if scope.cls is not None:
            return scope.cls
        scope = scope.parent
    return None


def _is_lost(study: Study, way: Way) -> bool:
    """Started by a plain thread from a test file, and caught nowhere on the way."""
    starter = study.program.functions.get(way.entry.starts)
    if starter is None or not starter.module.is_test:
        return False
    body = study.program.functions[way.entry.function]
    if way.links and way.links[-1].targets[0].module is not body.module:
        return False
    if any(_is_caught(link.caller.context(link.call.ctx)) for link in way.links):
        return False
    return not _is_wrapped(study, starter.module, way)


def _is_wrapped(study: Study, module: Module, way: Way) -> bool:
    """A target given to a Thread subclass of the tests, which may keep its exceptions."""
    body = study.program.functions[way.entry.function]
    if body.cls is not None and body.name == "run":
        return False
    for function in module.functions.values():
        if function.id == way.entry.starts:
            links = [x for x in function.calls if x.call.seq == way.entry.call]
            return any(x.constructs for x in links if not x.call.path.endswith("Thread")) or any(
                any(t.cls is not None for t in x.targets) for x in links
            )
    return False


def _report(study: Study, function: Function, line: int, what: str, way: Way) -> Finding:
    step = Step(
        "assert",
        function.place(line, what.removesuffix("()")),
        function.label,
        way.entry.how,
        note="an AssertionError ends this thread and nothing else",
    )
    return study.finding(
        "RC420",
        function.label,
        f"`{what}` fails on a thread, and the test passes",
        [step, *way.steps],
        evidence=[f"`{way.text}` runs on {way.entry.how} at {way.entry.place}"],
    )
