"""`racecheck explore` and `racecheck replay`: what they say, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from racecheck.cli import main
from racecheck.core.schedule import Schedule, Switch
from tests.bridge.explored import BANK, DEADLOCK, RACY, TWO_THREADS
from tests.cli.runner import ROOT, process, run
from tests.report.test_sarif import SCHEMA

ASKED = {name: value for name, value in os.environ.items() if name.startswith("RACECHECK_EXPLORE_")}
"""Settings that somebody who runs these tests has chosen: another backend."""

TOKEN = Schedule((Switch("0.1", "access bank.py:18", 0, "0.2"),), "another").token
MISTYPED = TOKEN[:-6] + ("A" if TOKEN[-6] != "A" else "B") + TOKEN[-5:]
BROKEN = "import threading\n\nvalue = 1 / 0\n"
WRONG = (
    TWO_THREADS
    + """\
import sys

number = 3


class Page:
    pass


def test_needs(ledger, amount=3):
    pass


def test_yields():
    yield 1


def test_says():
    print("said to stdout")
    print("said to stderr", file=sys.stderr)
    both(int, int)


async def test_tasks():
    import asyncio

    async def one():
        await asyncio.sleep(3600)

    await asyncio.gather(one(), one())


def test_leaves():
    both(int, int)
    sys.exit("left")


def test_spins():
    lock = threading.Lock()

    def spin():
        while True:
            with lock:
                pass

    both(spin, spin)
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "__init__.py").touch()
    texts = {"bank": BANK, "page": RACY, "locks": DEADLOCK, "wrong": WRONG, "broken": BROKEN}
    for name, text in {**texts, "deep/inner": BANK}.items():
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def explore(folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    return command(folder, "explore", *words, **environment)


def command(folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    done = process(*words, folder=folder, environment={**ASKED, **environment})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def token(out: str) -> str:
    return str(re.search(r"racecheck replay (rc1:\w+)", out)[1])  # type: ignore[index]


def test_a_failure_is_shown_replayed_and_tried_first(folder: Path) -> None:
    code, out, err = explore(folder, "bank:test_overdrawn")
    assert code == 1
    assert "confirmed" in out
    assert "===== " in out
    assert err.startswith("exploring  bank:test_overdrawn\n  auto, seed 0, at most 200 schedules")
    assert re.search(r"schedule \d+ \(\w+\) fails: AssertionError", err)
    assert "replayed 10 of 10 times" in err
    saved = re.search(r"saved  (\.racecheck/schedules/\w+\.toml) \(tried first next time\)", err)
    assert saved is not None
    assert (folder / saved[1]).is_file()
    assert "1 of 1 target fails under exploration (1 confirmed)." in err

    again = command(folder, "replay", token(out))
    assert again[0] == 1
    assert "===== " in again[1]
    assert "bank:test_overdrawn fails, 10 of 10 times." in again[2]
    named = command(folder, "replay", "--output-format", "concise", Path(saved[1]).stem)
    assert named[0] == 1
    assert named[1].count("\n") == 1

    second = explore(folder, "-v", "bank:test_overdrawn")
    assert second[0] == 1
    assert re.search(r"^  replay +1 schedule ", second[2], re.MULTILINE)

    path = folder / "bank.py"
    fixed = BANK.replace("self.peek() >= 80", "self.balance >= 80 and self.lock")
    fixed = fixed.replace("if self.balance", "with self.lock:\n          if self.balance")
    fixed = fixed.replace(
        "            with self.lock:\n                self.b", "            self.b"
    )
    path.write_text(fixed)
    passed = command(folder, "replay", token(out))
    assert passed[0] == 0, passed
    assert "bank:test_overdrawn passes under this schedule." in passed[2]
    assert "1 switch could not be made" in passed[2]
    assert explore(folder, "bank:test_overdrawn")[0] == 0


def test_several_targets_and_files(folder: Path) -> None:
    targets = ("page.py:test_hits", "deep/inner.py:test_counted", "locks:test_both_orders")
    code, out, err = explore(folder, *targets, "-o", "json:found.json", "-o", "sarif:found.sarif")
    assert code == 1
    data = json.loads((folder / "found.json").read_text())
    assert {one["confidence"] for one in data["findings"]} == {"confirmed"}
    assert all(one["schedule"].startswith("rc1:") for one in data["findings"])
    assert {one["path"] for one in data["findings"]} == {"page.py", "locks.py"}
    sarif = json.loads((folder / "found.sarif").read_text())
    jsonschema.Draft7Validator(SCHEMA).validate(sarif)
    assert "2 of 3 targets fail under exploration (2 confirmed)." in err
    assert "deep/inner.py:test_counted\n  " in err
    assert "Deadlock: " in out


def test_json_on_stdout_and_silence(folder: Path) -> None:
    code, out, err = explore(folder, "-q", "--output-format", "json", "page:test_hits")
    assert code == 1
    assert len(json.loads(out)["findings"]) == 1
    assert err == ""
    assert explore(folder, "-qq", "page:test_hits") == (1, "", "")
    assert explore(folder, "-qq", "--exit-zero", "page:test_hits") == (0, "", "")


def test_what_passes_says_how_much_that_is(folder: Path) -> None:
    code, out, err = explore(folder, "--strategy", "pct", "--schedules", "20", "bank:test_counted")
    assert (code, out) == (0, "")
    assert "pct, depth 3, seed 0, at most 20 schedules or 30s" in err
    assert re.search(
        r"^20 schedules pass\. This is not a proof: a bug that needs 2 well-placed switches\n"
        r"  among \d+ steps is met by one schedule with a chance of at least 1 in [\d,]+\.$",
        err,
        re.MULTILINE,
    )


def test_what_is_complete_says_so(folder: Path) -> None:
    code, _, err = explore(folder, "bank:test_counted")
    assert code == 0
    assert "distinguishable schedules of 3 threads pass (complete for this input)" in err


def test_one_thread_is_nothing_to_explore(folder: Path) -> None:
    code, _, err = explore(folder, "bank:test_alone")
    assert code == 0
    assert "warning: nothing to explore: only one thread ran in bank:test_alone" in err


def test_inconclusive_is_no_failure_and_says_what_to_do(folder: Path) -> None:
    code, out, err = explore(folder, "--steps", "200", "--schedules", "5", "wrong:test_spins")
    assert (code, out) == (0, "")
    assert "inconclusive: 5 of 5 runs were ended: more than 200 steps" in err
    assert "--steps" in err
    assert "0 of 1 target fails under exploration (1 inconclusive)." in err


def test_what_a_test_prints_is_not_shown_hundreds_of_times(folder: Path) -> None:
    code, out, err = explore(folder, "wrong:test_says")
    assert (code, out) == (0, "")
    assert "said to" not in err


def test_a_coroutine_runs_in_a_loop_without_waiting(folder: Path) -> None:
    assert explore(folder, "wrong:test_tasks")[0] == 0


def test_leaving_with_a_message_is_a_failure(folder: Path) -> None:
    code, out, _ = explore(folder, "wrong:test_leaves")
    assert code == 1
    assert "sys.exit('left')" in out


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (["explore"], "what is to be explored?", "MODULE:FUNCTION"),
        (["explore", "bank"], "`bank` names nothing to explore", "MODULE:FUNCTION"),
        (["explore", "bank:"], "`bank:` names nothing to explore", "FILE.py:FUNCTION"),
        (["explore", "bank:3x"], "`3x` in `bank:3x` is no name of a function", ""),
        (["explore", "ba nk:x"], "`ba nk` in `ba nk:x` is neither a module nor", ""),
        (["explore", "bonk:x"], "no module `bonk` can be imported from here", "name its file"),
        (["explore", "deep.bonk:x"], "no module `deep.bonk` can be imported", ""),
        (["explore", "bonk.py:x"], "no file `bonk.py`", ""),
        (["explore", "bonk.py::x"], "no file or folder `bonk.py`", "FILE.py::TEST"),
        (["explore", "bonk.py"], "no file or folder `bonk.py`", ""),
        (
            ["explore", "bank:test_overdrwn"],
            "no function `test_overdrwn`",
            "`bank:test_overdrawn`?",
        ),
        (["explore", "page:zzz"], "no function `zzz` in page", "it has both, test_hits"),
        (["explore", "wrong:number"], "`wrong:number` is of type int, no function", ""),
        (["explore", "wrong:Page"], "`wrong:Page` is a class, no function", ""),
        (["explore", "wrong:test_needs"], "`wrong:test_needs` needs arguments: ledger", "::"),
        (["explore", "wrong:test_yields"], "`wrong:test_yields` is a generator", ""),
        (["explore", "broken:x"], "`broken` fails when it is imported: ZeroDivisionError", ":3"),
        (["explore", "bank:test_alone", "tests"], "`tests` names nothing to explore", ""),
        (["explore", "bank:test_alone", "bank.py"], "are not explored together", ""),
        (["explore", "--stratgy", "pct", "x:y"], "unknown option `--stratgy`", "`--strategy`?"),
        (["explore", "--strategy", "pst", "x:y"], "`explore.strategy` in --strategy", "`pos`?"),
        (["explore", "--time", "soon", "x:y"], "`explore.time` in --time is no duration", "10s"),
        (["explore", "--jobs", "many", "x:y"], "--jobs: invalid int value", "--help"),
        (["explore", "--cluster", "here", "x:y"], "`explore.cluster` in --cluster is no", "HOST"),
        (["explore", "--backend", "magic", "x:y"], "`explore.backend` in --backend must", ""),
        (["explore", "--fail-on", "sure", "x:y"], "`explore.fail-on` in --fail-on must be", ""),
        (["replay"], "which schedule?", "rc1:"),
        (["replay", "rc1:A", "x:y", "z"], "one schedule and one target, not 2", ""),
        (["replay", "nothing"], "'nothing' is no schedule", "copy the whole token"),
        (["replay", "rc7:AAAA"], "is of version rc7; this racecheck reads rc1", ""),
        (["replay", MISTYPED], "is mistyped", ""),
        (["replay", TOKEN], "which test is this schedule of?", "TARGET"),
        (["replay", TOKEN, "bank:test_alone"], "was not found with", ""),
    ],
)
def test_wrong_use(
    folder: Path,
    words: list[str],
    said: str,
    hint: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    try:
        outcome = run(capfd, *words)
    finally:
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]
    assert (outcome.code, outcome.out) == (2, "")
    errors = outcome.err[outcome.err.index("racecheck: error: ") :].splitlines()
    assert said in errors[0]
    assert hint in "\n".join(errors[1:])
    assert len(errors) <= 3
    assert all(line.startswith("  ") for line in errors[1:])


def test_a_name_that_somebody_else_has(folder: Path) -> None:
    (folder / "os.py").write_text("def test():\n    pass\n")
    code, _, err = explore(folder, "os.py:test")
    assert code == 2
    assert "`os.py` cannot be imported as `os`" in err


def test_a_saved_schedule_that_is_damaged_is_noted_and_left_alone(folder: Path) -> None:
    path = folder / ".racecheck" / "schedules" / "ABCDEFGH.toml"
    path.parent.mkdir(parents=True)
    path.write_text("version = 1\nsch")
    code, _, err = explore(folder, "-v", "bank:test_alone")
    assert code == 0
    assert "ABCDEFGH.toml is cut short or damaged" in err
    code, out, err = command(folder, "replay", str(path))
    assert (code, out) == (2, "")
    assert "is cut short or damaged" in err
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interruption_says_what_was_found(folder: Path) -> None:
    (folder / "racecheck.toml").write_text("[explore]\nkeep-going = true\nschedules = 1000000\n")
    started = subprocess.Popen(
        [sys.executable, "-m", "racecheck", "explore", "--time", "1m", "bank:test_overdrawn"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", **ASKED},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        try:
            assert started.stderr is not None
            for line in started.stderr:
                if "fails: AssertionError" in line:
                    break
            started.send_signal(signal.SIGINT)
            out, err = started.communicate(timeout=60)
        finally:
            started.kill()
    assert started.returncode == 130, out + err
    assert "observed" in out
    assert "racecheck: interrupted; this is what was found until then" in err


def test_a_fault_of_ours_ends_with_its_own_code(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from racecheck.bridge import exploring

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(exploring, "explore_body", broken)
    outcome = run(capfd, "explore", "bank:test_alone")
    sys.modules.pop("bank", None)
    assert outcome.code == 3
    assert "internal error: RuntimeError: ours" in outcome.err
    assert main.INTERRUPTED == -2


TESTS = """\
import threading

import pytest
from bank import Account, both


@pytest.fixture
def account():
    return Account()


@pytest.mark.parametrize("times", [1, 2])
def test_withdrawn(account, times):
    both(*[account.withdraw] * times)
    assert account.balance >= 0
"""


def test_tests_are_handed_over_to_pytest(folder: Path) -> None:
    (folder / "test_bank.py").write_text(TESTS)
    code, out, _ = explore(folder, "test_bank.py::test_withdrawn[2]")
    assert code == 1
    assert "1 failed" in out
    found = token(out)
    assert command(folder, "replay", found, "test_bank.py::test_withdrawn[2]")[0] == 1
    assert command(folder, "replay", found)[0] == 1
    assert explore(folder, "test_bank.py::test_withdrawn[1]")[0] == 0
    assert explore(folder, "--exit-zero", "test_bank.py")[0] == 0
    assert explore(folder, "test_bank.py::test_nothing")[0] == 2
    code, out, err = explore(folder, "--output-format", "json", "--strategy", "pct", "test_bank.py")
    assert code == 1
    assert len(json.loads(out)["findings"]) == 1
    assert "1 failed, 1 passed" in err


def test_settings_that_do_not_reach_pytest_are_refused(folder: Path) -> None:
    (folder / "test_bank.py").write_text(TESTS)
    code, _, err = explore(folder, "--isolated", "test_bank.py")
    assert code == 2
    assert "are explored with the settings of their project" in err
