"""The real rules on the examples, through every format, cold and warm, here and in workers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from racecheck.report import registry
from racecheck.source import driver
from tests.cli.runner import ROOT, run

SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.schema.json").read_text("utf-8"))


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """A copy of the example, as working directory."""
    for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(ROOT / "examples" / "bank", tmp_path / "bank")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint_json(capfd, *arguments: str) -> dict:
    return json.loads(run(capfd, "lint", "--output-format", "json", *arguments).out)


def fingerprints(data: dict) -> list[str]:
    return sorted(finding["fingerprint"] for finding in data["findings"])


def test_the_example_has_its_findings(bank, capfd):
    outcome = run(capfd, "lint", "bank")
    assert outcome.code == 1
    assert "`Ledger.balance`" in outcome.out
    assert "2 acted on" in outcome.out


def test_sarif_of_real_findings_validates_and_carries_the_rule_pages(bank, capfd):
    log = json.loads(run(capfd, "lint", "bank", "--output-format", "sarif").out)
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert rules
    assert all(len(rule["help"]["text"]) > 100 for rule in rules)


@pytest.mark.parametrize("form", registry.names())
def test_cold_warm_and_in_workers_give_the_same_bytes(form, bank, capfd, monkeypatch):
    cold = run(capfd, "lint", "bank", "--output-format", form).out
    assert cold
    assert run(capfd, "lint", "bank", "--output-format", form).out == cold
    assert run(capfd, "lint", "bank", "--output-format", form, "--no-cache").out == cold
    monkeypatch.setattr(driver, "POOL_LINES", 1)
    apart = run(capfd, "lint", "bank", "--output-format", form, "--no-cache", "--jobs", "2")
    assert apart.out == cold


def test_fingerprints_survive_moved_lines_and_renamed_folders(bank, capfd):
    before = lint_json(capfd, "bank")
    for path in Path("bank").rglob("*.py"):
        path.write_text("# moved\n" * 10 + path.read_text("utf-8"), "utf-8")
    Path("other").mkdir()
    shutil.move("bank", "other/branch")
    after = lint_json(capfd, "other")
    assert fingerprints(after) == fingerprints(before)
    assert [f["line"] for f in after["findings"]] == [f["line"] + 10 for f in before["findings"]]


def test_the_second_run_reads_nothing_again(bank, capfd):
    first = run(capfd, "lint", "bank", "-v").err
    second = run(capfd, "lint", "bank", "-v").err
    assert "the whole result comes from the cache" not in first
    assert "the whole result comes from the cache" in second


@pytest.mark.usefixtures("large_project")
def test_every_file_is_either_analysed_or_skipped(bank, capfd):
    Path("pkg").mkdir()
    Path("pkg/__init__.py").write_text("", "utf-8")
    Path("pkg/plain.py").write_text("def helper(number):\n    return number\n", "utf-8")
    Path("lone.py").write_text("x = 1\n", "utf-8")
    Path("pkg/m.py").write_text(
        "import threading\n\nfrom pkg.plain import helper\n\n\ndef work():\n    helper(1)\n\n\n"
        "threading.Thread(target=work).start()\n",
        "utf-8",
    )
    numbers = lint_json(capfd, ".")["statistics"]
    assert numbers["followed"] >= 1
    assert numbers["skipped"] >= 1
    assert numbers["analysed"] + numbers["skipped"] == numbers["files"]


def test_another_setting_is_another_run(bank, capfd):
    run(capfd, "lint", "bank")
    err = run(capfd, "lint", "bank", "-v", "--free-threaded").err
    assert "the whole result comes from the cache" not in err
    assert fingerprints(lint_json(capfd, "bank", "--select", "RC3")) != fingerprints(
        lint_json(capfd, "bank")
    )


def test_findings_of_one_file_are_those_of_the_whole_project(bank, capfd):
    whole = lint_json(capfd, "bank")
    part = lint_json(capfd, "bank/bank/ledger.py", "--project", ".")
    ours = [f for f in whole["findings"] if f["path"].endswith("ledger.py")]
    assert [f["fingerprint"] for f in part["findings"]] == [f["fingerprint"] for f in ours]
    assert part["findings"]


def test_a_damaged_cache_costs_time_and_nothing_else(bank, capfd):
    before = lint_json(capfd, "bank")
    for path in Path(".racecheck_cache").iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert fingerprints(lint_json(capfd, "bank")) == fingerprints(before)
