"""Each test hears of what happened in it, and fails for it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from racecheck.pytest_plugin import WATCHABLE
from racecheck.runtime.options import WATCH
from tests.testing.runs import RACY, run

COUNTER = {"counter.py": RACY}
TESTS = """
    from counter import Counter, both


    def test_racy():
        counter = Counter()
        both(counter.hit)
        assert counter.value == 10


    def test_clean():
        counter = Counter()
        counter.hit()
        assert counter.value == 5
"""


def test_a_test_that_passes_with_a_race_in_it_fails(tmp_path: Path) -> None:
    done = run(tmp_path, {**COUNTER, "test_it.py": TESTS}, "--racecheck")
    assert done.code == 1, done.out + done.err
    assert "1 failed, 1 passed" in done.out
    assert "RC101 Data race on `Counter.value`" in done.out
    assert "counter.py:11" in done.out
    assert "self.value += 1" in done.out
    assert "w1" in done.out and "w2" in done.out
    assert "nothing orders 1 and 2" in done.out
    assert done.line("FAILED").startswith("FAILED test_it.py::test_racy - RC101 Counter.value")


def test_without_the_flag_nothing_changes_and_nothing_is_imported(tmp_path: Path) -> None:
    more = """
        import sys

        def test_no_import_of_ours():
            ours = {name for name in sys.modules if name.startswith("racecheck")}
            assert ours <= {"racecheck", "racecheck.pytest_plugin"}
            assert "msgspec" not in sys.modules
    """
    done = run(tmp_path, {**COUNTER, "test_it.py": TESTS, "test_more.py": more})
    assert done.code == 0, done.out + done.err
    assert "3 passed" in done.out
    assert "RC101" not in done.out


def test_a_failing_test_keeps_its_own_message(tmp_path: Path) -> None:
    failing = TESTS.replace("== 10", "== 11")
    files = {**COUNTER, "test_it.py": failing}
    done = run(tmp_path, files, "--racecheck")
    assert "assert 10 == 11" in done.out
    assert "RC101 Data race on `Counter.value`" in done.out


def test_the_settings_can_switch_it_on_and_a_flag_off(tmp_path: Path) -> None:
    files = {
        **COUNTER,
        "test_it.py": TESTS,
        "pyproject.toml": "[tool.racecheck.pytest]\nenable = true\n",
    }
    assert run(tmp_path, files).code == 1
    assert run(tmp_path, files, "--no-racecheck").code == 0
    assert run(tmp_path, files, "-p", "no:racecheck").code == 0


@pytest.mark.parametrize(
    ("mark", "passes"),
    [
        ("ignore='RC101 -- counted for fun'", True),
        ("ignore=['RC3 -- no', 'RC1 -- why not']", True),
        ("ignore='RC309 -- another code'", False),
        ("enable=False", True),
        ("watch='lock-order'", True),
        ("watch='races,leaks'", False),
    ],
)
def test_the_marker(tmp_path: Path, mark: str, passes: bool) -> None:
    marked = TESTS.replace(
        "    def test_racy", f"    @pytest.mark.racecheck({mark})\n    def test_racy"
    )
    files = {**COUNTER, "test_it.py": "    import pytest\n" + marked}
    done = run(tmp_path, files, "--racecheck", "--strict-markers")
    assert done.code == (0 if passes else 1), done.out


def test_the_fixture_shows_and_ignores(tmp_path: Path) -> None:
    tests = """
        from counter import Counter, both

        def test_shows(racecheck):
            assert racecheck.findings == []
            both(Counter().hit)
            finding, = racecheck.findings
            assert (finding.code, finding.subject) == ("RC101", "Counter.value")
            racecheck.ignore("RC101", "Counter.*", reason="on purpose")
            assert racecheck.findings == []
    """
    done = run(tmp_path, {**COUNTER, "test_it.py": tests}, "--racecheck")
    assert done.code == 0, done.out
    assert "1 finding suppressed" in done.out


def test_comments_and_settings_silence_as_for_lint(tmp_path: Path) -> None:
    silenced = RACY.replace(
        "self.value += 1", "self.value += 1  # racecheck: ignore[RC101] -- only a figure"
    )
    assert run(tmp_path, {"counter.py": silenced, "test_it.py": TESTS}, "--racecheck").code == 0
    settings = '[[tool.racecheck.suppress]]\ncode = "RC101"\nsubject = "Counter.*"\nreason = "x"\n'
    files = {**COUNTER, "test_it.py": TESTS, "pyproject.toml": settings}
    assert run(tmp_path, files, "--racecheck").code == 0


def test_what_is_not_sure_enough_is_shown_but_does_not_fail(tmp_path: Path) -> None:
    files = {**COUNTER, "test_it.py": TESTS}
    done = run(tmp_path, files, "--racecheck", "-o", "racecheck_fail_on=confirmed")
    assert done.code == 0, done.out
    assert "RC101" in done.out


def test_one_race_in_tests_of_several_workers_is_one_finding(tmp_path: Path) -> None:
    tests = TESTS + "\n\n    def test_again():\n        both(Counter().hit)\n"
    done = run(tmp_path, {**COUNTER, "test_it.py": tests}, "--racecheck", "-n", "2")
    assert done.code == 1, done.out + done.err
    assert "2 failed, 1 passed" in done.out
    summary = done.out.partition("= racecheck =")[2]
    lines = [line for line in summary.splitlines() if line.startswith("counter.py:11: RC101")]
    assert lines == [
        "counter.py:11: RC101 [observed] Data race on `Counter.value`: "
        "an update can be lost (2 tests)"
    ]


def test_files_for_other_tools(tmp_path: Path) -> None:
    files = {**COUNTER, "test_it.py": TESTS}
    run(
        tmp_path,
        files,
        "--racecheck",
        *("--racecheck-output", "json:found.json", "--racecheck-output", "sarif:found.sarif"),
        "--junitxml=junit.xml",
    )
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert [(f["code"], f["subject"], f["line"]) for f in found["findings"]] == [
        ("RC101", "Counter.value", 11)
    ]
    assert found["findings"][0]["confidence"] == "observed"
    assert json.loads((tmp_path / "found.sarif").read_text("utf-8"))["version"] == "2.1.0"
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    case = next(c for c in root.iter("testcase") if c.get("name") == "test_racy")
    assert case.find("failure") is not None
    assert case.find("properties/property").get("value") == "RC101 Counter.value"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--racecheck=rases"], "rases"),
        (["--racecheck", "--racecheck-backend=magic"], "magic"),
        (["--racecheck", "--racecheck-hang-timeout=soon"], "soon"),
        (["--racecheck", "-o", "racecheck_fail_on=surely"], "surely"),
    ],
)
def test_wrong_use_is_one_clear_error(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(tmp_path, {"test_it.py": "def test(): pass"}, *arguments)
    assert done.code == 4
    assert said in done.err
    assert "Traceback" not in done.err


def test_what_no_test_did_fails_the_run(tmp_path: Path) -> None:
    tests = """
        import pytest
        from counter import Counter, both

        @pytest.fixture(scope="session", autouse=True)
        def around():
            yield
            both(Counter().hit)

        def test_nothing():
            pass
    """
    done = run(tmp_path, {**COUNTER, "test_it.py": tests}, "--racecheck")
    assert done.code == 1, done.out
    assert "RC101 Data race on `Counter.value`" in done.out


def test_a_thread_left_behind_is_the_fault_of_its_test(tmp_path: Path) -> None:
    tests = """
        import threading

        stop = threading.Event()

        def test_leaves_one():
            threading.Thread(target=stop.wait, name="lost", daemon=True).start()

        def test_is_innocent():
            pass

        def test_ends_it():
            stop.set()
    """
    done = run(tmp_path, {"test_it.py": tests}, "--racecheck")
    assert done.code == 1
    assert "RC802" in done.out
    assert "test_it.py::test_leaves_one" in done.line("ERROR test_it")
    assert "3 passed, 1 error" in done.out


def test_a_test_that_hangs_is_ended_with_a_report(tmp_path: Path) -> None:
    tests = """
        import threading

        def test_hangs():
            one, two = threading.Lock(), threading.Lock()
            meet = threading.Barrier(2)

            def work(first, second):
                with first:
                    meet.wait()
                    with second:
                        pass

            threads = [
                threading.Thread(target=work, args=pair) for pair in ((one, two), (two, one))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        def test_next():
            pass
    """
    done = run(tmp_path, {"test_it.py": tests}, "--racecheck", "--racecheck-hang-timeout=1s")
    assert done.code == 1, done.out + done.err
    assert "RC309" in done.out or "RC310" in done.out
    assert "1 failed, 1 passed" in done.out


def test_importing_is_the_same_for_assertions(tmp_path: Path) -> None:
    tests = """
        def test_fails():
            values = {"a": [1, 2, 3]}
            assert values["a"] == [1, 2, 4], "why"
    """
    plain = run(tmp_path, {"test_it.py": tests})
    watched = run(tmp_path, {"test_it.py": tests}, "--racecheck")
    told = [line for line in plain.out.splitlines() if line.startswith("E ")]
    assert told == [line for line in watched.out.splitlines() if line.startswith("E ")]
    assert "At index 2 diff: 3 != 4" in watched.out


def test_memory_that_grows_each_time_is_found_if_asked_for(tmp_path: Path) -> None:
    tests = """
        listeners = []

        def test_subscribes():
            listeners.append(["someone"] * 100)

        def test_is_innocent():
            assert len(["someone"] * 100) == 100
    """
    done = run(tmp_path, {"test_it.py": tests}, "--racecheck", "--racecheck-leaks=memory")
    assert done.code == 1, done.out + done.err
    assert "RC442" in done.out
    assert "2 passed, 1 error" in done.out
    assert run(tmp_path, {"test_it.py": tests}, "--racecheck").code == 0


def test_a_path_may_follow_the_flag(tmp_path: Path) -> None:
    files = {**COUNTER, "test_it.py": TESTS}
    done = run(tmp_path, files, "--racecheck", "test_it.py")
    assert "1 failed, 1 passed" in done.out, done.out + done.err
    done = run(tmp_path, files, "--racecheck", "lock-order,leaks", "test_it.py")
    assert "2 passed" in done.out, done.out + done.err


def test_the_plugin_knows_what_may_be_watched() -> None:
    assert frozenset(WATCH) | {"memory"} == WATCHABLE
