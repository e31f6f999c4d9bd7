"""RC421: a signal handler installed on a thread other than the main one."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.reach import WORKERS, Way, asks_for_thread, way_to
from racecheck.analyses.starts import threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Confidence, Finding, Step
from racecheck.facts.schema import CATCH_ALL, Context
from racecheck.program.model import Function, Link, RoleKind

CODES = ("RC421",)
_INSTALLERS = frozenset(
    {
        "signal.signal",
        "signal.set_wakeup_fd",
        "asyncio.AbstractEventLoop.add_signal_handler",
    }
)
_CATCH = CATCH_ALL | {"ValueError", "RuntimeError"}
_ROLES = WORKERS - {RoleKind.CALLBACK}


def find(study: Study) -> Iterator[Finding]:
    """Installations of signal handlers that a thread reaches, or that a constructor makes."""
    for link in study.calls.of(_INSTALLERS):
        function, ctx = link.caller, link.call.ctx
        if function.module.is_test or asks_for_thread(function, ctx):
            continue
        if _is_caught(function.context(ctx)):
            continue
        way = way_to(study.program, function, _ROLES)
        if way is not None and not any(_is_caught(x.caller.context(x.call.ctx)) for x in way.links):
            yield _on_thread(study, link, way)
        elif way is None and _is_public_constructor(link):
            yield _in_constructor(study, link)


def _is_caught(context: Context) -> bool:
    return not _CATCH.isdisjoint(context.catches)


def _is_public_constructor(link: Link) -> bool:
    """`__init__` of a public class: whoever makes the object need not be the main thread."""
    function = link.caller
    return (
        function.name == "__init__"
        and function.cls is not None
        and not function.cls.name.startswith("_")
        and not _is_chosen(function, link.call.ctx)
    )


def _is_chosen(function: Function, ctx: int) -> bool:
    """Does a parameter decide? Then the caller has asked for it."""
    params = {p.name for p in function.facts.params[1:]}
    return any(params.intersection((t.target, *t.names)) for t in function.tests(ctx))


def _on_thread(study: Study, link: Link, way: Way) -> Finding:
    function, call = link.caller, link.call
    step = Step(
        "call",
        function.place(call.line, call.path),
        function.label,
        way.entry.how,
        note="ValueError: signal only works in main thread of the main interpreter",
    )
    return study.finding(
        "RC421",
        function.label,
        f"`{call.path}()` is called on a thread, where it raises ValueError",
        [step, *way.steps],
        evidence=[f"reached by {way.text}, started at {way.entry.place}"],
    )


def _in_constructor(study: Study, link: Link) -> Finding:
    function, call = link.caller, link.call
    step = Step("call", function.place(call.line, call.path), function.label)
    near = [m for m in threads(study).made if m.function.module is function.module]
    chained = bool(near) and call.use == "bind"
    name = function.cls.name if function.cls is not None else function.label
    return study.finding(
        "RC421",
        function.label,
        f"making a `{name}` installs a signal handler, which only the main thread may do",
        [step],
        confidence=Confidence.LIKELY if chained else Confidence.POSSIBLE,
        evidence=[
            f"its module starts threads itself ({near[0].function.place(near[0].link.call.line)})"
            if near
            else "no caller in the project makes it on a thread",
            *(["it keeps the handler before it, as libraries do"] if chained else []),
        ],
        help="Install the handler in a function that the main program calls.",
    )
