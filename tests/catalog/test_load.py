"""Where rules come from, what is said about broken ones, and what loading costs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from racecheck.catalog import load
from racecheck.catalog.models import LibraryModel
from racecheck.core.errors import CatalogError

ROOT = Path(__file__).resolve().parents[2]
ASK = (
    "from racecheck.catalog.load import data_folder, models;"
    "print(data_folder()); print('threading.Thread' in models().entries)"
)


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def complaint(folder: Path, text: str) -> CatalogError:
    path = write(folder, text)
    with pytest.raises(CatalogError) as caught:
        load.models((path,))
    assert str(path) in caught.value.message
    return caught.value


def ask(where: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=where, capture_output=True, text=True, check=True
    )
    return done.stdout.split("\n")


def test_a_checkout_uses_the_sibling_folder() -> None:
    assert ask(ROOT)[:2] == [str(ROOT / "rules"), "True"]


def test_an_installed_package_uses_its_own_copy(tmp_path: Path) -> None:
    """The layout of the wheel: rules/ travels as racecheck/_rules (pyproject, force-include)."""
    assert 'rules = "racecheck/_rules"' in (ROOT / "pyproject.toml").read_text("utf-8")
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "racecheck", tmp_path / "racecheck", ignore=skip)
    shutil.copytree(ROOT / "rules", tmp_path / "racecheck" / "_rules")
    assert ask(tmp_path)[:2] == [str(tmp_path / "racecheck" / "_rules"), "True"]


def test_a_missing_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "__file__", str(tmp_path / "racecheck" / "catalog" / "load.py"))
    with pytest.raises(CatalogError, match="no rules beside"):
        load.data_folder()


def test_broken_toml_names_file_and_line(tmp_path: Path) -> None:
    error = complaint(tmp_path, 'library = "own"\n[[entry]]\nname = threading\n')
    assert "own.toml:3: not valid TOML: " in error.message


def test_toml_that_ends_early(tmp_path: Path) -> None:
    error = complaint(tmp_path, 'library = "own')
    assert "not valid TOML" in error.message


def test_unknown_key_is_answered_with_the_nearest(tmp_path: Path) -> None:
    text = (
        'library = "own"\n\n[[entry]]\nname = "a.b"\n\n[[entry]]\nname = "a.c"\narguments = "f"\n'
    )
    error = complaint(tmp_path, text)
    assert "own.toml:8: unknown key `arguments`, table [[entry]]" in error.message
    assert error.hint == "did you mean `argument`?"


def test_unknown_table(tmp_path: Path) -> None:
    error = complaint(tmp_path, 'library = "own"\n[[entries]]\nname = "a.b"\n')
    assert "own.toml:2: unknown key `entries`" in error.message
    assert error.hint == "did you mean `entry`?"


def test_wrong_type_names_line_and_key(tmp_path: Path) -> None:
    text = 'library = "own"\n[[lock]]\nname = "a.L"\n[[entry]]\nname = "a.b"\nposition = "1"\n'
    error = complaint(tmp_path, text)
    assert "own.toml:6: expected `int`, got `str` for `position`, table [[entry]]" in error.message


def test_wrong_word(tmp_path: Path) -> None:
    error = complaint(tmp_path, 'library = "own"\n[[entry]]\nname = "a.b"\nrole = "worker"\n')
    assert "own.toml:4: " in error.message
    assert "'worker'" in error.message


def test_missing_name(tmp_path: Path) -> None:
    error = complaint(tmp_path, 'library = "own"\n[[blocking]]\nwhat = "waits"\n')
    assert "missing required field `name`" in error.message
    assert "own.toml:2" in error.message


def test_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b'library = "\xff"')
    with pytest.raises(CatalogError, match="not UTF-8"):
        load.models((path,))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no library model at"):
        load.models((tmp_path / "nowhere",))


def test_own_models_add_and_override(tmp_path: Path) -> None:
    text = """
library = "own"
[[entry]]
name = ["own.spawn", "own.later"]
position = 0
[[lock]]
name = "threading.Lock"
kind = "rlock"
reentrant = true
"""
    before = load.models()
    after = load.models((write(tmp_path, text).parent,))
    assert after.entries["own.spawn"][0].name == "own.spawn"
    assert after.entries["own.later"][0].position == 0
    assert after.locks["threading.Lock"].reentrant
    assert not before.locks["threading.Lock"].reentrant
    assert after.digest != before.digest


def test_subclasses_have_what_their_base_has(tmp_path: Path) -> None:
    text = """
library = "own"
[[blocking]]
name = ["own.Base.get", "own.Base.put", "own.Basement.get"]
what = "base"
[[blocking]]
name = "own.Child.put"
what = "child"
[[inherits]]
name = "own.Child"
base = "own.Base"
[[inherits]]
name = "own.Grandchild"
base = "own.Child"
"""
    found = load.models((write(tmp_path, text),)).blocking
    assert found["own.Child.get"].what == "base"
    assert found["own.Child.put"].what == "child"
    assert found["own.Grandchild.put"].what == "child"
    assert "own.Childment.get" not in found


def test_public_names(tmp_path: Path) -> None:
    text = """
library = "own"
[[alias]]
name = "own._impl"
public = "own"
[[alias]]
name = "own.Old"
public = "own.New"
"""
    found = load.models((write(tmp_path, text),))
    assert found.public("own._impl.Old.get") == "own.New.get"
    assert found.public("own._implementation.x") == "own._implementation.x"
    assert found.public("") == ""


def test_the_same_models_are_read_once() -> None:
    assert load.models() is load.models()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "rules/models").glob("*.toml")), ids=lambda p: p.stem
)
def test_every_file_fits_and_says_its_library(path: Path) -> None:
    assert isinstance(load.library(path), LibraryModel)
    assert load.library(path).library


def seconds(folder: Path | None) -> float:
    """CPU of the best of five loads; the machine may be busy with something else."""
    best = 9.0
    for _ in range(5):
        load._models.cache_clear()
        begin = time.process_time()
        load.models(cache=folder)
        best = min(best, time.process_time() - begin)
    return best


def test_loading_all_models_is_cheap(tmp_path: Path) -> None:
    """About 35 ms from TOML and 5 ms from the cache; the bars leave room for slower machines."""
    load.models(cache=tmp_path)
    assert seconds(tmp_path) < 0.020
    assert seconds(None) < 0.100


def test_the_cache_gives_the_same_models(tmp_path: Path) -> None:
    fresh = load.models(cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    load._models.cache_clear()
    again = load.models(cache=tmp_path)
    assert again is not fresh
    assert again == fresh == load.models()
    kept.write_bytes(kept.read_bytes()[:100])
    load._models.cache_clear()
    assert load.models(cache=tmp_path) == fresh


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    assert load.models(cache=tmp_path / "missing") == load.models()
