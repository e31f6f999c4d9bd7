"""From pytest's options to a session that runs, or to a clear error."""

from __future__ import annotations

import os
from typing import Any

import pytest

from racecheck.bridge import watching
from racecheck.bridge.schedules import Store
from racecheck.core.errors import RacecheckError, UsageError
from racecheck.runtime.session import RefusedError, Session
from racecheck.settings import load
from racecheck.testing.collector import Collector
from racecheck.testing.watcher import Watcher


def start(config: pytest.Config, chosen: Any) -> None:
    """Watch from now on. Under xdist the workers watch, and the controller collects."""
    try:
        loaded = load(config.rootpath, _overrides(config, chosen))
        judge = watching.Judge(loaded)
        options = watching.options(loaded, watching.PYTEST)
        session = None if _is_controller(chosen) else Session(options)
        if session is not None:
            session.start()
    except RacecheckError as error:
        hint = f"\n  {error.hint}" if error.hint else ""
        raise pytest.UsageError(f"racecheck: {error.message}{hint}") from None
    except RefusedError as error:
        raise pytest.UsageError(f"racecheck: no backend can be used: {error}") from None
    collector = Collector(loaded, options.watch, session)
    config.pluginmanager.register(collector, "racecheck-collector")
    if session is not None:
        watcher = Watcher(session, judge, loaded, collector)
        config.pluginmanager.register(watcher, "racecheck-watcher")


def explore(config: pytest.Config, chosen: Any) -> None:
    """Explore from now on; `--racecheck` is left out, since that sees less of a test."""
    # Why here: who only watches need not import the explorer.
    from racecheck.bridge import exploring, spreading
    from racecheck.explore.lab import Lab
    from racecheck.testing.explored import Explored
    from racecheck.testing.exploring import Exploring

    schedule = lab = None
    spreads = False
    try:
        loaded = load(config.rootpath, _wishes(chosen))
        judge = watching.Judge(loaded)
        if chosen.racecheck_replay:
            schedule = Store(loaded.root).get(chosen.racecheck_replay).schedule
        spreads = schedule is None and _spreads(chosen) and spreading.spreads(loaded)
        if not (spreads or _is_controller(chosen)):
            judge.load()
            runtime, _, bounds = exploring.options(loaded)
            lab = Lab(runtime, bounds, exploring.Counts(judge))
            lab.__enter__()
    except RacecheckError as error:
        hint = f"\n  {error.hint}" if error.hint else ""
        raise pytest.UsageError(f"racecheck: {error.message}{hint}") from None
    except RefusedError as error:
        raise pytest.UsageError(f"racecheck: no backend can be used: {error}") from None
    session = lab.session if lab is not None else None
    explored = Explored(loaded, session, replays=schedule is not None)
    config.pluginmanager.register(explored, "racecheck-explored")
    if lab is not None:
        plugin = Exploring(lab, judge, loaded, explored, schedule)
        config.pluginmanager.register(plugin, "racecheck-exploring")
    if spreads:
        from racecheck.testing.spreading import Spreading

        config.pluginmanager.register(Spreading(loaded), "racecheck-spreading")


def _wishes(chosen: Any) -> dict[str, Any]:
    """The settings that flags stand for."""
    many = chosen.racecheck_explore or "0"
    if not many.isdigit():
        raise UsageError(
            f"--racecheck-explore takes a number of schedules, not `{many}`",
            "--racecheck-explore=500",
        )
    values = {
        "explore.schedules": int(many),
        "explore.backend": chosen.racecheck_backend,
        "explore.trace": tuple(w for w in (chosen.racecheck_trace or "").split(",") if w),
    }
    return {key: value for key, value in values.items() if value}


def _overrides(config: pytest.Config, chosen: Any) -> dict[str, Any]:
    """The settings that flags and ini values stand for."""
    words = [word for word in (chosen.racecheck or "").split(",") if word]
    found: dict[str, Any] = {}
    if words or chosen.racecheck_leaks:
        found["pytest.watch"] = _watch(words, chosen.racecheck_leaks)
    values = {
        "pytest.backend": chosen.racecheck_backend,
        "pytest.trace": tuple(w for w in (chosen.racecheck_trace or "").split(",") if w),
        "pytest.hang-timeout": chosen.racecheck_hang_timeout,
        "pytest.hang-action": chosen.racecheck_hang_action,
        "pytest.notes": chosen.racecheck_notes,
        "pytest.fail-on": _fail_on(config),
    }
    return found | {key: value for key, value in values.items() if value}


def _watch(words: list[str], leaks: str | None) -> tuple[str, ...]:
    from racecheck.runtime.options import WATCH

    return (*(words or WATCH), *([leaks] if leaks else []))


def _fail_on(config: pytest.Config) -> str:
    try:
        return str(config.getini("racecheck_fail_on") or "")
    except (KeyError, ValueError):
        return ""


def _spreads(chosen: Any) -> bool:
    """Not what xdist has spread already."""
    return not (_is_controller(chosen) or os.environ.get("PYTEST_XDIST_WORKER"))


def _is_controller(chosen: Any) -> bool:
    """Whether xdist runs the tests elsewhere."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return False
    many = getattr(chosen, "numprocesses", None) not in (None, 0, "0")
    return many or bool(getattr(chosen, "tx", None))
