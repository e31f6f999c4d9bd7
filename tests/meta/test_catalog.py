"""Catalogue, checks, fixtures and docs speak of the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecheck.catalog import load
from racecheck.checks import registry
from tests.checks.harness import OURS

ROOT = Path(__file__).resolve().parents[2]
BOOK = load.rulebook()


def modules() -> dict[str, tuple[str, ...]]:
    return {name: tuple(registry.load(name).CODES) for name in registry.first_codes()}


def test_every_page_has_a_check_and_every_check_a_page() -> None:
    found = {code for codes in modules().values() for code in codes}
    assert set(BOOK.codes) - found - OURS - BOOK.run_only == set(), "pages without a check"
    assert found & BOOK.run_only == set(), "what a check finds is not found by runs only"
    assert found - BOOK.codes == set(), "checks without a page"


def test_a_code_belongs_to_one_check() -> None:
    owners: dict[str, str] = {}
    for name, codes in modules().items():
        for code in codes:
            assert code not in owners, f"{code} in {name} and {owners[code]}"
            owners[code] = name


def test_a_module_has_the_name_of_its_first_rule() -> None:
    for name, codes in modules().items():
        first = f"{codes[0].lower()}_{BOOK.get(codes[0]).name.replace('-', '_')}"
        assert name == first or len(codes) > 1, name
        assert name.startswith(codes[0].lower()), name


def test_fixture_folders_are_named_after_rules() -> None:
    folders = {path.name for path in (ROOT / "tests/checks").glob("RC*") if path.is_dir()}
    assert folders <= BOOK.codes


def test_every_rule_has_a_docs_page_and_every_docs_page_a_rule() -> None:
    pages = {path.stem.partition("-")[0] for path in (ROOT / "docs/rules").glob("RC*.md")}
    assert pages == BOOK.codes


@pytest.mark.parametrize("code", sorted(BOOK.codes))
def test_a_page_is_whole(code: str) -> None:
    page = BOOK.get(code)
    assert page.examples, "at least one pair of bad and good"
    assert page.false_alarms, "at least one known false alarm"
    assert all(alarm.reason.strip() for alarm in page.false_alarms)
    for text in (page.summary, page.what, page.why, page.fix):
        assert text.strip()
    assert not page.summary.endswith(".")
    assert "\n" not in page.summary.strip()
    for other in page.see:
        assert other in BOOK.codes, f"see {other}"
        assert other != code


def test_the_files_are_named_in_the_wheel() -> None:
    """Pages live in one flat folder, so that file names are unique."""
    assert not [path for path in (ROOT / "rules/catalog").iterdir() if path.suffix != ".toml"]
