"""`racecheck clean`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from racecheck import api
from racecheck.cli import options
from racecheck.cli.parser import Parser
from racecheck.cli.sizes import measure, readable
from racecheck.core.errors import ExitCode, UsageError

TAG = "CACHEDIR.TAG"


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "clean",
        "Remove the cache.",
        "racecheck clean [options]",
        ("racecheck clean          remove .racecheck_cache of this project",),
    )
    parser.add_argument("--cache-dir", metavar="DIR", help="the folder, if not the project's")
    options.add_sources(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Remove it; a folder that is not ours is left alone."""
    given = build().read_none(arguments)
    loaded = api.load_settings(
        ["."], isolated=given.isolated, config=given.config, **options.overrides(given)
    )
    folder = loaded.root / loaded.settings.cache_dir
    if not folder.exists():
        sys.stderr.write(f"nothing to remove: no {_shown(folder)}\n")
        return ExitCode.CLEAN
    if not _is_ours(folder):
        raise UsageError(
            f"{_shown(folder)} is no cache of racecheck: it has no {TAG}", "nothing was removed"
        )
    size, count = measure(folder)
    shutil.rmtree(folder)
    sys.stderr.write(f"removed {_shown(folder)}: {readable(size)}, {count:,} files\n")
    return ExitCode.CLEAN


def _is_ours(folder: Path) -> bool:
    if not folder.is_dir() or folder.is_symlink():
        return False
    return (folder / TAG).exists() or folder.name == ".racecheck_cache"


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
