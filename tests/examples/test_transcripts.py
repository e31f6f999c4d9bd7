"""Every transcript in a README is what the commands print: `console` blocks are run again.

`pytest tests/examples/test_transcripts.py --update-snapshots` writes what came out into them.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = ["README.md", "examples/bank/README.md", "examples/registration/README.md"]
COPIED = ["examples/bank/README.md"]
"""Those whose commands leave something behind."""

BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


class Shell:
    """Runs the commands of one README in its folder, as a plain pipe sees them."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.copies = cache.parent
        self.code = 0
        hidden = ("RACECHECK_", "GITHUB_", "FORCE_COLOR", "CI")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        paths = [str(ROOT), *filter(None, [self.environment.get("PYTHONPATH")])]
        self.environment |= {
            "RACECHECK_CACHE_DIR": str(cache),
            "COLUMNS": "88",
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONIOENCODING": "utf-8",
        }

    def run(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.code}\n"
        if command.startswith("cd "):
            self.go(command.removeprefix("cd "))
            return ""
        program, *arguments = shlex.split(command)
        assert program == "racecheck", f"transcripts run racecheck only, not {command!r}"
        done = subprocess.run(
            [sys.executable, "-m", "racecheck", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, 1), f"{command}: {done.stderr}"
        self.code = done.returncode
        return done.stdout + done.stderr

    def go(self, name: str) -> None:
        """To a copy of a folder: what is saved there must not change the next transcript."""
        copy = self.copies / f"copy-{name.replace('/', '-')}"
        shutil.copytree(self.folder / name, copy)
        (copy / ".git").mkdir()
        self.folder = copy

    def rewrite(self, block: str) -> str:
        commands = [line for line in block.splitlines() if line.startswith("$ ")]
        return "".join(f"{line}\n{self.run(line.removeprefix('$ '))}" for line in commands)


@pytest.mark.parametrize("name", READMES)
def test_transcripts_show_what_the_commands_print(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = ROOT / name
    text = path.read_text("utf-8")
    shell = Shell(path.parent, tmp_path / "cache")
    if name in COPIED:
        shell.go(".")
    assert BLOCK.search(text), "no transcript found"
    fresh = BLOCK.sub(lambda match: shell.rewrite(match[0]), text)
    if request.config.getoption("--update-snapshots"):
        path.write_text(fresh, "utf-8")
        text = fresh
    if fresh != text:
        lines = difflib.unified_diff(
            text.splitlines(), fresh.splitlines(), name, "this run", lineterm=""
        )
        pytest.fail("\n".join([*lines, "", "if this is right: pytest --update-snapshots"]))
