"""Branches that the arguments of a call rule out."""

from __future__ import annotations

import pytest

from racecheck.analyses import infeasible
from tests.program.build import program

RUN = """
    def run(command, wait=True, log=None):
        if wait:
            finish(command)
        if log is not None:
            log(command)

    def finish(command): ...

    def start(command, flag):
        {call}
"""


@pytest.mark.parametrize(
    ("call", "finishes", "logs"),
    [
        ("run(command)", True, False),
        ("run(command, False)", False, False),
        ("run(command, wait=False)", False, False),
        ("run(command, wait=flag)", True, False),
        ("run(command, wait=0)", False, False),
        ("run(command, log=print)", True, True),
        ("run(command, **flag)", True, True),
        ("run(*command)", True, True),
    ],
)
def test_what_a_call_comes_to(call: str, finishes: bool, logs: bool) -> None:
    made = program(app=RUN.format(call=call))
    target, starter = made.functions["app:run"], made.functions["app:start"]
    (link,) = [link for link in starter.calls if target in link.targets]
    known = infeasible.given(link, target)
    ends = {c.path: not infeasible.excludes(known, target, c.ctx) for c in target.facts.calls}
    assert ends == {"finish": finishes, "log": logs}


def test_a_parameter_that_is_assigned_says_nothing() -> None:
    source = RUN.replace("        if wait:", "        wait = ready()\n        if wait:", 1)
    made = program(app=source.format(call="run(command, wait=False)"))
    target, starter = made.functions["app:run"], made.functions["app:start"]
    (link,) = [link for link in starter.calls if target in link.targets]
    assert "wait" not in infeasible.given(link, target)
