"""One test again and again in one process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.testing.runs import run

LISTENS = """
    import json
    from pathlib import Path

    def pytest_configure():
        from racecheck.testing import repeating

        given = repeating.Repeater.is_plain.fget
        def is_plain(self):
            # Why at the item: what a conftest keeps is put back for each repetition.
            self.item.is_plain = given(self)
            return self.item.is_plain
        repeating.Repeater.is_plain = property(is_plain)

    def pytest_racecheck_explored(item, verdict, findings):
        path = Path("verdicts.json")
        known = json.loads(path.read_text()) if path.exists() else {}
        known[item.name] = {
            "outcome": verdict.outcome, "threads": verdict.threads, "reason": verdict.reason,
            "schedules": verdict.schedules, "plain": item.is_plain,
        }
        path.write_text(json.dumps(known))
"""

GO = """
    import threading
    from pathlib import Path


    def go(function=int):
        threads = [threading.Thread(target=function) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


    def tell(word):
        with Path("told.txt").open("a") as file:
            file.write(word + "\\n")
"""


def explored(folder: Path, tests: str, **more: str) -> dict[str, dict[str, Any]]:
    """Verdicts by the names of tests."""
    files = {"conftest.py": LISTENS, "go.py": GO, "test_it.py": tests, **more}
    done = run(folder, files, "--racecheck-explore=8")
    assert done.code == 0, done.out + done.err
    found: dict[str, dict[str, Any]] = json.loads((folder / "verdicts.json").read_text("utf-8"))
    return found


def told(folder: Path) -> list[str]:
    """What the tests wrote down, in order."""
    return (folder / "told.txt").read_text("utf-8").split()


def test_fixtures_of_the_test_are_made_anew_and_wider_ones_kept(tmp_path: Path) -> None:
    tests = """
        import pytest
        from go import go, tell

        @pytest.fixture(scope="session")
        def session():
            tell("session")
            yield []
            tell("/session")

        @pytest.fixture(scope="module", autouse=True)
        def module(session):
            tell("module")
            yield
            tell("/module")

        @pytest.fixture
        def own(session):
            tell("own")
            yield session
            tell("/own")

        def test_it(own):
            go()
            own.append(1)
            assert own == [1]
            tell("test")
    """
    verdict = explored(tmp_path, tests)["test_it"]
    words = told(tmp_path)
    assert words[:2] == ["session", "module"]
    assert words[-2:] == ["/module", "/session"]
    inner = words[2:-2]
    assert inner == ["own", "test", "/own"] * (len(inner) // 3)
    assert len(inner) // 3 > verdict["schedules"] > 1
    assert not verdict["plain"]


def test_what_may_be_called_directly(tmp_path: Path) -> None:
    tests = """
        import pytest
        from go import go

        @pytest.fixture(scope="module")
        def wide():
            return 1

        @pytest.fixture
        def own():
            return 1

        def test_nothing():
            go()

        def test_wide(wide):
            go()
            assert wide == 1

        @pytest.mark.parametrize(("one", "other"), [(1, 2)])
        def test_parameters(one, other):
            go()
            assert (one, other) == (1, 2)

        def test_own(own):
            go()

        def test_request(request):
            go()

        class TestClass:
            def test_method(self):
                go()
    """
    found = explored(tmp_path, tests)
    assert {name: one["plain"] for name, one in found.items()} == {
        "test_nothing": True,
        "test_wide": True,
        "test_parameters[1-2]": True,
        "test_own": False,
        "test_request": False,
        "test_method": False,
    }


def test_hooks_of_a_conftest_belong_to_the_test(tmp_path: Path) -> None:
    hooks = (
        LISTENS
        + """
    READY = []

    def pytest_runtest_setup(item):
        READY.append(1)

    def pytest_runtest_teardown(item):
        READY.clear()
"""
    )
    tests = """
        import pytest
        from conftest import READY
        from go import go

        @pytest.fixture(scope="module")
        def wide():
            return 1

        def test_it():
            go()
            assert READY == [1]

        def test_wide(wide):
            go()
            assert READY == [1]
    """
    found = explored(tmp_path, tests, **{"conftest.py": hooks})
    assert {one["outcome"] for one in found.values()} == {"passes"}
    assert not any(one["plain"] for one in found.values())


def test_threads_of_fixtures_are_under_control(tmp_path: Path) -> None:
    tests = """
        import queue
        import threading
        import pytest

        @pytest.fixture
        def worker():
            jobs, results = queue.Queue(), queue.Queue()
            def work():
                while (job := jobs.get()) is not None:
                    results.put(job * 2)
            thread = threading.Thread(target=work)
            thread.start()
            yield jobs, results
            jobs.put(None)
            thread.join()

        def test_it(worker):
            jobs, results = worker
            jobs.put(21)
            assert results.get(timeout=60) == 42
    """
    verdict = explored(tmp_path, tests)["test_it"]
    assert (verdict["outcome"], verdict["threads"]) == ("passes", 2)


def test_each_repetition_begins_where_the_first_run_began(tmp_path: Path) -> None:
    """Caches are cold again; afterwards, all is as the test's own run has left it."""
    tests = """
        import pytest
        from go import go

        CACHE = {}
        COUNT = 0

        @pytest.fixture(scope="module")
        def registered():
            CACHE["by the module"] = 1
            yield
            CACHE.clear()

        def test_it(registered):
            global COUNT
            assert CACHE == {"by the module": 1}
            CACHE["by the test"] = 2
            COUNT += 1
            assert COUNT == 1
            go()

        def test_after(registered):
            assert CACHE == {"by the module": 1, "by the test": 2}
            assert COUNT == 1

        def test_last():
            assert CACHE == {} or len(CACHE) == 2
    """
    assert explored(tmp_path, tests)["test_it"]["outcome"] == "passes"


def test_a_deadlock_in_the_middle_of_a_fixture_leaves_nothing_behind(tmp_path: Path) -> None:
    tests = """
        import threading
        import pytest
        from go import go

        STATE = []

        @pytest.fixture
        def outer():
            assert STATE == []
            STATE.append("outer")
            yield
            STATE.remove("outer")

        @pytest.fixture
        def inner(outer):
            locks = threading.Lock(), threading.Lock()
            def work(first, second):
                with first, second:
                    pass
            pairs = (locks, locks[::-1])
            threads = [threading.Thread(target=work, args=pair) for pair in pairs]
            for thread in threads:
                thread.start()
            yield
            for thread in threads:
                thread.join()

        @pytest.mark.racecheck(ignore="ALL -- on purpose")
        def test_it(inner):
            pass

        def test_after(outer):
            go()
            assert STATE == ["outer"]
    """
    found = explored(tmp_path, tests)
    assert found["test_it"]["outcome"] == "fails"
    assert found["test_after"]["outcome"] == "passes"


def test_time_is_real_outside_of_repetitions(tmp_path: Path) -> None:
    tests = """
        import threading
        import time
        from go import go

        def test_sleeps():
            begun = time.monotonic()
            go(lambda: time.sleep(3600 if hasattr(time, "met") else 0.01))
            time.met = True
            assert time.monotonic() - begun < 4000
    """
    begun = run(
        tmp_path, {"go.py": GO, "test_it.py": tests}, "--racecheck-explore=5", "--durations=1"
    )
    assert begun.code == 0, begun.out + begun.err
    assert float(begun.line("s call ").split("s call")[0]) < 60


@pytest.mark.parametrize("plugin", ["anyio", "pytest_asyncio", "none"])
def test_coroutines_run_as_their_plugin_runs_them(tmp_path: Path, plugin: str) -> None:
    if plugin != "none":
        pytest.importorskip(plugin)
    marks = {"anyio": "@pytest.mark.anyio", "pytest_asyncio": "@pytest.mark.asyncio"}
    call = "async def test_it():" if plugin != "none" else "async def body():"
    tests = f"""
        import asyncio
        import pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        {marks.get(plugin, "")}
        {call}
            found = []
            async def work(number):
                await asyncio.sleep(0)
                found.append(number)
            await asyncio.gather(work(1), work(2), work(3))
            assert sorted(found) == [1, 2, 3]
    """
    if plugin == "none":
        tests += "\n        def test_it():\n            asyncio.run(body())\n"
    assert explored(tmp_path, tests)["test_it"]["outcome"] == "passes"


def test_a_thread_that_ends_late_is_waited_for(tmp_path: Path) -> None:
    """Otherwise what it still changes would be put back, to what it was while it lived."""
    tests = """
        import threading
        import time
        from go import go

        ALIVE = []

        def test_it():
            def work():
                ALIVE.append(1)
                begun.set()
                time.sleep(0.1)
                ALIVE.remove(1)
            begun = threading.Event()
            threading.Thread(target=work).start()
            begun.wait()

        def test_after():
            assert ALIVE == []
            go()
    """
    found = explored(tmp_path, tests)
    assert found["test_it"]["outcome"] == found["test_after"]["outcome"] == "passes"
