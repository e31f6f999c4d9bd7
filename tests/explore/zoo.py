"""The runtime's zoo explored: which of its marks an exploration has to show, and which not.

As a program it is a worker, as `tests.explore.known`: `python -m tests.explore.zoo SEED NAME...`.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import io
import os
import sys
from typing import Final

from tests.explore.known import Said, finish, shown
from tests.zoo.loader import HERE, Program, programs

FAILING: Final = frozenset({"RC101", "RC115", "RC214", "RC308", "RC309", "RC310", "RC426", "RC440"})
"""Codes of races and deadlocks. Others are of what is left behind, and fail no exploration."""

THIRDS: Final = 3


def of_today() -> list[Program]:
    """A third of the zoo, another one each day; all of it if `RACECHECK_ZOO` is `all`."""
    found = [one for one in programs() if one.runs_here]
    if os.environ.get("RACECHECK_ZOO") == "all":
        return found
    return found[datetime.datetime.now(datetime.UTC).toordinal() % THIRDS :: THIRDS]


def mistakes(program: Program, said: Said) -> list[str]:
    """Where the answer differs from what the marks allow."""
    if said.error:
        return [said.error]
    wrong = [f"said: {said.noise}"] if said.noise else []
    controlled = not said.uncontrolled
    if said.repeats and controlled:
        wrong.append(f"does not repeat: {said.repeats}")
    if said.outcome == "inconclusive":
        wrong.append(f"inconclusive: {said.reason}")
    codes = {code for code, _ in program.marks("expect")} & FAILING
    if said.outcome == "fails" and not codes:
        wrong += [f"false alarm: {one.kind} {one.text} at {one.place}" for one in said.failures]
    # Why under control only: what waits for a pipe comes in one order, and cannot block others.
    if said.outcome != "fails" and codes and controlled:
        wrong.append(f"missed alarm: {', '.join(sorted(codes))} ({said.schedules} schedules)")
    return wrong


def explored(name: str, seed: int) -> Said:
    """One program, in few schedules."""
    from racecheck.bridge.exploring import WATCH
    from racecheck.bridge.watching import Rules
    from racecheck.explore.explorer import Explorer, Plan
    from racecheck.explore.lab import Lab
    from racecheck.runtime.options import RuntimeOptions

    family, _, stem = name.partition("/")
    folder = str(HERE / family)
    options = RuntimeOptions(watch=WATCH, trace=(folder,), root=str(HERE), rules=Rules())
    sys.path.insert(0, folder)
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), Lab(options) as lab:
            main = importlib.import_module(stem).main
            lab.note_state()
            plan = Plan(schedules=60, seconds=10, seed=seed)
            verdict = Explorer(lab, main, plan, target=name).explore()
    finally:
        sys.path.remove(folder)
        sys.modules.pop(stem, None)
    return shown(name, verdict, noise=err.getvalue()[:1000])


if __name__ == "__main__":
    finish(sys.argv[2:], lambda name: explored(name, int(sys.argv[1])))
