from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from racecheck.core.errors import UsageError
from racecheck.core.finding import Severity
from racecheck.core.place import Place
from racecheck.report import registry
from racecheck.report.result import Result
from tests.report.bank import CHECK_THEN_ACT, PROBLEM, RESULT, UNGUARDED, context

ODD = replace(
    UNGUARDED,
    message="100% of\r\n`a,b:c` \x07 <&\ud800",
    place=Place("a b/ü:%.py", 3),
    steps=(),
)


def render(name: str, result: Result = RESULT, **changes: object) -> str:
    return "".join(registry.get(name).render(result, context(**changes)))


def test_every_format_is_found_by_its_file():
    assert {"full", "concise", "json", "jsonl", "sarif", "github"} <= set(registry.names())


def test_an_unknown_format_is_said_with_the_nearest_one():
    with pytest.raises(UsageError) as caught:
        registry.get("sarf")
    assert "did you mean `sarif`?" in caught.value.hint


@pytest.mark.parametrize("name", registry.names())
def test_every_format_writes_findings(name, snapshot):
    snapshot(f"format-{name}.txt", render(name, replace(RESULT, errors=(PROBLEM,))))


@pytest.mark.parametrize("name", registry.names())
@pytest.mark.parametrize("result", [Result(), Result((ODD,)), Result(errors=(PROBLEM,))])
def test_no_format_minds_odd_results(name, result):
    text = render(name, result)
    text.encode("utf-8", "backslashreplace")
    assert "\x07" not in text
    assert text == "" or text.endswith("\n")


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_json_can_be_read_back_whatever_is_in_it(name):
    text = render(name, Result((ODD, CHECK_THEN_ACT)), ascii_only=True)
    assert text.isascii()
    assert json.loads(text)


def test_json_has_the_keys_of_the_contract():
    data = json.loads(render("json", replace(RESULT, errors=(PROBLEM,))))
    assert (data["version"], data["tool"]) == (1, "racecheck 0.1.0")
    assert set(data) == {"version", "tool", "findings", "errors", "statistics"}
    keys = (
        "code name message severity confidence subject path line column end_line end_column "
        "fingerprint evidence related schedule"
    )
    first = data["findings"][0]
    assert set(keys.split()) <= set(first)
    related = {"role", "path", "line", "column", "end_line", "thread", "held", "message"}
    assert [related <= set(side) for side in first["related"]] == [True, True]
    assert first["related"][1]["held"] == ["Ledger._lock"]
    assert data["errors"][0]["slug"] == "missing-path"


def test_json_lines_hold_one_object_each():
    kinds = [json.loads(line)["kind"] for line in render("jsonl").splitlines()]
    assert kinds == ["finding", "finding", "finding", "statistics"]


def test_a_fingerprint_survives_moving_code_and_folders():
    moved = replace(
        CHECK_THEN_ACT, place=replace(CHECK_THEN_ACT.place, path="old/src/ledger.py", line=118)
    )
    assert moved.fingerprint == CHECK_THEN_ACT.fingerprint
    assert replace(moved, subject="Ledger.history").fingerprint != moved.fingerprint


def test_github_escapes_what_ends_a_command_or_a_property():
    line = render("github", Result((ODD,)))
    properties, _, _ = line.removeprefix("::error ").partition("::")
    assert properties == "file=a b/ü%3A%25.py,line=3,title=RC101 unguarded-write (likely)"
    assert "100%25 of%0D%0A`a,b:c`" in line
    assert line.count("\n") == 1


def test_github_gives_columns_only_for_a_span_on_one_line():
    many = replace(CHECK_THEN_ACT, place=Place("m.py", 3, 5, 6, 2))
    assert ",col=" not in render("github", Result((many,)))
    assert ",col=12,endColumn=24," in render("github", Result((CHECK_THEN_ACT,)))


def test_github_says_notes_as_notices():
    assert render("github", Result((replace(ODD, severity=Severity.NOTE),))).startswith("::notice ")


def test_gitlab_fingerprints_are_unique():
    marks = [issue["fingerprint"] for issue in json.loads(render("gitlab", Result((ODD,) * 3)))]
    assert len(set(marks)) == 3


def test_junit_has_one_case_per_rule_and_file():
    suite = ElementTree.fromstring(render("junit", Result((UNGUARDED, UNGUARDED, CHECK_THEN_ACT))))
    cases = suite.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == ["RC101 unguarded-write", "RC110 check-then-act"]
    assert suite[0].get("failures") == "2"


def test_junit_without_findings_has_a_case_that_passes():
    (case,) = ElementTree.fromstring(render("junit", Result())).iter("testcase")
    assert list(case) == []


def test_statistics_replace_the_findings(snapshot):
    snapshot("statistics.txt", render("full", statistics=True))
    assert render("concise", statistics=True) == render("full", statistics=True)
