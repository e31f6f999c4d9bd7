from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.place import Place
from racecheck.facts.read import read
from racecheck.facts.schema import FileFacts, Pragma
from racecheck.settings import Settings, Suppression
from racecheck.source.columns import locate
from racecheck.source.pragmas import apply

KNOWN = {
    "RC101": "unguarded-write",
    "RC102": "inconsistent-guard",
    "RC201": "check-then-act",
    "RC902": "unused-suppression",
    "RC905": "suppression-without-reason",
    "RC906": "unknown-code-in-suppression",
}
TODAY = date(2026, 6, 1)


@dataclass
class Files:
    files: dict[str, FileFacts]
    named: set[str] = field(default_factory=set)


def finding(line: int, code: str = "RC101", path: str = "a.py", subject: str = "A.x") -> Finding:
    return Finding(
        code, KNOWN[code], subject, "Text", Place(path, line), Confidence.LIKELY, Severity.ERROR
    )


def judge(
    source: str,
    *findings: Finding,
    selected: Iterable[str] | None = None,
    named: bool = True,
    **settings: Any,
) -> tuple[list[str], list[Finding]]:
    """(codes silenced and shown as "-RC101@3" and "+RC101@3", findings about suppressions)."""
    files = Files({"a.py": read(source.encode())}, {"a.py"} if named else set())
    chosen = {*KNOWN} - {"RC905"} if selected is None else set(selected)
    found = apply(findings, files, Settings(**settings), KNOWN, chosen, today=TODAY)
    about = [f for f in found if f.code.startswith("RC90") and not f.suppressed]
    rest = [
        f"{'-' if f.suppressed else '+'}{f.code}@{f.place.line}"
        for f in found
        if not f.code.startswith("RC90")
    ]
    return rest, about


def about(source: str, *findings: Finding, **settings: Any) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in judge(source, *findings, **settings)[1]]


@pytest.mark.parametrize(
    ("comment", "silenced"),
    [
        ("# racecheck: ignore[RC101]", True),
        ("#racecheck:ignore[RC101]", True),
        ("# racecheck: ignore[RC101] -- only one thread", True),
        ("# racecheck: ignore[RC201, RC101]", True),
        ("# racecheck: ignore[unguarded-write]", True),
        ("# racecheck: ignore[RC1]", True),
        ("# racecheck: ignore[ALL]", True),
        ("# racecheck: ignore[rc101]", True),
        ("# racecheck: ignore", True),
        ("# noqa", True),
        ("# noqa: RC101", True),
        ("# noqa: E501, RC101", True),
        ("# NOQA:rc101", True),
        ("# why  # noqa: RC101", True),
        ("# racecheck: ignore[RC102]", False),
        ("# racecheck: ignore[RC2]", False),
        ("# racecheck: ignore[check-then-act]", False),
        ("# racecheck: ignore[]", True),
        ("# noqa: E501", False),
        ("# noqa: RC102", False),
        ("# ignore[RC101]", False),
        ("", False),
    ],
)
def test_comments_on_the_line(comment: str, silenced: bool) -> None:
    rest, _ = judge(f"x = 1  {comment}\ny = 2\n", finding(1), finding(2))
    assert rest == ["-RC101@1" if silenced else "+RC101@1", "+RC101@2"]


@pytest.mark.parametrize(
    ("comment", "code", "silenced"),
    [
        ("# noqa: ASYNC251", "RC501", True),
        ("# noqa: async220, E501", "RC501", True),
        ("# noqa: RUF006", "RC507", True),
        ("# noqa: ASYNC110", "RC501", False),
        ("# noqa: RUF006", "RC501", False),
        ("# noqa: ASYNC251", "RC101", False),
        ("# racecheck: ignore[ASYNC251] -- why", "RC501", False),
    ],
)
def test_what_another_linter_says_of_the_same(comment: str, code: str, silenced: bool) -> None:
    known = KNOWN | {"RC501": "blocking-call-in-async", "RC507": "dangling-task"}
    files = Files({"a.py": read(f"x = 1  {comment}\n".encode())}, {"a.py"})
    found, *about = apply([replace(finding(1), code=code)], files, Settings(), known)
    assert bool(found.suppressed) is silenced
    assert [f.code for f in about if not f.suppressed] == (["RC906"] if "ignore" in comment else [])


def test_any_line_of_the_statement_will_do() -> None:
    source = "x = f(\n    1,  # racecheck: ignore[RC101] -- a\n    2,\n)\n"
    for line in (1, 2, 3, 4):
        assert judge(source, finding(line))[0] == [f"-RC101@{line}"]
    source = "with a, \\\n     b:  # racecheck: ignore[RC101] -- a\n    x = 1\n"
    assert judge(source, finding(1), finding(3))[0] == ["-RC101@1", "+RC101@3"]


def test_who_and_why_is_kept() -> None:
    files = Files({"a.py": read(b"x = 1  # racecheck: ignore[RC101] -- only here\n")})
    (found,) = apply([finding(1)], files, Settings(), KNOWN)
    assert found.suppressed == "comment on line 1: only here"
    files = Files({"a.py": read(b"x = 1  # noqa\n")})
    (found,) = apply([finding(1)], files, Settings(), KNOWN)
    assert found.suppressed == "comment on line 1: `noqa`"


def test_a_whole_file() -> None:
    source = "x = 1\ny = 2\n# racecheck: ignore-file[RC1] -- old\n"
    assert judge(source, finding(1), finding(2), finding(1, "RC201"))[0] == [
        "-RC101@1",
        "-RC101@2",
        "+RC201@1",
    ]
    rest, stale = judge("# racecheck: ignore-file\nx = 1\n", finding(2, "RC201"))
    assert (rest, stale) == (["-RC201@2"], [])


def test_off_and_on() -> None:
    source = (
        "a = 1\n# racecheck: off\nb = 1\n# racecheck: on\nc = 1\n"
        "# racecheck: off[RC1]\nd = 1\n# racecheck: off[RC2]\ne = 1\n# racecheck: on[RC1]\nf = 1\n"
    )
    both = [finding(n, c) for n in (1, 3, 5, 7, 9, 11) for c in ("RC101", "RC201")]
    shown = [mark for mark in judge(source, *both)[0] if mark[0] == "+"]
    assert shown == ["+RC101@1", "+RC201@1", "+RC101@5", "+RC201@5", "+RC201@7", "+RC101@11"]


def test_off_without_on_reaches_the_end() -> None:
    assert judge("a = 1\n# racecheck: off -- generated\nb = 1\n", finding(1), finding(3))[0] == [
        "+RC101@1",
        "-RC101@3",
    ]


def test_another_file_is_not_meant() -> None:
    source = "x = 1  # racecheck: ignore[RC101]\n"
    assert judge(source, finding(1, path="b.py"))[0] == ["+RC101@1"]


@pytest.mark.parametrize(
    ("comment", "stale"),
    [
        ("# racecheck: ignore[RC201] -- a", ["RC201"]),
        ("# racecheck: ignore[RC101, RC201] -- a", ["RC201"]),
        ("# racecheck: ignore[RC102, RC201] -- a", ["RC102, RC201"]),
        ("# racecheck: ignore[check-then-act]", ["check-then-act"]),
        ("# racecheck: ignore[RC2]", ["RC2"]),
        ("# racecheck: ignore[RC1]", []),
        ("# racecheck: ignore[RC101, RC101]", []),
        ("# noqa: RC201", ["RC201"]),
        ("# noqa: RC201, E501", ["RC201"]),
        ("# noqa: E501", []),
        ("# noqa", []),
        ("# racecheck: ignore", []),
        ("# racecheck: ignore[RC902, RC905, RC906]", []),
    ],
)
def test_unused_codes(comment: str, stale: list[str]) -> None:
    found = about(f"x = 1  {comment}\n", finding(1))
    assert found == [("RC902", subject) for subject in stale]


@pytest.mark.parametrize(
    "comment",
    [
        "# racecheck: ignore",
        "# racecheck: ignore-file",
        "# racecheck: off",
        "# racecheck: off[ALL]",
    ],
)
def test_unused_without_codes(comment: str) -> None:
    subject = "ALL" if "ALL" in comment else "all rules"
    assert about(f"{comment}\nx = 1\n") == [("RC902", subject)]
    assert about(f"{comment}\nx = 1\n", select=("RC1",)) == []
    assert about(f"{comment}\nx = 1\n", ignore=("RC1",)) == []


def test_a_rule_that_was_not_looked_for_is_not_unused() -> None:
    source = "x = 1  # racecheck: ignore[RC201, RC101] -- a\n"
    assert about(source, selected=["RC101", "RC902"]) == [("RC902", "RC101")]
    assert about(source, selected=["RC102", "RC902"]) == []
    assert about(source, selected=["RC101", "RC201"]) == []


def test_only_named_files_that_could_be_read_are_judged() -> None:
    source = "x = 1  # racecheck: ignore[RC201]\n"
    assert about(source, named=False) == []
    assert about(source + "def\n") == []
    assert about(source) == [("RC902", "RC201")]


def test_what_the_settings_silence_as_well_is_not_unused() -> None:
    source = "x = 1  # racecheck: ignore[RC101]\n"
    suppress = (Suppression("RC101"),)
    assert judge(source, finding(1), suppress=suppress) == (["-RC101@1"], [])


@pytest.mark.parametrize(
    ("comment", "unknown", "hint"),
    [
        ("# racecheck: ignore[RC109]", "RC109", "did you mean `RC10"),
        ("# racecheck: ignore[unguarded-wriet]", "unguarded-wriet", "`unguarded-write`"),
        ("# racecheck: ignore[E501]", "E501", "`racecheck explain --list` shows all"),
        ("# racecheck: ignore[RC7]", "RC7", "--list"),
        ("# racecheck: off[RC999]", "RC999", "did you mean"),
        ("# noqa: RC999", "RC999", "did you mean"),
    ],
)
def test_unknown_codes(comment: str, unknown: str, hint: str) -> None:
    (found,) = judge(f"x = 1  {comment}\n")[1]
    assert (found.code, found.subject) == ("RC906", unknown)
    assert found.message == f"No rule is called `{unknown}`"
    assert hint in found.help


def test_codes_of_others_are_not_unknown() -> None:
    assert about("x = 1  # noqa: E501, PLR0911\n") == []
    assert about("x = 1  # racecheck: ignore[ACME12]\n", external=("ACME",)) == []
    assert about("x = 1  # noqa: RC999\n", external=("RC999",)) == []


@pytest.mark.parametrize(
    ("comment", "missing"),
    [
        ("# racecheck: ignore[RC101]", True),
        ("# racecheck: ignore[RC101] --", True),
        ("# racecheck: ignore", True),
        ("# racecheck: ignore-file", True),
        ("# racecheck: off", True),
        ("# noqa: RC101", True),
        ("# racecheck: ignore[RC101] -- why", False),
        ("# noqa: E501", False),
        ("# noqa", False),
    ],
)
def test_reasons(comment: str, missing: bool) -> None:
    source = f"{comment}\nx = 1  {comment}\n"
    lines = [finding(1), finding(2)]
    found = [code for code, _ in about(source, *lines, selected=["RC905"])]
    assert found == (["RC905"] * 2 if missing else [])
    assert about(source, *lines) == []


def test_findings_about_comments_stand_at_the_comment() -> None:
    source = "x = f(\n    1,  # racecheck: ignore[RC201]\n)\n"
    (found,) = judge(source)[1]
    place = locate(found.place, source)
    assert (place.line, place.column, place.end_column) == (2, 11, 28)
    assert found.severity is Severity.WARNING
    assert found.message == "This comment silences `RC201`, but nothing is found here"


def test_a_finding_about_a_comment_is_silenced_only_by_name() -> None:
    assert about("x = 1  # racecheck: ignore\n") == [("RC902", "all rules")]
    assert about("x = 1  # racecheck: ignore[RC201, RC902] -- kept\n") == []
    assert about("# racecheck: ignore-file[RC902] -- a\nx = 1  # racecheck: ignore[RC201]\n") == []
    assert about("x = 1  # racecheck: ignore[RC2]\n", per_file_ignores={"a*": ("RC9",)}) == []


@pytest.mark.parametrize(
    ("ignores", "silenced"),
    [
        ({"a.py": ("RC101",)}, True),
        ({"*.py": ("RC1",)}, True),
        ({"src": ("ALL",)}, False),
        ({"b.py": ("RC101",), "a*": ("unguarded-write",)}, True),
        ({"a.py": ("RC2",)}, False),
    ],
)
def test_per_file_ignores(ignores: dict[str, tuple[str, ...]], silenced: bool) -> None:
    rest, _ = judge("x = 1\n", finding(1), per_file_ignores=ignores)
    assert rest == ["-RC101@1" if silenced else "+RC101@1"]


@pytest.mark.parametrize(
    ("row", "silenced"),
    [
        (Suppression("RC101"), True),
        (Suppression("RC1", "A.*"), True),
        (Suppression("unguarded-write", "A.x", until=TODAY), True),
        (Suppression("ALL", "*.x", until=date(2027, 1, 1)), True),
        (Suppression("RC101", "a.x"), False),
        (Suppression("RC101", "A"), False),
        (Suppression("RC201"), False),
        (Suppression("RC101", until=date(2026, 5, 31)), False),
    ],
)
def test_suppressions_of_the_settings(row: Suppression, silenced: bool) -> None:
    rest, _ = judge("x = 1\n", finding(1), suppress=(row,))
    assert rest == ["-RC101@1" if silenced else "+RC101@1"]


def test_an_expired_suppression_is_said() -> None:
    row = Suppression("RC101", reason="old", until=date(2026, 5, 31))
    found = apply([finding(1)], Files({}), Settings(suppress=(row,)), KNOWN, today=TODAY)
    assert found[0].evidence == ("the suppression of `RC101` in the settings ended on 2026-05-31",)
    live = Suppression("RC101", reason="new", until=TODAY)
    found = apply([finding(1)], Files({}), Settings(suppress=(row, live)), KNOWN, today=TODAY)
    assert (found[0].evidence, found[0].suppressed) == ((), "settings: new")


def test_nothing_is_lost_and_the_order_stays() -> None:
    findings = [finding(n) for n in (3, 1, 2)]
    facts = FileFacts(pragmas=(Pragma("ignore", 1, ("RC101",), "", 1, 1),))
    found = apply(findings, Files({"a.py": facts}), Settings(), KNOWN)
    assert [f.place.line for f in found] == [3, 1, 2]


def test_per_file_ignores_start_at_the_folder_of_the_settings() -> None:
    settings = Settings(per_file_ignores={"src/a.py": ("RC101",)})
    (found,) = apply([finding(1)], Files({}), settings, KNOWN, relative="src/{}".format)
    assert found.suppressed == "per-file-ignores of `src/a.py`"
    (found,) = apply([finding(1)], Files({}), settings, KNOWN)
    assert found.suppressed == ""
