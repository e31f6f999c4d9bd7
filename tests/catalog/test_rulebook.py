"""Selection of rules, and pages that are read only when their text is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck import api
from racecheck.catalog import load
from racecheck.catalog.rulebook import Rulebook
from racecheck.core.errors import CatalogError, UnknownRuleError

PAGE = '''
code = "{code}"
name = "{name}"
summary = "s"
severity = "error"
since = "0.1"
family = "lock"
tier = "{tier}"
what = """
tier = "optin"
"""
why = "y"
fix = "f"
'''
RULES = {
    "RC101": ("unguarded-shared-write", "default"),
    "RC309": ("lock-order-inversion", "default"),
    "RC310": ("same-class-lock-order", "optin"),
    "RC701": ("gil-reliant", "free-threaded"),
}


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    folder = tmp_path / "catalog"
    folder.mkdir()
    for code, (name, tier) in RULES.items():
        text = PAGE.format(code=code, name=name, tier=tier)
        (folder / f"{code}-{name}.toml").write_text(text, "utf-8")
    return load.rulebook(tmp_path)


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "codes"),
    [
        ((), (), (), "RC101 RC309"),
        (("ALL",), (), (), "RC101 RC309 RC310 RC701"),
        (("RC3",), (), (), "RC309 RC310"),
        (("rc309",), (), (), "RC309"),
        (("gil-reliant",), (), (), "RC701"),
        (("DEFAULT", "RC310"), (), (), "RC101 RC309 RC310"),
        ((), (), ("RC310",), "RC101 RC309 RC310"),
        ((), ("RC3",), (), "RC101"),
        (("RC309",), ("RC3",), (), "RC309"),
        (("RC3",), ("RC309",), (), "RC310"),
        (("RC3",), ("RC3",), (), ""),
        (("ALL",), ("lock-order-inversion",), (), "RC101 RC310 RC701"),
        (("lock-order-inversion",), ("RC309",), (), ""),
        (("ALL",), ("ALL",), (), ""),
    ],
)
def test_select(
    book: Rulebook,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend: tuple[str, ...],
    codes: str,
) -> None:
    assert book.select(select, ignore, extend) == set(codes.split())


def test_free_threaded_targets_have_their_own_tier(book: Rulebook) -> None:
    assert book.select(free_threaded=True) == {"RC101", "RC309", "RC701"}


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("RC3O9", "did you mean `RC309`?"),
        ("RC31O", "did you mean `RC310`?"),
        ("lock-order-inversions", "did you mean `lock-order-inversion`?"),
        ("xyz", "`racecheck explain --list` shows all rules"),
        ("", "`racecheck explain --list` shows all rules"),
    ],
)
def test_unknown_selectors_are_answered(book: Rulebook, selector: str, hint: str) -> None:
    assert not book.known(selector)
    with pytest.raises(UnknownRuleError) as caught:
        book.select([selector])
    assert caught.value.hint == hint
    assert f"`{selector}`" in caught.value.message


def test_a_misspelt_ignore_is_an_error_too(book: Rulebook) -> None:
    with pytest.raises(UnknownRuleError):
        book.select((), ["RC9"])


def test_pages_by_code_and_name(book: Rulebook) -> None:
    assert book.get("RC309").name == "lock-order-inversion"
    assert book.get("lock-order-inversion").code == "RC309"
    assert book.get("rc309").code == "RC309"
    with pytest.raises(UnknownRuleError):
        book.get("RC3")


def test_pages_are_read_on_demand(tmp_path: Path) -> None:
    read: list[str] = []

    def reader(path: Path, shape: type) -> object:
        read.append(path.stem)
        return load.read_toml(path, shape)

    for code, (name, tier) in RULES.items():
        text = PAGE.format(code=code, name=name, tier=tier)
        (tmp_path / f"{code}-{name}.toml").write_text(text, "utf-8")
    book = Rulebook({path.stem: path for path in tmp_path.glob("*.toml")}, reader)
    assert book.select(["DEFAULT", "RC310"]) == {"RC101", "RC309", "RC310"}
    assert sorted(book.rules) == sorted(RULES)
    assert read == []
    assert book.rules["RC101"] is book.get("RC101")
    assert read == ["RC101-unguarded-shared-write"]


def test_the_file_name_is_the_identity(tmp_path: Path) -> None:
    path = tmp_path / "RC101-other-name.toml"
    path.write_text(PAGE.format(code="RC101", name="a-name", tier="default"), "utf-8")
    with pytest.raises(CatalogError, match="calls itself RC101-a-name"):
        Rulebook({path.stem: path}, load.read_toml).get("RC101")


@pytest.mark.parametrize("stems", [["RC1-short"], ["RC101-Upper"], ["RC101-a", "RC101-b"]])
def test_bad_file_names(stems: list[str]) -> None:
    with pytest.raises(CatalogError):
        Rulebook({stem: Path(f"{stem}.toml") for stem in stems}, load.read_toml)


def test_the_quick_tier_is_the_tier_of_the_page() -> None:
    book = load.rulebook()
    assert {code: book.tier(code) for code in book.rules} == {
        code: page.tier for code, page in book.rules.items()
    }


def test_who_reports_a_rule_is_known_without_reading_its_page() -> None:
    book = load.rulebook()
    pages = book.rules.items()
    assert book.run_only == {code for code, page in pages if "lint" not in page.found_by}
    assert book.seen_in_runs == {code for code, page in pages if "run" in page.found_by}
    assert {"RC306", "RC440", "RC802", "RC805"} <= book.run_only
    assert "RC805" not in book.seen_in_runs
    assert {"RC101", "RC309"} <= book.seen_in_runs - book.run_only


def test_lint_takes_rules_of_runs_and_never_complains_of_their_comments() -> None:
    text = "import threading\nx = 1  # racecheck: ignore[RC802] -- left on purpose\n"
    assert api.lint_sources({"m.py": text}, select=["ALL"], ignore=["RC905"]) == []
    assert api.lint_sources({"m.py": text.replace("RC802", "hang")}, extend_select=["RC440"]) == []
