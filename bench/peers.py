"""Other linters and the bare parse, as commands that read the same files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus

REQUIREMENTS = ["pylint", "flake8", "flake8-async", "semgrep"]
PATTERN = {
    "rules": [
        {
            "id": "thread-start",
            "pattern": "threading.Thread(target=$F, ...).start()",
            "message": "a thread nobody can join",
            "languages": ["python"],
            "severity": "WARNING",
        }
    ]
}
PARSE = """
import sys
from pathlib import Path

import libcst

if __name__ == "__main__":
    for name in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        try:
            libcst.parse_module(Path(name).read_bytes())
        except Exception as error:
            print(name, type(error).__name__)
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A command for one folder. `lines` is how much it reads in a bearable time."""

    name: str
    command: tuple[str, ...]
    lines: int


def install(folder: Path) -> Path:
    """The peers' own environment; returns its folder of commands."""
    return corpus.environment(folder, REQUIREMENTS)


def peers(commands: Path, work: Path) -> list[Peer]:
    """The three linters of the comparison, each with one rule and one process."""
    pattern = work / "pattern.json"
    pattern.write_text(json.dumps(PATTERN), encoding="utf-8")
    pylint = ["--rcfile=", "--disable=all", "--enable=W2101", "-j1", "--score=no"]
    pylint += ["--recursive=y", "."]
    semgrep = ["scan", "--config", str(pattern), "--metrics=off", "--disable-version-check"]
    semgrep += ["--no-git-ignore", "-j1", "--quiet", "."]
    return [
        Peer("pylint, W2101 alone", (str(commands / "pylint"), *pylint), 20_000),
        Peer("semgrep, one pattern", (str(commands / "semgrep"), *semgrep), 20_000),
        Peer(
            "flake8 with flake8-async",
            (str(commands / "flake8"), "--isolated", "-j1", "--select=ASYNC", "."),
            6_000,
        ),
    ]


def bare_parse(python: str, files: Sequence[Path], work: Path) -> list[str]:
    """A command that does nothing but `libcst.parse_module` on `files`, in one process."""
    script, names = work / "bare_parse.py", work / f"files-{len(files)}.txt"
    script.write_text(PARSE, encoding="utf-8")
    names.write_text("\n".join(map(str, files)), encoding="utf-8")
    return [python, str(script), str(names)]
