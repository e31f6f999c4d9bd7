"""`junit`: JUnit XML, one test case per rule and file that have findings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree

from racecheck.core.finding import Finding
from racecheck.report.cells import clean
from racecheck.report.data import portable
from racecheck.report.frames import label
from racecheck.report.result import Context, Result


def render(result: Result, context: Context) -> Iterator[str]:
    """The suite; a run without findings has one case, which passes."""
    cases = [_case(group) for group in _groups(result)]
    cases += [_error(problem.message) for problem in result.errors]
    suite = ElementTree.Element(
        "testsuite",
        name=context.tool,
        tests=str(max(len(cases), 1)),
        failures=str(len(cases) - len(result.errors)),
        errors=str(len(result.errors)),
    )
    suite.extend(cases or [ElementTree.Element("testcase", classname=context.tool, name="lint")])
    root = ElementTree.Element("testsuites", name=context.tool)
    root.append(suite)
    ElementTree.indent(root)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    # Why "us-ascii" characters: references survive every stream, whatever its encoding.
    yield ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode() + "\n"


def _groups(result: Result) -> Iterator[list[Finding]]:
    ordered = sorted(result.findings, key=lambda f: (f.place.path, f.code, f.order))
    for _, group in groupby(ordered, key=lambda f: (f.place.path, f.code)):
        yield list(group)


def _case(findings: list[Finding]) -> ElementTree.Element:
    first = findings[0]
    case = ElementTree.Element(
        "testcase",
        classname=_text(portable(first.place.path)),
        name=f"{first.code} {first.name}",
        file=_text(portable(first.place.path)),
        line=str(first.place.line),
    )
    message = first.message if len(findings) == 1 else f"{len(findings)} findings"
    failure = ElementTree.SubElement(case, "failure", type=first.code, message=_text(message))
    failure.text = "\n\n".join(_describe(finding) for finding in findings)
    return case


def _describe(finding: Finding) -> str:
    lines = [f"{finding.place}: {finding.message} ({finding.confidence})"]
    if len(finding.steps) > 1:
        lines += [f"{step.place}: {label(step, i)}" for i, step in enumerate(finding.steps, 1)]
    lines += finding.evidence
    return "\n".join(_text(line) for line in lines)


def _error(message: str) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname="racecheck", name="error")
    ElementTree.SubElement(case, "error", message=_text(message))
    return case


def _text(text: str) -> str:
    """XML 1.0 has no control characters and no lone surrogates, not even escaped."""
    return clean(text).encode("utf-8", "replace").decode()
