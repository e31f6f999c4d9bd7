"""Settings down to the runtime, findings up to a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck.bridge import watching
from racecheck.core.errors import ExitCode, SettingsError, UnknownRuleError
from racecheck.core.finding import Confidence, Finding, Origin, Severity, Step
from racecheck.core.place import Place
from racecheck.runtime.options import WATCH
from racecheck.settings import load
from racecheck.settings.schema import WATCHABLE

SOURCE = """\
class Ledger:
    def settle(self, fee):
        self.balance -= fee
"""


class Ran:
    """A session that found something."""

    def __init__(self, *found: Finding, faults: list[str] | None = None) -> None:
        self.found = list(found)
        self.said = faults or []

    def findings(self) -> list[Finding]:
        return self.found

    def faults(self) -> list[str]:
        return self.said

    def limits(self) -> list[str]:
        return ["`x` was imported already"]


def finding(**changes: object) -> Finding:
    place = Place("ledger.py", 3, mark="self.balance")
    values = {
        "code": "RC101",
        "name": "unguarded-shared-write",
        "subject": "Ledger.balance",
        "message": "Data race on `Ledger.balance`",
        "place": place,
        "confidence": Confidence.OBSERVED,
        "severity": Severity.ERROR,
        "steps": (Step("update", place, "Ledger.settle", "Thread-1"),) * 2,
        "origin": Origin.RUN,
        **changes,
    }
    return Finding(**values)  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "ledger.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judged(
    project: Path, *found: Finding, settings: str = ""
) -> tuple[list[Finding], list[Finding]]:
    (project / "racecheck.toml").write_text(settings)
    return watching.Judge(load(project, environment={})).parts(found)


def test_the_words_for_what_is_watched_are_those_of_the_runtime() -> None:
    assert (*WATCH, "memory") == WATCHABLE


def test_options_are_plain_values(project: Path) -> None:
    text = '[run]\ntrace = ["bank"]\nhang-timeout = "2m"\ntrace-file = "out/t.jsonl"\n'
    (project / "racecheck.toml").write_text(text + '[pytest]\nwatch = ["races"]\n')
    loaded = load(project, environment={})
    run = watching.options(loaded)
    assert (run.trace, run.hang_timeout, run.hang_action) == (("bank",), 120.0, "exit")
    assert run.trace_file == str(project / "out/t.jsonl")
    assert run.watch == WATCH
    test = watching.options(loaded, watching.PYTEST)
    assert (test.watch, test.hang_action, test.trace_file) == (("races",), "fail", "")


def test_without_a_timeout_nothing_watches_for_hangs(project: Path) -> None:
    loaded = load(project, {"run.hang-timeout": "off"}, environment={})
    assert watching.options(loaded).watch == tuple(w for w in WATCH if w != "hangs")


def test_the_rules_are_those_of_the_catalogue(project: Path) -> None:
    rules = watching.options(load(project, environment={})).rules
    assert rules["RC101"].name == "unguarded-shared-write"
    assert rules["RC101"].severity == "error"
    assert rules["RC101"].help.startswith("Take the lock")
    assert "RC000" not in rules
    assert rules.get("RC000") is None
    assert len(rules) == len(list(rules)) > 50


def test_a_finding_gets_columns(project: Path) -> None:
    (shown,), hidden = judged(project, finding())
    assert (shown.place.column, shown.place.end_column) == (9, 21)
    assert shown.steps[1].place == shown.place
    assert hidden == []
    assert shown.fingerprint == finding().fingerprint


def test_a_file_that_cannot_be_read_is_no_reason_to_hide_a_finding(project: Path) -> None:
    lost = finding(place=Place("gone.py", 1, mark="x"))
    (shown,), _ = judged(project, lost)
    assert shown.place == lost.place


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('[[suppress]]\ncode = "RC101"\nsubject = "Ledger.*"\nreason = "so"\n', "settings: so"),
        ('per-file-ignores = { "ledger.py" = ["RC1"] }\n', "per-file-ignores of `ledger.py`"),
    ],
)
def test_suppressed_by_the_settings(project: Path, settings: str, why: str) -> None:
    shown, (hidden,) = judged(project, finding(), settings=settings)
    assert shown == []
    assert hidden.suppressed == why


def test_suppressed_by_a_comment(project: Path) -> None:
    text = SOURCE.replace("-= fee", "-= fee  # racecheck: ignore[RC101] -- a guess is enough")
    (project / "ledger.py").write_text(text)
    shown, (hidden,) = judged(project, finding())
    assert shown == []
    assert hidden.suppressed == "comment on line 3: a guess is enough"


def test_other_suppressions_of_the_file_are_not_judged(project: Path) -> None:
    (project / "ledger.py").write_text(SOURCE + "x = 1  # racecheck: ignore[RC301]\n")
    shown, hidden = judged(project, finding(), settings="require-reason = true\n")
    assert [f.code for f in (*shown, *hidden)] == ["RC101"]


def test_what_is_not_selected_is_not_there(project: Path) -> None:
    assert judged(project, finding(), settings='ignore = ["RC101"]\n') == ([], [])
    assert judged(project, finding(), settings='min-confidence = "confirmed"\n') == ([], [])


def test_known_findings_are_silent(project: Path) -> None:
    text = f'{{"version":1,"findings":[{{"fingerprint":"{finding().fingerprint}","count":1}}]}}'
    (project / "known.json").write_text(text)
    shown, (hidden,) = judged(project, finding(), settings='baseline = "known.json"\n')
    assert shown == []
    assert hidden.suppressed == "baseline"


def test_wrong_settings_are_said_before_the_run(project: Path) -> None:
    with pytest.raises(UnknownRuleError):
        watching.Judge(load(project, {"select": ("RC0X",)}, environment={}))
    with pytest.raises(SettingsError):
        watching.Judge(load(project, {"baseline": "gone.json"}, environment={}))


def test_a_result_counts(project: Path) -> None:
    loaded = load(project, environment={})
    found = watching.result(Ran(finding()), loaded)
    assert found.exit_code is ExitCode.FINDINGS
    assert found.statistics.notes == ("`x` was imported already",)
    assert found.fail_on is Confidence.OBSERVED
    strict = load(project, {"run.fail-on": "confirmed"}, environment={})
    assert watching.result(Ran(finding()), strict).exit_code is ExitCode.CLEAN


def test_faults_of_ours_are_said(project: Path) -> None:
    found = watching.result(Ran(faults=["got: KeyError: 1"]), load(project, environment={}))
    assert found.errors[0].message == "watching failed: got: KeyError: 1"
    assert found.exit_code is ExitCode.INTERNAL
