"""Code run in a process of its own, on small files written for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, their texts without common indentation."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")


def python(
    folder: Path, *arguments: str, cached: bool = False, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run the interpreter in `folder`, without bytecode caches unless `cached`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV", "PYTHON"))}
    root = str(Path(__file__).parents[2])
    environment = {**kept, "PYTHONPATH": os.pathsep.join([root, str(folder)]), "COLUMNS": "100"}
    if not cached:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done
