"""Style that no linter checks: sizes, names, and nothing of the machine that somebody works on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.meta import sources
from tests.meta.sources import shown

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
VAGUE = re.compile(r"_?(utils?|helpers?|common|misc|tools|stuff)")
HOMES = re.compile(r"(?<![\w.])/(?:home|Users|root|work|private|mnt)/[\w.-]+")
INSTALLERS = re.compile(
    r"(?:index|registry)[-_]url|find-links|trusted-host|"
    r"https?://[\w.:-]*(?:pypi|registry|artifactory|nexus|mirror|internal|\.local\b)[\w.:-]*/",
    re.IGNORECASE,
)
CODE = [
    path
    for path in sources.modules("racecheck", "bench", "scripts", "tests")
    if "checks/RC" not in shown(path)  # what racecheck is to find fault with
]


def test_there_is_something_to_look_at() -> None:
    assert len(CODE) > 100
    assert sources.ROOT / "README.md" in sources.tracked()


def test_files_are_short() -> None:
    long = [
        f"{shown(path)}: {count}"
        for path in CODE
        if (count := path.read_text("utf-8").count("\n")) > LINES_OF_A_FILE
    ]
    assert long == []


def test_functions_are_short() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {count}"
        for path in CODE
        for node in ast.walk(sources.tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if (count := (node.end_lineno or 0) - node.lineno + 1) > LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [shown(path) for path in CODE if VAGUE.fullmatch(path.stem)] == []


def test_modules_say_what_they_are_for() -> None:
    silent = [
        shown(path)
        for path in sources.modules("racecheck")
        if not ast.get_docstring(sources.tree(path))
    ]
    assert silent == []


def lines(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in sources.tracked():
        if path == Path(__file__).resolve():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{shown(path)}:{number}: {line.strip()[:100]}"


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    here = [str(sources.ROOT), str(Path.home())]
    ours = "|".join(re.escape(path) for path in here if path.count("/") > 1)
    pattern = re.compile(f"{HOMES.pattern}|{ours}") if ours else HOMES
    assert list(lines(pattern)) == []


def test_no_file_names_a_place_to_install_from() -> None:
    assert list(lines(INSTALLERS)) == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (HOMES, "see /home/me/src", "see docs/home/me"),
        (HOMES, '"/work/tree"', "the work/life balance"),
        (INSTALLERS, "pip install --index-url X", "pip install X"),
        (INSTALLERS, "https://pypi.example.org/simple", "https://docs.python.org/3/"),
        (VAGUE, "helpers", "linting"),
    ],
)
def test_the_patterns(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)


def ending(path: Path) -> Iterator[str]:
    """Where a module writes to the streams of the process, or ends it."""
    for node in ast.walk(sources.tree(path)):
        text = ast.unparse(node) if isinstance(node, (ast.Attribute, ast.Name)) else ""
        called = isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "exit", "quit")
        # Why only raised: who looks out for a program's SystemExit ends nothing.
        called |= isinstance(node, ast.Raise) and "SystemExit" in ast.unparse(node)
        if called or text in ("sys.stdout", "sys.stderr", "sys.exit", "os._exit"):
            yield f"{shown(path)}:{getattr(node, 'lineno', 0)}"


def test_only_the_command_line_talks_and_ends_the_process() -> None:
    package = sources.PACKAGE
    # Why the pool: a worker process whose parent is gone has nobody to return to.
    talking = {package / "__main__.py", package / "source" / "pool.py"}
    # Why the watchdog: a program that hangs for ever can be ended by nobody else, if asked for.
    talking |= {package / "runtime" / "observers" / "watchdog.py"}
    # Why these: they explore for another process, and what a run leaves behind would keep them.
    talking |= {package / folder / "child.py" for folder in ("bridge", "testing")}
    talking |= {*sources.modules("racecheck/cli")}
    others = [path for path in sources.modules("racecheck") if path not in talking]
    assert [place for path in others for place in ending(path)] == []
    assert sum(bool(list(ending(path))) for path in talking) > 5
