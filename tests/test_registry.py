"""How checks are found and run: by file name, without importing what is not selected."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from racecheck.checks import registry
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.place import Place

CHECK = """\
from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.place import Place

CODES = {codes!r}


def find(study):
    for code in study:
        yield Finding(code, "n", "s", "m", Place("m.py", 1), Confidence.LIKELY, Severity.ERROR)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of checks instead of ours."""
    package = types.ModuleType("fake_checks")
    package.__path__ = [str(tmp_path)]
    monkeypatch.setitem(sys.modules, "fake_checks", package)
    monkeypatch.setattr(registry, "checks", package)
    registry.first_codes.cache_clear()
    registry._codes.cache_clear()
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("fake_checks.")]:
        del sys.modules[name]
    registry.first_codes.cache_clear()
    registry._codes.cache_clear()


def write(folder: Path, name: str, *codes: str, more: str = "") -> None:
    (folder / f"{name}.py").write_text(CHECK.format(codes=codes) + more)


def loaded() -> set[str]:
    return {n.rpartition(".")[2] for n in sys.modules if n.startswith("fake_checks.")}


def codes_of(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


def test_only_selected_modules_are_imported(folder):
    write(folder, "rc101_a", "RC101")
    write(folder, "rc102_b", "RC102")
    found, failures = registry.run(["RC101", "RC102"], {"RC101"})
    assert (codes_of(found), failures) == (["RC101"], [])
    assert loaded() == {"rc101_a"}


def test_a_code_inside_a_family_is_found(folder):
    write(folder, "rc101_a", "RC101")
    write(folder, "rc103_family", "RC103", "RC105")
    write(folder, "rc201_b", "RC201")
    assert list(registry.modules_for({"RC105"})) == ["rc103_family"]
    assert "rc201_b" not in loaded()
    found, _ = registry.run(["RC103", "RC105"], {"RC105"})
    assert codes_of(found) == ["RC105"]


def test_a_code_without_a_check_selects_nothing(folder):
    write(folder, "rc101_a", "RC101")
    assert registry.run(["RC101"], {"RC999"}) == ([], [])


def test_a_check_that_raises_does_not_stop_the_others(folder):
    write(folder, "rc101_a", "RC101", more="    raise ValueError('odd')\n")
    write(folder, "rc102_b", "RC102")
    found, (failure,) = registry.run(["RC101", "RC102"], {"RC101", "RC102"})
    assert "RC102" in codes_of(found)
    assert (failure.check, failure.message) == ("rc101_a", "ValueError: odd")
    assert "Traceback" in failure.detail


def test_a_check_that_cannot_be_imported_is_one_failure(folder):
    (folder / "rc101_a.py").write_text("import no_such_module\n")
    write(folder, "rc102_b", "RC102")
    found, (failure,) = registry.run(["RC102"], {"RC101", "RC102", "RC103"})
    assert codes_of(found) == ["RC102"]
    assert failure.check == "rc101_a"


def test_other_files_of_the_folder_are_no_checks(folder):
    write(folder, "registry", "RC101")
    write(folder, "rc1_short", "RC101")
    assert registry.first_codes() == {}


def test_every_check_of_ours_is_named_after_its_first_code():
    wrong = {
        name: registry.load(name).CODES
        for name, code in registry.first_codes().items()
        if registry.load(name).CODES[0] != code
    }
    assert wrong == {}


def test_no_two_checks_of_ours_share_a_code():
    codes = [code for name in registry.first_codes() for code in registry.load(name).CODES]
    assert sorted(codes) == sorted(set(codes))


def test_the_finding_of_a_check_has_the_grade_it_was_given(folder):
    write(folder, "rc101_a", "RC101")
    ((finding,), _) = registry.run(["RC101"], {"RC101"})
    expected = Finding("RC101", "n", "s", "m", Place("m.py", 1), Confidence.LIKELY, Severity.ERROR)
    assert finding == expected
