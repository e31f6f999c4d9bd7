"""RC510: the thread of an event loop waits for what only this loop can do."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses import loops
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Call
from racecheck.program.model import Link

CODES = ("RC510",)


def find(study: Study) -> Iterator[Finding]:
    """Waits for a coroutine that was given to the running loop."""
    for link in study.calls.of((loops.SUBMIT,)):
        if (wait := loops.waits_for_itself(link)) is not None:
            yield _report(study, link, wait)


def _report(study: Study, link: Link, wait: Call) -> Finding:
    function, submit = link.caller, link.call
    steps = [
        Step(
            "wait",
            function.place(wait.line, f".{wait.path.rpartition('.')[2]}("),
            function.label,
            "event loop",
            note="blocks the thread of the loop",
        ),
        Step(
            "submit",
            function.place(submit.line, submit.path),
            function.label,
            "event loop",
            note="the loop can run this only when its thread is free",
        ),
    ]
    return study.finding(
        "RC510",
        function.label,
        "the event loop waits for a coroutine that only it could run",
        steps,
        evidence=["the coroutine is given to the loop of the running thread"],
    )
