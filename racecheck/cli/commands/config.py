"""`racecheck config`."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from racecheck import api
from racecheck.cli import options
from racecheck.cli.parser import Parser, suggest
from racecheck.core.errors import ExitCode, UsageError
from racecheck.settings import Loaded
from racecheck.settings.load import as_table, variable_of

WIDEST: Final = 44
"""Values that are longer have their origin on a line of its own."""


def build() -> Parser:
    """The flags of this command."""
    parser = Parser(
        "config",
        "Show every setting, its value and where it came from.",
        "racecheck config [options] [KEY]",
        (
            "racecheck config               all settings",
            "racecheck config fail-on       one of them",
        ),
    )
    options.add_sources(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Print the settings."""
    given, keys = build().read(arguments)
    loaded = api.load_settings(["."], isolated=given.isolated, config=given.config)
    table = as_table(loaded)
    for key in keys:
        if key not in table:
            near = suggest(key.replace("_", "-"), table)
            raise UsageError(f"unknown setting `{key}`", near or "`racecheck config` lists all")
    chosen = keys or sorted(table)
    rows = [
        (f"{key} = {toml(table[key])}", _origin(key, loaded, detailed=bool(keys))) for key in chosen
    ]
    width = max((len(value) for value, _ in rows if len(value) <= WIDEST), default=WIDEST)
    for value, origin in rows:
        gap = f"\n{'':{width}}" if len(value) > width else ""
        sys.stdout.write(f"{value:<{width}}{gap}    {origin}\n")
    return ExitCode.CLEAN


def _origin(key: str, loaded: Loaded, *, detailed: bool) -> str:
    """Where a value is from; when one is asked for, also where a default could be changed."""
    origin = loaded.origins.get(key, "default")
    if origin != "default" or not detailed:
        return origin
    file = loaded.file.name if loaded.file else "a settings file"
    flag = "--config" if key in options.FILE_ONLY else f"--{key.rpartition('.')[2]}"
    return f"default; not set in {file}, {variable_of(key)}, {flag}"


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False, default=str)
