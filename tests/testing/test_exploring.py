"""Each test runs as always, and fails if it fails in another order of its threads."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.testing.runs import GO, RACY, run

BANK = Path(__file__).parents[2] / "examples" / "bank"

ORDERS = """
    from go import order

    def test_plain():
        assert True

    def test_any_order():
        assert sorted(order()) == [1, 2]

    def test_one_order():
        assert order() == [1, 2]
"""

FILES = {"go.py": GO, "test_it.py": ORDERS}


def summary(out: str) -> str:
    """What stands in our own section."""
    return out.partition("= racecheck =")[2].partition("= short test summary")[0]


def test_a_test_that_fails_in_another_order_fails(tmp_path: Path) -> None:
    done = run(tmp_path, FILES, "--racecheck-explore")
    assert done.code == 1, done.out + done.err
    assert "1 failed, 2 passed" in done.out
    assert "assert [2, 1] == [1, 2]" in done.out
    assert "FAILED test_it.py::test_one_order" in done.line("FAILED")
    said = summary(done.out)
    assert re.search(r"1 of 2 tests fails under exploration; \d+ schedules, \d+\.\d s", said), said
    assert "1 test had one thread only" in said
    assert "exploring each test (auto, seed 0, at most 200 schedules or 30s)" in done.out


def test_the_three_bugs_of_the_bank(tmp_path: Path) -> None:
    shutil.copytree(BANK, tmp_path / "bank", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "bank"
    assert run(folder, {}, "tests").code == 0
    done = run(folder, {}, "tests", "--racecheck-explore")
    assert done.code == 1, done.out + done.err
    assert "3 failed" in done.out
    assert "RC101" in done.out
    assert "RC309" in done.out or "RC310" in done.out
    assert "assert -60 >= 0" in done.out
    assert "3 of 3 tests fail under exploration" in done.out


def test_a_schedule_is_run_again_of_its_test_only(tmp_path: Path) -> None:
    first = run(tmp_path, FILES, "--racecheck-explore")
    token = re.search(r"--racecheck-replay (rc1:\w+)", first.out)
    assert token is not None, first.out
    again = run(tmp_path, FILES, "--racecheck-replay", token[1])
    assert again.code == 1, again.out + again.err
    assert "1 failed, 2 deselected" in again.out
    assert "assert [2, 1] == [1, 2]" in again.out
    repaired = ORDERS.replace("order() ==", "sorted(order()) ==")
    passes = run(tmp_path, {"test_it.py": repaired}, f"--racecheck-replay={token[1]}")
    assert passes.code == 0, passes.out + passes.err
    other = run(tmp_path, {"test_it.py": "def test_other(): pass"}, "--racecheck-replay", token[1])
    assert other.code == 4
    assert "is of none of the 1 tests collected here" in other.err
    assert "Traceback" not in other.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--racecheck-replay=rc1:NONSENSE"], "rc1:NONSENSE"),
        (["--racecheck-explore=many"], "many"),
        (["--racecheck-explore", "--racecheck-backend=magic"], "magic"),
    ],
)
def test_wrong_use_is_one_clear_error(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(tmp_path, {"test_it.py": "def test(): pass"}, *arguments)
    assert done.code == 4
    assert said in done.err
    assert "Traceback" not in done.err


def test_markers_and_a_path_after_the_flag(tmp_path: Path) -> None:
    tests = """
        import pytest
        from go import order

        @pytest.mark.racecheck(explore=False)
        def test_not_explored():
            assert order() == [1, 2]

        @pytest.mark.racecheck(explore=1)
        def test_once():
            assert sorted(order()) == [1, 2]

        @pytest.mark.racecheck(ignore="ALL -- as we know")
        def test_ignored():
            assert order() == [1, 2]
    """
    files = {"go.py": GO, "test_it.py": tests}
    done = run(tmp_path, files, "--racecheck-explore", "test_it.py", "--strict-markers")
    assert done.code == 0, done.out + done.err
    assert "3 passed" in done.out
    assert "0 of 2 tests fail under exploration" in done.out
    assert "1 finding suppressed" in done.out


def test_one_that_fails_by_itself_is_explored_as_well(tmp_path: Path) -> None:
    tests = """
        import os
        from go import order

        def test_by_chance():
            got = order()
            if not os.path.exists("ran"):
                open("ran", "w").close()
                got.reverse()
            assert got == [1, 2]

        def test_always():
            assert order() == [3]
    """
    done = run(tmp_path, {"go.py": GO, "test_it.py": tests}, "--racecheck-explore=30")
    assert done.code == 1, done.out + done.err
    assert "2 failed" in done.out
    assert done.out.count("racecheck replay rc1:") == 1
    assert "1 of 1 test fails under exploration" in done.out
    assert "assert [2, 1] == [1, 2]" in done.out


def test_with_racecheck_exploring_wins_and_off_is_off(tmp_path: Path) -> None:
    files = {"counter.py": RACY, "test_it.py": "def test(): import counter"}
    done = run(tmp_path, files, "--racecheck", "--racecheck-explore")
    assert "racecheck: exploring each test" in done.out
    assert "watching" not in done.out
    done = run(tmp_path, FILES, "--racecheck-explore", "--no-racecheck")
    assert done.code == 0, done.out


ALL_KINDS = """
        import logging
        import sys
        import threading
        import unittest
        import warnings

        import pytest
        from go import go, order

        SEEN = []

        @pytest.fixture(scope="module")
        def wide():
            yield []
            assert SEEN == ["once"]

        def test_wide(wide):
            lock = threading.Lock()
            def work():
                with lock:
                    wide.append(1)
            go(work, work)
            SEEN.append("once")
            assert len(wide) == 2

        def test_after(wide):
            assert (len(wide), SEEN) == (2, ["once"])

        @pytest.mark.parametrize("values", [[]])
        def test_fixtures(values, tmp_path, capsys, caplog, monkeypatch, record_property):
            values.extend(sorted(order()))
            assert values == [1, 2]
            print("told")
            logging.getLogger("any").warning("logged")
            assert capsys.readouterr().out == "told\\n"
            assert len(caplog.records) == 1
            (tmp_path / "file").touch(exist_ok=False)
            monkeypatch.setattr(threading, "added", 1, raising=False)
            record_property("key", "value")
            print("said once")

        class TestMethods:
            def setup_method(self):
                assert not hasattr(self, "made")
                self.made = 1

            def test_method(self):
                go(lambda: None, lambda: None)

        class TestCase(unittest.TestCase):
            def setUp(self):
                assert not hasattr(self, "made")
                self.made = 1

            def test_case(self):
                go(lambda: None, lambda: None)
                self.assertEqual(self.made, 1)

        def test_warns():
            go(lambda: None)
            warnings.warn("one warning")

        def test_expected_exception(monkeypatch):
            got = []
            monkeypatch.setattr(threading, "excepthook", got.append)
            def die():
                raise ValueError("expected")
            go(die, die)
            assert len(got) == 2

        def test_skips():
            go(lambda: None)
            pytest.skip("not here")

        @pytest.mark.xfail
        def test_expected_failure():
            go(lambda: None)
            assert False

        @pytest.mark.xfail
        def test_unexpected_success():
            go(lambda: None)
"""
"""Tests of all kinds that pass, or do not, as they are."""


@pytest.mark.parametrize("arguments", [[], ["-s"], ["-n", "2"]])
def test_a_suite_without_failures_is_as_without_us(tmp_path: Path, arguments: list[str]) -> None:
    """Its outcomes, its output, its warnings, its records and its exit code."""
    files = {"go.py": GO, "test_it.py": ALL_KINDS}
    outcomes = []
    for more in ([], ["--racecheck-explore=20"]):
        done = run(tmp_path, files, *arguments, *more, "--junitxml=all.xml", "-rA")
        assert done.code == 0, done.out + done.err
        assert done.out.count("said once") == 1
        warned = re.findall(r"\d+ warnings?", done.out)
        outcomes.append((cases(tmp_path / "all.xml"), warned))
    assert outcomes[0] == outcomes[1]


def cases(path: Path) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(name, outcome, properties) of each test."""
    found = []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        inner = [one.tag for one in case if one.tag not in ("properties", "system-out")]
        kept = [(p.get("name", ""), p.get("value", "")) for p in case.iter("property")]
        found.append((case.get("name", ""), " ".join(inner), kept))
    return sorted(found)


def test_failures_of_its_own_are_those_of_pytest(tmp_path: Path) -> None:
    tests = """
        import pytest
        from go import go, order

        @pytest.fixture
        def breaks_late():
            yield
            raise RuntimeError("in teardown")

        @pytest.fixture(scope="module")
        def breaks_last():
            yield
            raise RuntimeError("at the end")

        def test_own():
            order()
            assert {"a": 1} == {"a": 2}, "mine"

        def test_teardown(breaks_late):
            order()

        def test_last(breaks_last):
            order()
    """
    done = run(tmp_path, {"go.py": GO, "test_it.py": tests}, "--racecheck-explore=20")
    assert done.code == 1, done.out + done.err
    assert "1 failed, 2 passed, 2 errors" in done.out
    assert "E       AssertionError: mine" in done.out
    assert "RuntimeError: in teardown" in done.out
    assert "RuntimeError: at the end" in done.out


def test_failures_in_threads_and_by_other_words(tmp_path: Path) -> None:
    tests = """
        import threading
        import pytest
        from go import go, order

        def test_thread():
            event = threading.Event()
            def look():
                if not event.is_set():
                    raise ValueError("too early")
            go(event.set, look)

        def test_words():
            if order() != [1, 2]:
                pytest.fail("in the wrong order")

        @pytest.mark.xfail(reason="known")
        def test_known():
            assert order() == [1, 2]

        def test_sometimes_skips():
            if order() != [1, 2]:
                pytest.skip("not in this order")
    """
    done = run(tmp_path, {"go.py": GO, "test_it.py": tests}, "--racecheck-explore")
    assert "2 failed, 1 passed, 1 xfailed" in done.out, done.out + done.err
    assert "ValueError: too early" in done.out
    assert "in the wrong order" in done.out


def test_stopping_early_and_running_what_failed(tmp_path: Path) -> None:
    tests = ORDERS + "\n\n    def test_last():\n        assert order() == [1, 2]\n"
    files = {"go.py": GO, "test_it.py": tests}
    done = run(tmp_path, files, "--racecheck-explore", "-x")
    assert "1 failed, 2 passed" in done.out, done.out
    assert "stopping after 1 failures" in done.out
    done = run(tmp_path, files, "--racecheck-explore", "-x", "-p", "cacheprovider")
    done = run(tmp_path, files, "--racecheck-explore", "--lf", "-p", "cacheprovider")
    assert "1 failed" in done.out, done.out


def test_several_workers_and_files_for_other_tools(tmp_path: Path) -> None:
    tests = ORDERS + "\n\n    def test_last():\n        assert order() == [1, 2]\n"
    arguments = ("-n", "2", "--racecheck-explore", "--racecheck-output=json:found.json")
    done = run(tmp_path, {"go.py": GO, "test_it.py": tests}, *arguments)
    assert done.code == 1, done.out + done.err
    assert "2 failed, 2 passed" in done.out
    assert "2 of 3 tests fail under exploration" in done.out
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))["findings"]
    assert {one["confidence"] for one in found} == {"confirmed"}
    assert all(one["schedule"].startswith("rc1:") for one in found)


def test_what_cannot_be_repeated_is_inconclusive(tmp_path: Path) -> None:
    tests = """
        import builtins
        from go import go

        def test_only_once():
            go(lambda: None, lambda: None)
            builtins.met = getattr(builtins, "met", 0) + 1
            assert builtins.met == 1
    """
    done = run(tmp_path, {"go.py": GO, "test_it.py": tests}, "--racecheck-explore")
    assert done.code == 0, done.out + done.err
    assert "inconclusive: test_it.py::test_only_once: it cannot be repeated" in done.out


def test_a_race_that_is_silenced_fails_nothing(tmp_path: Path) -> None:
    silenced = RACY.replace("self.value += 1", "self.value += 1  # racecheck: ignore[RC101] -- no")
    tests = """
        from counter import Counter, both

        def test_it():
            both(Counter().hit)
    """
    shown = run(tmp_path, {"counter.py": RACY, "test_it.py": tests}, "--racecheck-explore=20")
    assert "RC101" in shown.out and shown.code == 1, shown.out
    hidden = run(tmp_path, {"counter.py": silenced}, "--racecheck-explore=20")
    assert hidden.code == 0, hidden.out
