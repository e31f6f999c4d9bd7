from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from racecheck.core.errors import SettingsError
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.place import Place
from racecheck.source import baseline
from racecheck.source.baseline import Baseline, Entry


def finding(line: int, subject: str = "A.x", path: str = "a.py") -> Finding:
    place = Place(path, line, mark="self.x")
    return Finding(
        "RC101", "n", subject, "m", place, Confidence.LIKELY, Severity.ERROR, context="A.f"
    )


def shown(findings: list[Finding]) -> list[int]:
    return [one.place.line for one in findings if not one.suppressed]


def test_known_findings_are_marked_wherever_they_have_moved() -> None:
    known = baseline.make([finding(3), finding(8, "A.y")])
    now = [finding(40, path="moved/a.py"), finding(8, "A.z"), finding(1, "A.y")]
    found = baseline.apply(now, known)
    assert [one.suppressed for one in found] == ["baseline", "", "baseline"]


def test_one_more_of_the_same_is_new() -> None:
    known = baseline.make([finding(3), finding(9)])
    assert known.findings[0].count == 2
    found = baseline.apply([finding(30), finding(2), finding(11)], known)
    assert shown(found) == [30]
    assert [one.place.line for one in found] == [30, 2, 11]


def test_what_is_silenced_otherwise_takes_no_place() -> None:
    silenced = replace(finding(1), suppressed="comment on line 1")
    known = baseline.make([silenced, finding(5, "A.y")])
    assert [entry.subject for entry in known.findings] == ["A.y"]
    found = baseline.apply([silenced, finding(2)], baseline.make([finding(9)]))
    assert [one.suppressed for one in found] == ["comment on line 1", "baseline"]


def test_an_update_keeps_what_is_still_found() -> None:
    known = baseline.make([finding(3), finding(4, "A.y")])
    found = baseline.apply([finding(5), finding(6, "A.z")], known)
    assert [entry.subject for entry in baseline.make(found).findings] == ["A.x", "A.z"]


def test_pruning_takes_out_and_never_in() -> None:
    known = baseline.make([finding(1), finding(2), finding(3, "A.y")])
    now = baseline.apply([finding(1), finding(7, "A.z")], known)
    assert baseline.stale(known, now) == 2
    pruned = baseline.prune(known, now)
    assert [(entry.subject, entry.count) for entry in pruned.findings] == [("A.x", 1)]
    assert baseline.stale(pruned, now) == 0
    assert baseline.prune(pruned, []) == Baseline()


def test_the_file_is_the_same_for_the_same_findings(tmp_path: Path) -> None:
    findings = [finding(9, path="b.py"), finding(3), finding(4, "A.y")]
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    baseline.write(one, baseline.make(findings))
    baseline.write(two, baseline.make(findings[::-1]))
    assert one.read_bytes() == two.read_bytes()
    assert baseline.load(one) == baseline.make(findings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json", "two.json"]
    assert '"path": "a.py"' in one.read_text()
    assert "line" not in one.read_text()


def test_an_empty_baseline(tmp_path: Path) -> None:
    baseline.write(tmp_path / "b.json", baseline.make([]))
    known = baseline.load(tmp_path / "b.json")
    assert shown(baseline.apply([finding(1)], known)) == [1]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is broken: Input data was truncated"),
        (b"{", "is broken: Input data was truncated"),
        (b"[]", "is broken: Expected `object`, got `array`"),
        (b'{"version": 1, "findings": [{"count": 1}]}', "missing required field `fingerprint`"),
        (b'{"version": 1, "findings": [{"fingerprint": "a", "count": "1"}]}', "Expected `int`"),
        (b'{"version": 1, "other": 1}', "unknown field `other`"),
        (b'{"version": 2, "findings": []}', "has version 2, and this racecheck reads 1"),
        (b'{"version": 1, "findings": [{"fingerprint": "\xff", "count": 1}]}', "is broken"),
    ],
)
def test_a_broken_file_is_said(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        baseline.load(path)
    assert message in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.hint == "make it anew with --update-baseline"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist") as caught:
        baseline.load(tmp_path / "b.json")
    assert caught.value.hint == "make it with --update-baseline"
    with pytest.raises(SettingsError, match="cannot be read"):
        baseline.load(tmp_path)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.json").mkdir()
    with pytest.raises(SettingsError, match="cannot be written"):
        baseline.write(tmp_path / "b.json", Baseline())
    with pytest.raises(SettingsError, match="cannot be written"):
        baseline.write(tmp_path / "nowhere" / "b.json", Baseline())
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_counts_that_make_no_sense_count_nothing() -> None:
    print_ = finding(1).fingerprint
    odd = Baseline(findings=(Entry(print_, -3), Entry(print_, 1)))
    assert shown(baseline.apply([finding(1), finding(2)], odd)) == [2]
    assert baseline.prune(odd, [finding(1)]).counts() == {print_: 1}
