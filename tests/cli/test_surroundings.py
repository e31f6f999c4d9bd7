"""What `racecheck doctor` says about watching."""

from __future__ import annotations

import sys

from racecheck.cli import surroundings
from tests.cli.runner import run


def test_every_backend_has_a_line_and_a_reason_if_it_is_refused() -> None:
    lines = list(surroundings.backend_lines())
    assert [line.split()[0] for line in lines] == ["rewrite", "monitoring", "settrace"]
    for line in lines:
        assert line.split()[1] in ("usable", "refused")
        assert "refused" not in line or len(line.split()) > 4
    assert sum("taken unless" in line for line in lines) == 1


def test_a_tracing_tool_at_work_is_named() -> None:
    def tracer(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        said = surroundings.also_here()
    finally:
        sys.settrace(before)
    assert f"sys.settrace is {__name__}.test_a_tracing_tool_at_work_is_named" in said


def test_doctor_shows_them(project, capfd) -> None:
    outcome = run(capfd, "doctor")
    titles = [line[:10].strip() for line in outcome.out.splitlines()]
    for title in ("backends", "wrapped", "also here"):
        assert title in titles
    assert "concurrent.futures" in outcome.out
