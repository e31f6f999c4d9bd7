"""A verdict in words: what was shown, what was not, and what could be done about that."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.explore.verdict import INCONCLUSIVE, PASSES, Verdict
from racecheck.report.result import plural
from racecheck.settings import Loaded

_STEPS = {"steps": "--steps", "threads at once": "--threads", "real time": "--run-time"}
"""Words of the bound that ended a run, and the flag that raises it."""

_SHOWN = 3


def plan_line(loaded: Loaded) -> str:
    """`auto, seed 0, at most 200 schedules or 30s`: what is about to be tried."""
    own = loaded.settings.explore
    words: list[str] = [own.strategy]
    if own.strategy == "pct":
        words.append(f"depth {own.depth}")
    if own.strategy == "dfs" and own.bound >= 0:
        words.append(f"at most {switches(own.bound, 'forced')}")
    if own.strategy != "dfs":
        words.append(f"seed {own.seed}")
    time = "" if own.seconds == float("inf") else f" or {own.time}"
    return ", ".join([*words, f"at most {plural(own.schedules, 'schedule')}{time}"])


def switches(count: int, kind: str = "") -> str:
    """`2 forced switches`."""
    return f"{count} {kind} {'switch' if count == 1 else 'switches'}".replace("  ", " ")


def sentences(verdict: Verdict) -> Iterator[str]:
    """What came of it, a line each; nothing of the failures, which are findings."""
    if verdict.outcome == PASSES:
        yield from _passes(verdict)
    elif verdict.outcome == INCONCLUSIVE:
        yield f"inconclusive: {verdict.reason}"
        flag = next((flag for word, flag in _STEPS.items() if word in verdict.reason), "")
        if flag:
            yield f"a run that may go on for longer: {flag}; a test that does less says more"
    else:
        counted = f"{verdict.failing:,} of {plural(verdict.schedules, 'schedule')}"
        if not any(one.schedule.switches or one.schedule.picks for one in verdict.found):
            yield f"{counted} fail: no special order is needed"
        else:
            yield f"{counted} {'fails' if verdict.failing == 1 else 'fail'}"


def _passes(verdict: Verdict) -> Iterator[str]:
    if _alone(verdict):
        yield "it passes, in the only order that there is"
        return
    if verdict.complete:
        tried = sum(one.schedules for one in verdict.tried if one.name == "dfs")
        many = f"all {tried:,} distinguishable schedules" if tried > 1 else "the only schedule"
        verb = "pass" if tried > 1 else "passes"
        yield f"{many} of {plural(verdict.threads, 'thread')} {verb} (complete for this input)"
        return
    verb = "passes" if verdict.schedules == 1 else "pass"
    proof = f"{plural(verdict.schedules, 'schedule')} {verb}. This is not a proof"
    if not verdict.odds:
        yield f"{proof}."
        return
    yield f"{proof}: a bug that needs {switches(verdict.depth - 1, 'well-placed')}"
    steps = plural(verdict.decisions, "step")
    yield f"among {steps} is met by one schedule with a chance of at least 1 in {verdict.odds:,}."


def warnings(verdict: Verdict) -> Iterator[str]:
    """What takes from the worth of the verdict."""
    if _alone(verdict) and verdict.outcome == PASSES:
        yield f"nothing to explore: only one thread ran in {verdict.target}"
    if verdict.repeats:
        yield f"{verdict.target} does not repeat by itself: {verdict.repeats}"
    if verdict.away:
        left = f"{verdict.away:,} of {plural(verdict.schedules, 'run')} left our control"
        yield f"{left}: {_some(verdict.uncontrolled)}" if verdict.uncontrolled else left
    elif verdict.uncontrolled:
        yield f"not under our control: {_some(verdict.uncontrolled)}"


def _alone(verdict: Verdict) -> bool:
    return verdict.threads <= 1 and not verdict.decisions


def _some(said: tuple[str, ...]) -> str:
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return "; ".join(said[:_SHOWN]) + more
