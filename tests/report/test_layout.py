from __future__ import annotations

from dataclasses import replace

import pytest

from racecheck.core.finding import Confidence, Severity, Step
from racecheck.core.place import Place
from racecheck.report import registry
from racecheck.report.layout import finding_lines, plain
from racecheck.report.result import Context, Result, headline
from racecheck.report.sources import SourceLines
from tests.report.bank import CHECK_THEN_ACT, LOCK_ORDER, RESULT, UNGUARDED, context, finding


def full(result: Result, given: Context) -> str:
    return "".join(registry.get("full").render(result, given))


def one(text: str, line: int, column: int = 0, end: int = 0, **more: object) -> list[str]:
    place = Place("m.py", line, column, line if end else 0, end)
    found = finding("RC101", "n", "Message", Step("read", place, **more))  # type: ignore[arg-type]
    return [plain(row) for row in finding_lines(found, Context(lines=SourceLines({"m.py": text})))]


def test_full_report(snapshot):
    snapshot("full.txt", full(RESULT, context()))


def test_full_report_on_a_narrow_terminal(snapshot):
    snapshot("full-60.txt", full(RESULT, context(width=60)))


@pytest.mark.parametrize("width", [60, 72, 88, 120])
def test_no_line_is_wider_than_the_terminal(width):
    long = finding(
        "RC101",
        "n",
        "Unguarded write to `Ledger.balance` " * 6,
        Step("write", Place("deep/er/" * 4 + "m.py", 1, 5, 1, 9), "f", note="seven words " * 12),
        evidence=("evidence is long " * 12,),
        help="help is long " * 12,
    )
    text = "x = [" + "1000, " * 60 + "]"
    given = Context(lines=SourceLines({long.place.path: text}), width=width)
    report = full(Result((long,)), given) + full(RESULT, context(width=width))
    too_long = [row for row in report.splitlines() if len(row) > width]
    assert [row for row in too_long if "-->" not in row] == []


def test_paths_are_never_broken():
    path = "a/very/long/path/" * 9 + "m.py"
    found = finding("RC101", "n", "Message", Step("read", Place(path, 3, 2)))
    rows = [plain(row) for row in finding_lines(found, Context(width=60))]
    assert f"--> {path}:3:2" in rows[1]


@pytest.mark.parametrize(
    ("source", "column", "end", "code", "carets"),
    [
        ("\tx += 1", 2, 3, "    x += 1", "    ^"),
        ("名 = x", 5, 6, "名 = x", "     ^"),
        ("e\u0301 = x", 6, 7, "e\u0301 = x", "    ^"),
        ("a\x1b[31m = x", 10, 11, "a?[31m = x", "         ^"),
    ],
)
def test_carets_stand_under_what_they_mean(source, column, end, code, carets):
    rows = one(source + "\n", 1, column, end)
    assert rows[3] == f"1 | {code}"
    assert rows[4].startswith(f"  | {carets} read")


def test_a_place_without_columns_marks_the_whole_line():
    rows = one("def f():\n    return x\n", 2)
    assert rows[5] == "  |     ^^^^^^^^ read, no lock held"


def test_a_mark_far_to_the_right_is_shown():
    rows = one("x" * 200 + " self.balance", 1, 202, 214)
    assert rows[3].endswith("self.balance")
    start = rows[3].index("self.balance")
    assert rows[4][start:].startswith("^" * len("self.balance"))


def test_a_side_whose_source_is_gone_is_still_told():
    rows = [plain(row) for row in finding_lines(CHECK_THEN_ACT, Context())]
    assert any("bank/ledger.py:18: 1 checked, no lock held" in row for row in rows)
    assert any("bank/ledger.py:21: 2 acted on, `Ledger._lock` held" in row for row in rows)


def test_a_file_that_became_shorter_does_not_break_the_report():
    given = Context(lines=SourceLines({"bank/ledger.py": "x = 1\n", "bank/worker.py": ""}))
    assert "2 acted on" in full(RESULT, given)


def test_far_sides_of_one_file_are_cut_and_name_their_functions():
    body = "".join(f"    x{n} = {n}\n" for n in range(20))
    text = f"def first():\n{body}    return a\n\ndef second():\n{body}    return a\n"
    found = finding(
        "RC101",
        "n",
        "Message",
        Step("write", Place("m.py", 22, 12, 22, 13), "first"),
        Step("read", Place("m.py", 45, 12, 45, 13), "second"),
    )
    rows = [plain(row) for row in finding_lines(found, Context(lines=SourceLines({"m.py": text})))]
    assert " 1 | def first():" in rows
    assert "24 | def second():" in rows
    assert rows.count("   ...") == 2
    assert len(rows) < 16


def test_notes_say_that_they_are_notes():
    found = replace(LOCK_ORDER, severity=Severity.NOTE)
    first = plain(next(iter(finding_lines(found, context()))))
    assert first.endswith("possible, note")


def test_colour_adds_nothing_but_colour():
    import re

    painted = full(RESULT, context(color=True))
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == full(RESULT, context())


def test_the_report_is_ascii_where_the_source_is():
    assert full(RESULT, context()).isascii()


def test_the_headline_counts_grades():
    assert headline(RESULT) == "Found 3 problems in 2 files (2 likely, 1 possible)."
    mixed = replace(RESULT, findings=(UNGUARDED, replace(UNGUARDED, severity=Severity.NOTE)))
    assert headline(mixed) == "Found 2 problems in 2 files (1 likely, 1 note)."
    assert headline(replace(RESULT, findings=())) == "No problems found in 2 files."


def test_what_counts_for_the_exit_code():
    note = replace(UNGUARDED, severity=Severity.NOTE)
    assert Result((note,)).failing == ()
    assert Result((LOCK_ORDER,)).failing == ()
    assert Result((LOCK_ORDER,), fail_on=Confidence.POSSIBLE).failing == (LOCK_ORDER,)


def test_lines_are_those_of_python():
    lines = SourceLines({"m.py": "a\x0c\r\nb\u2028\rc"})("m.py")
    assert lines == ["a\x0c", "b\u2028", "c"]


def test_callers_are_shown_when_they_are_asked_for():
    stack = ("bank/worker.py:12 in settle_all", "settle.py:6 in <module>")
    steps = tuple(replace(step, stack=stack) for step in CHECK_THEN_ACT.steps)
    lines = [plain(line) for line in finding_lines(replace(CHECK_THEN_ACT, steps=steps), Context())]
    assert not any("settle_all" in line for line in lines)
    lines = [
        plain(line)
        for line in finding_lines(replace(CHECK_THEN_ACT, steps=steps), Context(stacks=True))
    ]
    assert "1 called from bank/worker.py:12 in settle_all" in "\n".join(lines)
    assert "from settle.py:6 in <module>" in "\n".join(lines)
