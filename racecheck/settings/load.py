"""Settings from four layers: defaults < file < environment < flags; each value knows its origin."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import msgspec

from racecheck.core.errors import SettingsError
from racecheck.settings import convert, files
from racecheck.settings.schema import PATHS, TABLES, Settings, fields

PREFIX: Final = "RACECHECK_"
NO_REASON: Final = "RC905"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, where each came from (by TOML key: `default`, `pyproject.toml:14`, `--select`), and
    the folder that relative paths start at. `notes` are worth a line on stderr.
    """

    settings: Settings
    origins: dict[str, str]
    root: Path
    file: Path | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Layers:
    """Values so far, by TOML key."""

    root: Path
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(fields(), "default"))
    notes: list[str] = field(default_factory=list)

    def put(self, key: str, value: Any, origin: str) -> None:
        self.values[key] = value
        self.origins[key] = origin


def load(
    start: Path,
    overrides: Mapping[str, Any] | None = None,
    isolated: bool = False,
    *,
    config: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Loaded:
    """Settings for the project around `start`.

    `overrides` are flags by key (None: not given). `config` holds what `--config` was given:
    `key=value`, or a TOML file to use instead of the project's. `isolated`: look at no file and no
    environment.
    """
    environment = os.environ if environment is None else environment
    named = [Path(item) for item in config if "=" not in item]
    source = _source(start, named, isolated)
    layers = _Layers(source.root)
    _add_file(layers, source)
    if not isolated:
        _add_environment(layers, environment)
    for item in config:
        if "=" in item:
            _add_pair(layers, item)
    _add_flags(layers, overrides or {})
    _fill_target(layers, source)
    _imply_reasons(layers)
    settings = convert.build(layers.values)
    _check_reasons(settings, layers.origins["suppress"])
    return Loaded(settings, layers.origins, source.root, source.path, tuple(layers.notes))


def _source(start: Path, named: Sequence[Path], isolated: bool) -> files.Source:
    if len(named) > 1:
        raise SettingsError("two settings files in --config", "name one TOML file, or KEY=VALUE")
    if named:
        return files.read_named(named[0], start)
    return files.bare(start) if isolated else files.find(start)


def _add_file(layers: _Layers, source: files.Source) -> None:
    layers.notes.extend(source.notes)
    for key, (value, place) in convert.known(source.table, source).items():
        layers.put(key, convert.value(key, value, place), place)


def _add_environment(layers: _Layers, environment: Mapping[str, str]) -> None:
    """Unknown names are only noted: other parts of racecheck and other tools read theirs."""
    keys = {variable_of(key).removeprefix(PREFIX): key for key in fields()}
    for variable in sorted(n for n in environment if n.startswith(PREFIX)):
        name = variable.removeprefix(PREFIX)
        if name in keys:
            if environment[variable]:
                _put_text(layers, keys[name], environment[variable], variable)
        elif near := get_close_matches(name, keys, 1, 0.8):
            layers.notes.append(f"{variable} is no setting; did you mean {PREFIX}{near[0]}?")


def variable_of(key: str) -> str:
    """The environment variable of a setting: RACECHECK_RUN_BACKEND for `run.backend`."""
    return PREFIX + re.sub(r"[-.]", "_", key.upper())


def _add_pair(layers: _Layers, item: str) -> None:
    key, _, text = item.partition("=")
    key = key.strip()
    convert.flag(key, "--config")
    _put_text(layers, key, text, "--config")


def _add_flags(layers: _Layers, overrides: Mapping[str, Any]) -> None:
    for name, value in overrides.items():
        key = name.replace("_", "-")
        if value is None:
            continue
        origin = f"--{key.rpartition('.')[2]}"
        convert.flag(key, origin)
        _put_local(layers, key, convert.value(key, value, origin), origin)


def _put_text(layers: _Layers, key: str, text: str, origin: str) -> None:
    _put_local(layers, key, convert.from_text(key, text, origin), origin)


def _put_local(layers: _Layers, key: str, value: Any, origin: str) -> None:
    """Paths of flags and the environment start at the working directory."""
    here = Path.cwd()
    if key in PATHS and here != layers.root:
        if isinstance(value, tuple):
            value = tuple(str(here / path) for path in value)
        elif value:
            value = str(here / value)
    layers.put(key, value, origin)


def _fill_target(layers: _Layers, source: files.Source) -> None:
    """Without a target version: the lower bound of requires-python, else the running Python."""
    if layers.values.get("target-version"):
        return
    if bound := files.lower_bound(source.requires):
        layers.put("target-version", bound, "requires-python in pyproject.toml")
    else:
        running = f"{sys.version_info[0]}.{sys.version_info[1]}"
        layers.put("target-version", running, "the running Python")


def _imply_reasons(layers: _Layers) -> None:
    """`require-reason` is another way to select the rule about suppressions without one."""
    more = layers.values.get("extend-select", ())
    if layers.values.get("require-reason") and NO_REASON not in more:
        if not more:
            layers.origins["extend-select"] = (
                f"require-reason in {layers.origins['require-reason']}"
            )
        layers.values["extend-select"] = (*more, NO_REASON)


def _check_reasons(settings: Settings, origin: str) -> None:
    if not settings.require_reason:
        return
    for row in settings.suppress:
        if not row.reason.strip():
            raise SettingsError(
                f"`suppress` in {origin} silences `{row.code}` without a reason",
                'add `reason = "..."`: `require-reason` is on',
            )


def as_table(loaded: Loaded) -> dict[str, Any]:
    """Every setting by TOML key as plain values, for `racecheck config`."""
    found = dict(msgspec.to_builtins(loaded.settings))
    for name in TABLES:
        inner = found.pop(name)
        found.update({f"{name}.{key}": value for key, value in inner.items()})
    return found
