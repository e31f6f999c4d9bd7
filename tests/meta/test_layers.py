"""Imports go down only (contracts in pyproject.toml); members of a leaf folder are independent."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.meta import sources
from tests.meta.sources import PACKAGE, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LEAVES = {
    "racecheck/checks": {"__init__", "registry"},
    "racecheck/report/formats": {"__init__"},
    "racecheck/cli/commands": {"__init__"},
    "racecheck/explore/strategies": {"__init__", "base", "chance", "reversals"},
}
"""Folders of members that do not know each other, and what stands beside them there."""


def test_the_contracts_hold() -> None:
    pytest.importorskip("importlinter")
    command = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_package_has_a_layer() -> None:
    layers = next(c["layers"] for c in CONTRACTS["contracts"] if c["type"] == "layers")
    named = {name for layer in layers for name in layer.replace("|", " ").split()}
    there = {
        f"racecheck.{path.stem}"
        for path in PACKAGE.iterdir()
        if not path.name.startswith("_")
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert named == there


@pytest.mark.parametrize("folder", LEAVES)
def test_members_of_a_leaf_folder_are_independent(folder: str) -> None:
    package = folder.replace("/", ".")
    members = {
        f"{package}.{path.stem}": path
        for path in (ROOT / folder).glob("*.py")
        if path.stem not in LEAVES[folder]
    }
    assert len(members) > 3
    for name, path in members.items():
        assert sources.imports(path) & members.keys() == set(), name


def test_nobody_below_imports_a_member_of_a_leaf_folder_by_name() -> None:
    """They are found by their folder, so that a new rule is no edit elsewhere."""
    checks = {f"racecheck.checks.{path.stem}" for path in (PACKAGE / "checks").glob("rc*.py")}
    for path in sources.modules("racecheck"):
        assert sources.imports(path) & checks == set(), path


def test_core_needs_the_standard_library_only() -> None:
    for path in sources.modules("racecheck/core"):
        for name in sources.imports(path):
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("racecheck.core"), path


def test_what_only_types_need_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n"
        "def f():\n    from b import c\n",
        "utf-8",
    )
    assert sources.imports(path) == {"typing", "typing.TYPE_CHECKING", "b", "b.c"}
