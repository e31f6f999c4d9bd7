"""`racecheck doctor`."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from racecheck import __version__, api
from racecheck.cli import options, surroundings
from racecheck.cli.crash import libraries
from racecheck.cli.parser import Parser
from racecheck.cli.sizes import measure, readable
from racecheck.core.errors import ExitCode, RacecheckError
from racecheck.report.result import plural
from racecheck.settings import Loaded

SCHEDULES: Final = ".racecheck/schedules"
"""Where `racecheck explore` keeps them."""


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "doctor",
        "Show what racecheck runs on, fit to paste into a bug report.",
        "racecheck doctor [options]",
        ("racecheck doctor",),
    )
    options.add_sources(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Print it; a broken part is a line, not the end."""
    given = build().read_none(arguments)
    sys.stdout.write(
        f"racecheck {__version__}  {platform.python_implementation()} "
        f"{platform.python_version()}  GIL {'on' if gil_enabled() else 'off'}  "
        f"{platform.system()} {platform.machine()}  {plural(os.cpu_count() or 1, 'CPU')}\n"
    )
    code = ExitCode.CLEAN
    for index, line in enumerate(surroundings.backend_lines()):
        _line("" if index else "backends", line)
    _line("wrapped", surroundings.wrapped())
    _line("also here", surroundings.also_here())
    for title, part in (("libraries", _libraries), ("rules", _rules)):
        code = max(code, _line(title, part()))
    try:
        loaded = api.load_settings(["."], isolated=given.isolated, config=given.config)
    except RacecheckError as error:
        return max(code, _line("settings", error))
    _line("settings", _settings(loaded))
    _line("cache", _cache(loaded))
    _line("schedules", _schedules(loaded))
    return code


def gil_enabled() -> bool:
    """Whether this interpreter runs with its lock now."""
    asked = getattr(sys, "_is_gil_enabled", None)
    return bool(asked()) if asked else True


def _line(title: str, said: str | RacecheckError) -> ExitCode:
    if isinstance(said, str):
        sys.stdout.write(f"{title:<11}{said}\n")
        return ExitCode.CLEAN
    sys.stdout.write(f"{title:<11}broken: {said.message}\n")
    return said.exit_code


def _libraries() -> str:
    return "  ".join(f"{name} {version}" for name, version in libraries())


def _rules() -> str | RacecheckError:
    from racecheck.catalog.load import data_folder, rulebook
    from racecheck.checks.registry import first_codes

    try:
        models = len(list((data_folder() / "models").glob("*.toml")))
        counts = (
            plural(len(rulebook().names), "rule"),
            plural(len(first_codes()), "check module"),
            plural(models, "library model"),
        )
        return ", ".join(counts)
    except RacecheckError as error:
        return error


def _settings(loaded: Loaded) -> str:
    changed = sorted(key for key, origin in loaded.origins.items() if origin != "default")
    return f"{_from(loaded)}; set: {', '.join(changed) or 'nothing'}"


def _from(loaded: Loaded) -> str:
    return loaded.file.name if loaded.file else "no file"


def _cache(loaded: Loaded) -> str:
    folder = loaded.root / loaded.settings.cache_dir
    size, count = measure(folder)
    crashes = list(_crashes(folder))
    note = f"  {plural(len(crashes), 'crash report')}" if crashes else ""
    return f"{loaded.settings.cache_dir}  {readable(size)}  {plural(count, 'file')}{note}"


def _schedules(loaded: Loaded) -> str:
    found = list((loaded.root / SCHEDULES).glob("*.toml"))
    return f"{SCHEDULES}  {plural(len(found), 'schedule')} that failed"


def _crashes(folder: Path) -> Iterator[Path]:
    return folder.glob("crash-*.md")
