"""Settings down to the explorer, verdicts up to a report, and the words that say them."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from racecheck.bridge import exploring, reruns, verdicts, watching
from racecheck.bridge.bodies import body_of
from racecheck.bridge.schedules import Store
from racecheck.core.errors import ExitCode
from racecheck.core.finding import Confidence
from racecheck.core.schedule import Schedule, Switch
from racecheck.explore.explorer import Explorer
from racecheck.explore.outcome import ASSERTION, DEADLOCK, RACE
from racecheck.explore.verdict import FAILS, INCONCLUSIVE, PASSES, Tried, Verdict
from racecheck.settings import Loaded, load
from tests.bridge.explored import BANK, RACY, TWO_THREADS, module
from tests.bridge.explored import DEADLOCK as LOCKS


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, text: str = "", **flags: object) -> Loaded:
    (folder / "racecheck.toml").write_text(text)
    given = {f"explore.{key}": value for key, value in flags.items()}
    return load(folder, given, environment={})


def explored(folder: Path, text: str, name: str, loaded: Loaded | None = None) -> Verdict:
    function = getattr(module(folder, text), name)
    loaded = loaded or settings(folder)
    return exploring.explore_body(body_of(function, name), f"m:{name}", loaded)


def test_settings_become_a_plan_and_bounds(project: Path) -> None:
    text = '[explore]\ntime = "off"\nbound = 2\nseed = 7\nthreads = 5\naway-time = "250ms"\n'
    runtime, plan, bounds = exploring.options(settings(project, text, schedules=9))
    assert (plan.schedules, plan.seconds, plan.bound, plan.seed) == (9, inf, 2, 7)
    assert (bounds.threads, bounds.away_seconds, bounds.schedules) == (5, 0.25, 9)
    assert runtime.root == str(project)
    assert not {"hangs", "leaks"} & set(runtime.watch)
    assert exploring.options(settings(project))[1].bound is None


def test_what_an_assertion_shows(project: Path) -> None:
    loaded = settings(project)
    verdict = explored(project, BANK, "test_overdrawn", loaded)
    assert verdict.outcome == FAILS
    (found,) = verdict.found
    assert found.failure.kind == ASSERTION
    assert found.replayed == found.replays
    assert len(found.schedule.switches) == 1
    assert found.schedule.belongs_to("m:test_overdrawn")
    result = exploring.result([verdict], loaded)
    (finding,) = result.findings
    assert finding.confidence is Confidence.CONFIRMED
    assert finding.schedule == found.schedule.token
    assert result.exit_code is ExitCode.FINDINGS
    assert any("imported before" in note for note in result.statistics.notes)


def test_what_is_right_passes(project: Path) -> None:
    loaded = settings(project)
    verdict = explored(project, BANK, "test_counted", loaded)
    assert verdict.outcome == PASSES
    assert exploring.result([verdict], loaded).exit_code is ExitCode.CLEAN


def test_a_deadlock(project: Path) -> None:
    verdict = explored(project, LOCKS, "test_both_orders")
    assert [one.failure.kind for one in verdict.found] == [DEADLOCK]


def test_a_race_that_somebody_silences_is_no_failure(project: Path) -> None:
    verdict = explored(project, RACY, "test_hits")
    assert [one.failure.kind for one in verdict.found] == [RACE]
    code = verdict.found[0].failure.findings[0].code
    quiet = RACY.replace("self.hits += 1", f"self.hits += 1  # racecheck: ignore[{code}] -- few")
    assert explored(project, quiet, "test_hits").outcome == PASSES
    loaded = settings(project, f'[[suppress]]\ncode = "{code}"\nsubject = "Page.*"\n')
    assert explored(project, RACY, "test_hits", loaded).outcome == PASSES
    loaded = settings(project, f'ignore = ["{code}"]\n')
    assert explored(project, RACY, "test_hits", loaded).outcome == PASSES


def test_a_schedule_that_failed_is_tried_first_and_taken_out_in_the_end(project: Path) -> None:
    loaded = settings(project)
    home = module(project, BANK)
    body = body_of(home.test_overdrawn, "t")
    first = exploring.explore_body(body, "m:t", loaded)
    again = exploring.explore_body(body, "m:t", loaded)
    assert again.found[0].by == "replay"
    assert [one.schedule for one in Store(project).of("m:t")] == [first.found[0].schedule]
    fixed = body_of(home.test_counted, "t")
    for _ in range(3):
        assert Store(project).of("m:t")
        exploring.explore_body(fixed, "m:t", loaded, schedules=5)
    assert Store(project).of("m:t") == []


def test_modules_are_as_they_were_afterwards(project: Path) -> None:
    text = BANK + "\n\nseen = []\n\n\ndef test_seen():\n    seen.append(1)\n    test_counted()\n"
    home = module(project, text)
    home.seen.append(0)
    exploring.explore_body(body_of(home.test_seen, "t"), "m:t", settings(project), schedules=5)
    assert home.seen == [0]


def test_a_run_that_never_ends_is_inconclusive(project: Path) -> None:
    text = BANK + "\n\ndef test_spin():\n    account = Account()\n"
    text += "    def spin():\n        while account.peek():\n            pass\n"
    text += "    both(spin, account.peek)\n"
    verdict = explored(project, text, "test_spin", settings(project, steps=300, schedules=5))
    assert verdict.outcome == INCONCLUSIVE
    assert "more than 300 steps" in verdict.reason
    assert "--steps" in "\n".join(verdicts.sentences(verdict))


def test_an_interruption_keeps_what_was_found(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Explorer, "_confirm", stopped)
    with pytest.raises(exploring.Interrupted) as error:
        explored(project, BANK, "test_overdrawn")
    verdict = error.value.verdict
    assert verdict.outcome == FAILS
    assert verdict.found[0].replays == 0
    result = exploring.result([verdict], settings(project))
    assert [one.confidence for one in result.findings] == [Confidence.OBSERVED]
    assert Store(project).of("m:test_overdrawn")


def test_ctrl_c_ends_the_run_in_order(project: Path) -> None:
    home = module(project, BANK)
    runs = []

    def test() -> None:
        runs.append(1)
        if len(runs) == 4:
            signal.raise_signal(signal.SIGINT)
        home.test_overdrawn()

    handler = signal.getsignal(signal.SIGINT)
    before = threading.active_count()
    with pytest.raises(exploring.Interrupted) as error:
        exploring.explore_body(test, "m:t", settings(project, strategy="random"))
    assert error.value.verdict.schedules == 3
    assert signal.getsignal(signal.SIGINT) is handler
    assert threading.active_count() == before


def test_a_schedule_again(project: Path) -> None:
    loaded = settings(project)
    home = module(project, BANK)
    body = body_of(home.test_overdrawn, "t")
    schedule = exploring.explore_body(body, "m:t", loaded).found[0].schedule
    told = Schedule.parse(schedule.token)
    again = reruns.replay_body(body, told, "m:t", loaded)
    assert again.verdict.outcome == FAILS
    assert again.verdict.found[0].failure.kind == ASSERTION
    assert again.verdict.found[0].replayed == again.verdict.found[0].replays > 1
    assert again.missed == ()
    assert exploring.result([again.verdict], loaded).findings[0].schedule == schedule.token


TRIED = (
    TWO_THREADS
    + """\
def test_held():
    lock, begun = threading.Lock(), threading.Event()

    def tries():
        if begun.is_set() and not lock.acquire(blocking=False):
            raise RuntimeError("held")

    def holds():
        with lock:
            begun.set()

    both(tries, holds)
"""
)
"""Its release is a decision point once it is known that somebody tries: not in an ordinary run."""


def test_a_schedule_that_needs_a_point_learned_from_itself(project: Path) -> None:
    loaded = settings(project)
    body = body_of(module(project, TRIED).test_held, "t")
    schedule = exploring.explore_body(body, "m:t", loaded).found[0].schedule
    again = reruns.replay_body(body, schedule, "m:t", loaded)
    assert again.verdict.outcome == FAILS
    assert again.verdict.found[0].replayed == again.verdict.found[0].replays == 10


TIMED = (
    TWO_THREADS
    + """\
def test_in_time():
    there = threading.Event()

    def waits():
        assert there.wait(5)

    both(waits, there.set)
"""
)


def test_early_timeouts_are_asked_for_and_replay_without_asking(project: Path) -> None:
    home = module(project, TIMED)
    body = body_of(home.test_in_time, "t")
    assert exploring.explore_body(body, "m:t", settings(project)).outcome == PASSES
    verdict = exploring.explore_body(body, "m:t", settings(project, timeouts="early"))
    assert verdict.outcome == FAILS
    schedule = verdict.found[0].schedule
    again = reruns.replay_body(body, Schedule.parse(schedule.token), "m:t", settings(project))
    assert again.verdict.found[0].replayed == again.verdict.found[0].replays == 10
    assert again.missed == ()


def test_a_schedule_of_other_code(project: Path) -> None:
    loaded = settings(project)
    home = module(project, BANK)
    switches = (
        Switch("0.1", "acquire gone.py:3", 0, "0.2"),
        Switch("0.2", "#0A1B2C", 1, ""),
    )
    again = reruns.replay_body(body_of(home.test_overdrawn, "t"), Schedule(switches), "m:t", loaded)
    assert again.verdict.outcome == PASSES
    assert len(again.missed) == 2
    assert again.missed[0] == "thread 0.1 before `acquire gone.py:3`, on to 0.2"
    assert "at a place that is gone" in again.missed[1]


def test_a_fault_of_ours_is_said(project: Path) -> None:
    verdict = Verdict("m:t", PASSES, faults=("ValueError: x", "ValueError: x"))
    result = exploring.result([verdict, verdict], settings(project))
    assert result.exit_code is ExitCode.INTERNAL
    assert len(result.errors) == 1


PASSED = Verdict("m:t", PASSES, schedules=200, threads=2, decisions=14, depth=3)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (
            PASSED,
            "200 schedules pass. This is not a proof: a bug that needs 2 well-placed switches\n"
            "among 14 steps is met by one schedule with a chance of at least 1 in 392.",
        ),
        (replace(PASSED, depth=0, schedules=1), "1 schedule passes. This is not a proof."),
        (
            replace(PASSED, complete=True, tried=(Tried("pct", 3, 0.1), Tried("dfs", 34, 0.1))),
            "all 34 distinguishable schedules of 2 threads pass (complete for this input)",
        ),
        (
            replace(PASSED, threads=1, decisions=0),
            "it passes, in the only order that there is",
        ),
        (
            replace(
                PASSED, outcome=INCONCLUSIVE, reason="3 of 9 runs were ended: more than 5 steps"
            ),
            "inconclusive: 3 of 9 runs were ended: more than 5 steps\n"
            "a run that may go on for longer: --steps; a test that does less says more",
        ),
    ],
)
def test_the_words_of_a_verdict(verdict: Verdict, said: str) -> None:
    assert "\n".join(verdicts.sentences(verdict)) == said


def test_what_takes_from_its_worth() -> None:
    verdict = replace(
        PASSED, away=4, uncontrolled=("time.sleep at a.py:1", "b", "c", "d"), repeats="at step 3 x"
    )
    assert list(verdicts.warnings(verdict)) == [
        "m:t does not repeat by itself: at step 3 x",
        "4 of 200 runs left our control: time.sleep at a.py:1; b; c and 1 more",
    ]
    alone = replace(PASSED, threads=1, decisions=0)
    assert list(verdicts.warnings(alone)) == ["nothing to explore: only one thread ran in m:t"]
    assert list(verdicts.warnings(PASSED)) == []


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({}, "auto, seed 0, at most 200 schedules or 30s"),
        ({"strategy": "pct", "time": "off"}, "pct, depth 3, seed 0, at most 200 schedules"),
        (
            {"strategy": "dfs", "bound": 1, "schedules": 9},
            "dfs, at most 1 forced switch, at most 9 schedules or 30s",
        ),
    ],
)
def test_the_plan_in_a_line(project: Path, flags: dict[str, object], said: str) -> None:
    assert verdicts.plan_line(settings(project, **flags)) == said


def test_judging_is_done_once_for_each_race(project: Path) -> None:
    asked = []

    class Judge(watching.Judge):
        def parts(self, findings):  # type: ignore[no-untyped-def]
            asked.append(list(findings))
            return super().parts(asked[-1])

    loaded = settings(project, keep_going=True, schedules=20)
    home = module(project, RACY)
    exploring.explore_body(body_of(home.test_hits, "t"), "m:t", loaded, judge=Judge(loaded))
    assert 1 <= len(asked) <= 2
