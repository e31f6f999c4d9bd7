"""What `racecheck replay` does once its options are read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from racecheck import api
from racecheck.bridge import exploring, reruns, verdicts, watching
from racecheck.bridge.bodies import Function, function_of
from racecheck.bridge.reruns import Replayed
from racecheck.bridge.schedules import Saved, Store
from racecheck.cli import emit, handover, options
from racecheck.cli.exploring import TABLE, apart, say_faults, view_of
from racecheck.core.errors import ExitCode, ScheduleError, UsageError
from racecheck.core.schedule import Schedule
from racecheck.explore.verdict import FAILS, INCONCLUSIVE
from racecheck.report.result import Result, plural
from racecheck.settings import Loaded


def run(given: argparse.Namespace, text: str, target: str, arguments: Sequence[str]) -> int:
    """Replay; returns the exit code."""
    changed = options.overrides(given, TABLE)
    loaded = api.load_settings(["."], isolated=given.isolated, config=given.config, **changed)
    written = emit.targets(loaded)
    saved = Store(loaded.root).get(text)
    target = target or _from_here(saved.target, loaded)
    if not target:
        raise UsageError(
            "which test is this schedule of?",
            "racecheck replay SCHEDULE TARGET; it was not found in .racecheck/schedules",
        )
    function = function_of(target)
    if function is None:
        return handover.replay(str(saved.schedule), target, given, loaded, changed)
    name = function.named(loaded.root)
    if not saved.schedule.belongs_to(name):
        raise ScheduleError(
            f"this schedule was not found with {function}",
            f"it is of {saved.target}" if saved.target else "name the test that it was found with",
        )
    judge = watching.Judge(loaded)
    found = _replayed(function, name, saved.schedule, loaded, judge)
    result = exploring.result([found.verdict], loaded, judge)
    emit.write(result, written, view_of(given))
    say_faults(result, ["replay", *arguments], loaded)
    if not given.quiet:
        sys.stderr.writelines(f"{line}\n" for line in _said(saved, found, result))
    clean = result.exit_code is ExitCode.FINDINGS and loaded.settings.exit_zero
    return ExitCode.CLEAN if clean else result.exit_code


def _from_here(target: str, loaded: Loaded) -> str:
    """Saved targets begin at the folder of the settings, wherever we are."""
    path, colon, rest = target.partition(":")
    whole = loaded.root / path
    if path.endswith(".py") and not Path(path).exists() and whole.exists():
        return f"{os.path.relpath(whole)}{colon}{rest}"
    return target


def _replayed(
    function: Function, name: str, schedule: Schedule, loaded: Loaded, judge: watching.Judge
) -> Replayed:
    with exploring.laboratory(loaded, judge) as lab, apart():
        body = function.load()
        return reruns.replay_body(body, schedule, name, loaded, lab=lab)


def _said(saved: Saved, found: Replayed, result: Result) -> list[str]:
    verdict = found.verdict
    lines = []
    if verdict.outcome == FAILS:
        one = verdict.found[0]
        again = f"{one.replayed} of {plural(one.replays, 'time')}"
        same = any(other.failure.kind == saved.kind for other in verdict.found)
        how = " in another way than recorded" if saved.kind and not same else ""
        lines.append(f"{verdict.target} fails{how}, {again}.")
    elif verdict.outcome == INCONCLUSIVE:
        lines += verdicts.sentences(verdict)
    else:
        lines.append(f"{verdict.target} passes under this schedule.")
    if found.missed:
        count = verdicts.switches(len(found.missed))
        lines.append(f"{count} could not be made: the code, or the folder, is another one")
        lines += [f"  {missed}" for missed in found.missed]
    lines += [f"racecheck: warning: {line}" for line in verdicts.warnings(verdict)]
    return lines
