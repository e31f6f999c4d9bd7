"""`racecheck confirm`: which findings happen, in which tests, and what is said of the others."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.runner import ROOT, process
from tests.report.test_sarif import SCHEMA

SHOP = {
    ("RC101", "Goods._stock"),
    ("RC106", "Counters._counts"),
    ("RC106", "Counters._slowest"),
    ("RC106", "Users._number"),
    ("RC115", "Counters._counts"),
    ("RC201", "Users._accounts"),
    ("RC204", "Storage._connection"),
    ("RC214", "Goods._stock"),
    # The other side sleeps: whoever is held may be so slow that it wakes.
    ("RC309", "Carts._lock, Goods._lock"),
}
"""What the tests of the buggy shop can reach, and confirm."""

PAGE = """\
import threading


class Page:
    def __init__(self):
        self.hits = 0
        self.lock = threading.Lock()

    def show(self):
        self.hits += 1

    def start(self):
        threading.Thread(target=self.show).start()
        threading.Thread(target=self.show).start()
"""

GUARDED = """\
from page import Page
from threading import Thread


def test_page(amount):
    page = Page()

    def guarded():
        with page.lock:
            page.show()

    threads = [Thread(target=guarded) for _ in range(amount)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert page.hits == amount
"""

CONFTEST = """\
import pytest


def pytest_addoption(parser):
    parser.addoption("--amount", type=int, default=2)


@pytest.fixture
def amount(request):
    return request.config.getoption("--amount")
"""


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "bank", tmp_path / "bank")
    (tmp_path / "bank" / ".git").mkdir()
    return tmp_path / "bank"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy: what is saved of it must not be found by others."""
    shutil.copytree(ROOT / "examples", tmp_path / "root" / "examples")
    (tmp_path / "root" / ".git").mkdir()
    return tmp_path / "root"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "page.py").write_text(PAGE)
    (tmp_path / "test_page.py").write_text(GUARDED)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    return tmp_path


def confirm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    done = process("confirm", *arguments, folder=folder, environment={"RACECHECK_CACHE": "false"})
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def verdicts(path: Path) -> dict[tuple[str, str], str]:
    found = json.loads(path.read_bytes())["findings"]
    return {(one["code"], one["subject"]): one["verdict"] for one in found}


def test_all_of_the_bank_is_confirmed(bank: Path) -> None:
    before = json.loads(process("lint", ".", "--output-format=json", folder=bank).stdout)
    done = confirm(bank, "-o", "json:all.json", "-o", "sarif:all.sarif")
    assert done.returncode == 1
    after = json.loads((bank / "all.json").read_bytes())["findings"]
    assert {one["verdict"] for one in after} == {"confirmed"}
    assert {one["confidence"] for one in after} == {"confirmed"}
    assert {one["fingerprint"] for one in after} == {o["fingerprint"] for o in before["findings"]}
    assert len(after) == 3 and all(one["schedule"].startswith("rc1:") for one in after)
    assert b"3 confirmed. 3 concurrent tests" in done.stderr
    assert b"saved  .racecheck/schedules/" in done.stderr
    _check_sarif(bank / "all.sarif", "confirmed", "fail")


def _check_sarif(path: Path, verdict: str, kind: str) -> None:
    log: Any = json.loads(path.read_bytes())
    jsonschema.validate(log, SCHEMA)
    for result in log["runs"][0]["results"]:
        assert (result["properties"]["verdict"], result["kind"]) == (verdict, kind)


def test_a_token_of_it_replays(bank: Path) -> None:
    done = confirm(bank, "--select", "RC310", "--output-format", "json")
    (found,) = json.loads(done.stdout)["findings"]
    again = process("replay", found["schedule"], folder=bank)
    assert again.returncode == 1
    assert b"RC310" in again.stdout


@pytest.mark.slow
def test_the_buggy_shop(root: Path) -> None:
    shop = ("examples/registration/buggy", "--tests", "examples/registration/tests")
    done = confirm(root, *shop, "-o", "json:all.json", "--", "--form", "buggy")
    assert done.returncode == 1, done.stderr.decode()
    found = verdicts(root / "all.json")
    assert {mark for mark, said in found.items() if said == "confirmed"} == SHOP
    assert found["RC102", "Sessions._sessions"] == "not reached"
    assert found["RC402", "self.greet"] == "cannot be steered"


def test_the_repaired_shop(root: Path) -> None:
    shop = ("examples/registration/repaired", "--tests", "examples/registration/tests")
    done = confirm(root, *shop, "--", "--form", "repaired")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"Nothing to confirm.\n"


def test_what_a_lock_refutes(page: Path) -> None:
    done = confirm(page, "page.py", "--free-threaded", "-o", "sarif:all.sarif", "--color=never")
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    assert "possible\n" in text.splitlines(keepends=True)[0]
    assert "= refuted in this test: " in text and "waits for `Page.lock`" in text
    assert b"1 refuted. 1 concurrent test" in done.stderr
    assert not (page / ".racecheck").exists()
    _check_sarif(page / "all.sarif", "refuted", "review")
    (result,) = json.loads((page / "all.sarif").read_bytes())["runs"][0]["results"]
    assert result["level"] == "none"


def test_what_follows_two_dashes_is_for_pytest(page: Path) -> None:
    done = confirm(page, "page.py", "--free-threaded", "--", "--amount=1")
    assert done.returncode == 0
    assert b"1 not reached. 1 concurrent test" in done.stderr
    assert b"no two threads reach page.py:" in done.stdout.replace(b"\n   | ", b" ")


def test_findings_of_a_saved_result(bank: Path) -> None:
    lint = process("lint", "bank", "--select=RC310", "-o", "json:found.json", "-qq", folder=bank)
    assert lint.returncode == 1
    done = confirm(bank, "--from", "found.json", "-o", "json:all.json")
    assert done.returncode == 1
    assert verdicts(bank / "all.json") == {("RC310", "Ledger._lock"): "confirmed"}


def test_what_a_run_observed(bank: Path) -> None:
    script = "from bank.ledger import Ledger\nfrom bank.worker import settle_all\n"
    (bank / "night.py").write_text(script + "settle_all(Ledger(100), [1] * 50)\n")
    process("run", "-o", "json:found.json", "night.py", folder=bank)
    seen = json.loads((bank / "found.json").read_bytes())["findings"]
    if not seen:
        pytest.skip("one worker did all of the work")
    done = confirm(bank, "--from", "found.json", "-o", "json:all.json")
    assert verdicts(bank / "all.json")["RC101", "Ledger.balance"] == "confirmed"
    assert done.returncode == 1


def test_a_test_that_fails_by_itself_is_left_out(page: Path) -> None:
    (page / "test_page.py").write_text(GUARDED + "    assert False\n")
    done = confirm(page, "page.py", "--free-threaded")
    assert done.returncode == 0
    assert b"note: test_page.py::test_page fails by itself, and was left out" in done.stderr
    assert b"1 not reached. 0 concurrent tests" in done.stderr
    assert b"= not reached: no test that passes is concurrent" in done.stdout


def test_exit_zero_and_quiet(bank: Path) -> None:
    done = confirm(bank, "--select=RC310", "--exit-zero", "-q")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"RC310")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "x.json", "bank"], "--from and paths do not go together"),
        (["--from", "x.json"], "cannot read `x.json`"),
        (["nowhere"], "no file or folder `nowhere`"),
        (["--tests", "nowhere.py::test_x"], "no file or folder `nowhere.py`"),
        (["--tests", "bank"], "no test was found"),
        (["--test", "bank"], "did you mean `--tests`?"),
        (["--", "--no-such-option"], "pytest cannot run the tests"),
    ],
)
def test_bad_use(bank: Path, arguments: list[str], said: str) -> None:
    done = confirm(bank, *arguments)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert done.stdout == b""


def test_tests_that_cannot_be_imported(bank: Path) -> None:
    (bank / "tests" / "test_broken.py").write_text("1 / 0\n")
    done = confirm(bank)
    assert done.returncode == 2
    assert b"ZeroDivisionError" in done.stderr
