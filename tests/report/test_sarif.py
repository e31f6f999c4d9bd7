from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from racecheck.core.finding import Confidence
from racecheck.core.place import Place
from racecheck.report.formats import sarif
from racecheck.report.result import Result, RuleText
from tests.report.bank import CHECK_THEN_ACT, LOCK_ORDER, PROBLEM, RESULT, UNGUARDED, context

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "data" / "sarif-2.1.0.schema.json").read_text("utf-8")
)


def log(result: Result) -> dict:
    def rule(code: str) -> RuleText:
        return RuleText(code, "some-rule", "One line", "error", "The whole page.")

    return json.loads("".join(sarif.render(result, replace(context(), rule=rule))))


@pytest.mark.parametrize(
    "result",
    [
        RESULT,
        Result(),
        replace(RESULT, errors=(PROBLEM,), suppressed=(replace(UNGUARDED, suppressed="known"),)),
        Result((replace(UNGUARDED, steps=(), place=Place("m.py", 0)),)),
        Result((replace(UNGUARDED, place=Place("m.py", 3, 0, 9, 0)),)),
    ],
)
def test_it_validates(result):
    jsonschema.Draft7Validator(SCHEMA).validate(log(result))


def test_the_schema_would_notice():
    broken = log(RESULT)
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(broken)


def test_the_surest_findings_come_first():
    sure = replace(LOCK_ORDER, confidence=Confidence.CONFIRMED)
    results = log(Result((CHECK_THEN_ACT, UNGUARDED, sure)))["runs"][0]["results"]
    assert [r["properties"]["confidence"] for r in results] == ["confirmed", "likely", "likely"]


def test_both_sides_are_thread_flows():
    (first, *_) = log(RESULT)["runs"][0]["results"]
    (flow,) = first["codeFlows"]
    lines = [
        thread["locations"][0]["location"]["physicalLocation"]["region"]["startLine"]
        for thread in flow["threadFlows"]
    ]
    assert lines == [18, 21]


def test_rules_carry_their_help_and_results_point_at_them():
    run = log(RESULT)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert rules[0]["help"]["text"] == "The whole page."
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_suppressed_findings_are_there_and_say_why():
    quiet = replace(UNGUARDED, suppressed="single writer")
    (result,) = log(Result(suppressed=(quiet,)))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "single writer"}]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("pkg/m.py", "pkg/m.py"),
        ("a b/ü.py", "a%20b/%C3%BC.py"),
        ("c:d/m.py", "c%3Ad/m.py"),
        ("/abs/m.py", "file:///abs/m.py"),
        ("bad\udcff.py", "bad%FF.py"),
    ],
)
def test_paths_become_uris(path, uri):
    assert sarif.uri(path) == uri
