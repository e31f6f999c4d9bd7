"""Every example of the catalogue and every fixture is linted and gives what its marks say."""

from __future__ import annotations

import ast
import sys

import pytest

from racecheck.checks import registry
from tests.checks import harness
from tests.checks.harness import Case

CASES = [
    case
    for case in harness.all_cases()
    if case.code in harness.OURS or list(registry.modules_for([case.code]))
]
"""Pages without a check are the business of tests/meta/test_catalog.py."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_example(case: Case) -> None:
    wrong = harness.judge(case, harness.lint(case))
    if wrong:
        pytest.fail("\n".join([*wrong, "", *shown(case)]), pytrace=False)


def shown(case: Case) -> list[str]:
    """The example with line numbers."""
    return [
        f"{path}:{number:3} {line}"
        for path, text in case.texts.items()
        for number, line in enumerate(text.splitlines(), 1)
    ]


@pytest.mark.parametrize("case", harness.all_cases(), ids=lambda case: case.id)
def test_example_is_well_formed(case: Case) -> None:
    if case.kind == "bad":
        assert case.expected, "a bad example must mark its lines"
        codes = {code for _, _, code in case.expected}
        assert case.code in codes
        assert codes <= {case.code}, "other codes belong in `also`"
    else:
        assert not case.expected, f"a {case.kind} must not have marks"
    if case.code != "RC903" and not needs_newer_python(case):
        for text in case.texts.values():
            ast.parse(text)


def needs_newer_python(case: Case) -> bool:
    target = str(case.options.get("target_version", "3.11"))
    return tuple(map(int, target.split("."))) > sys.version_info[:2]


def test_marks_are_taken_out_and_lines_stay() -> None:
    text = "import a\n\nwith a.b():  # RC301\n    x = '# RC302'\ny = 1  # RC301, RC302\n"
    texts, expected = harness.split(text)
    assert texts == {"example.py": "import a\n\nwith a.b():\n    x = '# RC302'\ny = 1\n"}
    line = "example.py"
    assert expected == {(line, 3, "RC301"), (line, 5, "RC301"), (line, 5, "RC302")}


def test_several_files() -> None:
    texts, expected = harness.split("### file: p/a.py\nx = 1\n### file: p/b.py\ny = 2  # RC101\n")
    assert texts == {"p/a.py": "x = 1\n", "p/b.py": "y = 2\n"}
    assert expected == {("p/b.py", 1, "RC101")}


@pytest.mark.parametrize("kind", ["bad", "good"])
def test_the_judge_sees_missed_and_extra_findings(kind: str) -> None:
    marks = frozenset({("a.py", 1, "RC301")})
    case = Case("RC301", kind, "1", {"a.py": ""}, marks if kind == "bad" else frozenset())
    assert bool(harness.judge(case, [])) is (kind == "bad")
