"""Folders of files to read, and a reader that needs no parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from racecheck.facts.schema import FileFacts
from racecheck.settings import Settings
from racecheck.source import driver
from racecheck.source.driver import Sources

THREADED = "import threading\n\nLOCK = threading.Lock()\n"


def make(root: Path, **files: str) -> None:
    """Files by a name in which `__` is a slash and `__init` ends a package."""
    for name, text in files.items():
        path = root / (name.replace("__init", "/@@").replace("__", "/") + ".py")
        path = path.with_stem(path.stem.replace("@@", "__init__"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def load(project: Path, /, *names: str, reader: Any = None, **settings: Any) -> Sources:
    paths = [Path(name) for name in names or (".",)]
    return driver.read(paths, Settings(**settings), project, reader=reader)


def small(data: bytes) -> FileFacts:
    """A reader that shows what it was given."""
    return FileFacts(lines=data.count(b"\n"), docs=(data.decode("utf-8", "replace"),))
