"""What a start loads. Libraries are counted, not milliseconds: a busy machine decides no test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.sources import ROOT

HEAVY = {"astroid", "libcst", "msgspec", "pathspec", "rich"}


def loaded(code: str) -> set[str]:
    """Which of the heavy libraries a process has loaded after this code."""
    script = f"import sys, json\n{code}\njson.dump(sorted(sys.modules), sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return HEAVY & {name.partition(".")[0] for name in json.loads(done.stderr)}


def loaded_by_lint(path: Path) -> set[str]:
    """The same after a run of lint that starts from nothing."""
    return loaded(f"import racecheck\nracecheck.lint([{str(path)!r}], isolated=True, cache=False)")


def test_import_racecheck_is_free() -> None:
    assert loaded("import racecheck\nracecheck.__version__") == set()


@pytest.mark.parametrize("argument", ["--version", "version", "--help"])
def test_saying_who_we_are_is_free(argument: str) -> None:
    assert loaded(f"from racecheck.cli import main\nmain.run([{argument!r}])") == set()


def test_the_help_of_lint_needs_the_settings_only() -> None:
    code = "from racecheck.cli.commands import lint\nlint.build().format_help()"
    assert loaded(code) == {"msgspec"}


def test_a_use_of_lint_pays_for_what_it_needs(tmp_path: Path) -> None:
    """The other tests would notice if a library had another name."""
    broken = tmp_path / "broken.py"
    broken.write_text("import threading\ndef f(:\n", encoding="utf-8")
    assert {"libcst", "msgspec"} <= loaded_by_lint(broken)


def test_lint_needs_the_parser_of_libcst_alone() -> None:
    assert "libcst" not in loaded_by_lint(ROOT / "examples" / "bank")


def test_a_clean_file_needs_no_colours_and_no_libraries() -> None:
    """Both are for those who ask."""
    path = ROOT / "racecheck" / "core" / "graph.py"
    assert loaded_by_lint(path) & {"rich", "astroid"} == set()
