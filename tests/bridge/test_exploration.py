"""`racecheck.explore(function)` and `@racecheck.explore()`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import racecheck
from racecheck.bridge.schedules import Store
from racecheck.core.errors import SettingsError, UsageError
from racecheck.core.finding import Confidence
from tests.bridge.explored import BANK, RACY, module
from tests.cli.runner import ROOT


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_function_that_fails(project: Path) -> None:
    home = module(project, BANK)
    found = racecheck.explore(home.test_overdrawn, schedules=50, time="20s", seed=3)
    assert isinstance(found, racecheck.Exploration)
    assert found.outcome == "fails"
    assert not found.complete
    assert 1 < found.schedules <= 50
    assert [one.confidence for one in found.findings] == [Confidence.CONFIRMED]
    assert "imported before" in " ".join(found.limits)
    with pytest.raises(AssertionError) as error:
        found.raise_if_failed()
    said = str(error.value)
    assert said.startswith(f"{home.__name__}:test_overdrawn fails\n\n")
    assert "racecheck replay rc1:" in said
    assert isinstance(error.value.__cause__, AssertionError)
    assert repr(found).startswith(f"<exploration of {home.__name__}:test_overdrawn: fails, ")
    assert Store(project).of(f"{home.__name__}:test_overdrawn")


def test_a_function_that_passes(project: Path) -> None:
    found = racecheck.explore(module(project, BANK).test_counted, schedules=30)
    assert (found.outcome, found.findings) == ("passes", [])
    found.raise_if_failed()
    assert "pass" in found.text


def test_what_is_silenced_is_no_failure(project: Path) -> None:
    home = module(project, RACY)
    code = racecheck.explore(home.test_hits).findings[0].code
    found = racecheck.explore(home.test_hits, config=[f"ignore={code}"])
    assert found.outcome == "passes"


def test_a_coroutine_function(project: Path) -> None:
    text = (
        "import asyncio\n\n\nasync def test():\n    seen = []\n"
        "    async def one(number):\n        await asyncio.sleep(0)\n        seen.append(number)\n"
        "    await asyncio.gather(one(1), one(2))\n    assert seen == [1, 2]\n"
    )
    assert racecheck.explore(module(project, text).test).outcome == "fails"


def test_the_name_of_the_package_does_not_hide_it(project: Path) -> None:
    import racecheck.explore.explorer

    home = module(project, BANK)
    assert racecheck.explore.explorer.Explorer
    assert racecheck.explore(home.test_alone).outcome == "passes"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"strategy": "pst"}, "`explore.strategy` in --strategy must be one of"),
        ({"time": "soon"}, "`explore.time` in --time is no duration"),
        ({"schedules": 0}, "`explore.schedules` in --schedules must be at least 1"),
    ],
)
def test_wrong_options(project: Path, options: dict[str, object], error: str) -> None:
    with pytest.raises(SettingsError, match=error):
        racecheck.explore(module(project, BANK).test_alone, **options)  # type: ignore[call-overload]


def test_functions_that_cannot_be_explored(project: Path) -> None:
    with pytest.raises(UsageError, match="needs arguments: account"):
        racecheck.explore(lambda account: None)
    with pytest.raises(UsageError, match="is of type int, no function"):
        racecheck.explore(3)  # type: ignore[call-overload]
    with racecheck.watch(), pytest.raises(UsageError, match="watches this process already"):
        racecheck.explore(lambda: None)


def test_a_decorator_without_parentheses_is_said(project: Path) -> None:
    text = "import racecheck\n\n\n@racecheck.explore\ndef test():\n    pass\n"
    with pytest.raises(UsageError, match="lacks its parentheses") as error:
        module(project, text)
    assert "@racecheck.explore()" in error.value.hint
    after = "import racecheck\n\n\ndef test():\n    pass\n\n\nfound = racecheck.explore(test)\n"
    assert module(project, after).found.outcome == "passes"


def test_a_decorated_function_is_explored_when_it_is_called(project: Path) -> None:
    home = module(project, BANK)
    test = racecheck.explore(schedules=50)(home.test_overdrawn)
    assert test.__name__ == "test_overdrawn"
    with pytest.raises(AssertionError, match="fails"):
        test()
    racecheck.explore(schedules=20)(home.test_counted)()


def test_under_somebody_who_watches_it_is_a_plain_call(project: Path) -> None:
    home = module(project, BANK)
    with racecheck.watch(watch=["lock-order"]):
        racecheck.explore()(home.test_overdrawn)()


def test_arguments_have_their_state_in_each_run(project: Path) -> None:
    text = BANK + "\n\ndef test_given(account, log, *, least):\n"
    text += "    assert log == []\n    log.append(account.balance)\n"
    text += "    both(account.withdraw, account.peek)\n    assert account.balance == least\n"
    home = module(project, text)
    racecheck.explore(schedules=20)(home.test_given)(home.Account(), [], least=20)


def test_an_inconclusive_one_is_a_warning(project: Path) -> None:
    text = BANK + "\n\ndef test_spin():\n    account = Account()\n"
    text += "    def spin():\n        while account.peek():\n            pass\n"
    text += "    both(spin, account.peek)\n"
    test = racecheck.explore(schedules=3, config=["explore.steps=200"])(
        module(project, text).test_spin
    )
    with pytest.warns(UserWarning, match="inconclusive: .* more than 200 steps"):
        test()


PLAIN = """\
import unittest

import pytest
import racecheck
from bank import Account, both


@pytest.fixture
def account():
    return Account()


@racecheck.explore(schedules=40)
@pytest.mark.parametrize("times", [1, 2])
def test_withdrawn(account, times):
    both(*[account.withdraw] * times)
    assert account.balance >= 0


@racecheck.explore()
def test_skipped():
    pytest.skip("not today")


@racecheck.explore()
def test_failed():
    pytest.fail("on purpose")


class TestPage:
    @racecheck.explore(schedules=10)
    def test_method(self, account):
        both(account.peek, account.peek)


class Case(unittest.TestCase):
    @racecheck.explore(schedules=10)
    def test_case(self):
        self.assertEqual(Account().peek(), 100)
"""


def test_in_a_plain_run_of_pytest(project: Path) -> None:
    (project / "bank.py").write_text(BANK)
    (project / "test_plain.py").write_text(PLAIN)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "-q"],
        cwd=project,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    said = done.stdout
    assert "2 failed, 3 passed, 1 skipped" in said, said + done.stderr
    assert "FAILED test_plain.py::test_withdrawn[2]" in said
    assert "FAILED test_plain.py::test_failed" in said
    assert "on purpose" in said
    assert "racecheck replay rc1:" in said
    (saved,) = Store(project).of("test_plain.py::test_withdrawn[2]")
    assert saved.kind == "assertion"
