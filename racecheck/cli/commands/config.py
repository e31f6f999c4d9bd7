"""`racecheck config`."""

from __future__ import annotations

import json
import sys
from typing import Any

from racecheck import api
from racecheck.cli import options
from racecheck.cli.parser import Parser, suggest
from racecheck.core.errors import ExitCode, UsageError
from racecheck.settings import Loaded
from racecheck.settings.load import PREFIX, as_table


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
    rows = [(f"{key} = {toml(table[key])}", _origin(key, loaded)) for key in chosen]
    width = min(max(len(value) for value, _ in rows), 44)
    for value, origin in rows:
        sys.stdout.write(f"{value:<{width}}    {origin}\n")
    return ExitCode.CLEAN


def _origin(key: str, loaded: Loaded) -> str:
    origin = loaded.origins.get(key, "default")
    if origin != "default":
        return origin
    file = loaded.file.name if loaded.file else "a settings file"
    variable = PREFIX + key.upper().replace("-", "_")
    flag = "--config" if key in options.FILE_ONLY else f"--{key}"
    return f"default; not set in {file}, {variable}, {flag}"


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
