"""From TOML values and texts to typed values, with errors that a person can act on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, Literal, Protocol, get_args, get_origin

import msgspec

from racecheck.core.errors import SettingsError
from racecheck.settings.schema import (
    TABLES,
    WATCHABLE,
    Settings,
    Suppression,
    duration,
    fields,
)

_KINDS: Final = {
    "array": "a list",
    "object": "a table",
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "date": "a date",
    "datetime": "a date with a time",
    "date | null": "a date",
}
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_DURATIONS: Final = frozenset({"hang-timeout", "time", "run-time", "away-time"})
"""Settings that are a length of time, in whichever table."""

_ADDRESS: Final = re.compile(r"(?:[a-z]+://)?(?:[\w.-]+|\[[0-9A-Fa-f:.%]+\]):\d{1,5}")
_FALSE: Final = frozenset({"0", "false", "no", "off"})


class Where(Protocol):
    """Says where a key stands."""

    def at(self, key: str, *inner: str | int) -> str:
        """File and line, or the flag."""
        ...

    @property
    def section(self) -> str:
        """Header of the section, or ""."""
        ...


def known(table: Mapping[str, Any], where: Where) -> dict[str, tuple[Any, str]]:
    """(value, place) of each setting in a section; an unknown key is an error with the nearest."""
    found: dict[str, tuple[Any, str]] = {}
    keys = fields()
    for key, value in table.items():
        if key in TABLES:
            found.update(_inner(key, _table(key, value, where), where))
        elif key not in keys:
            raise unknown(key, where.at(key), where.section)
        else:
            if key == "suppress":
                _check_rows(value, where)
            found[key] = value, where.at(key)
    return found


def _table(key: str, value: Any, where: Where) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(f"`{key}` in {where.at(key)} must be a table")
    return value


def _inner(name: str, table: Mapping[str, Any], where: Where) -> Iterator[tuple[str, Any]]:
    choices = [key.partition(".")[2] for key in fields() if key.startswith(f"{name}.")]
    for key, value in table.items():
        if key not in choices:
            section = f"[{where.section.strip('[]')}.{name}]".replace("[.", "[")
            raise unknown(key, where.at(name, key), section, choices)
        yield f"{name}.{key}", (value, where.at(name, key))


def flag(key: str, place: str) -> None:
    """Fail if a key given on the command line is no setting."""
    if key not in fields():
        raise unknown(key, place)


def unknown(key: str, place: str, section: str = "", choices: Iterable[str] = ()) -> SettingsError:
    """The error for a key that nobody knows."""
    inside = f", section {section}" if section else ""
    near = get_close_matches(key.replace("_", "-").lower(), tuple(choices) or fields(), 1)
    hint = f"did you mean `{near[0]}`?" if near else "`racecheck config` lists all settings"
    return SettingsError(f"unknown setting `{key}` in {place}{inside}", hint)


def _check_rows(rows: Any, where: Where) -> None:
    names = [f.encode_name for f in msgspec.structs.fields(Suppression)]
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        for key in row if isinstance(row, dict) else ():
            if key not in names:
                inside = f"[[{where.section.strip('[]')}.suppress]]".replace("[[.", "[[")
                raise unknown(key, where.at("suppress", index, key), inside, names)


def value(key: str, raw: Any, place: str) -> Any:
    """The value in the type of the setting; strict: `"3"` is no number."""
    try:
        result = msgspec.convert(raw, fields()[key].type)
    except msgspec.ValidationError as error:
        raise _wrong(key, raw, place, str(error)) from error
    if key == "target-version" and result and not re.fullmatch(r"3\.\d{1,2}", result):
        raise SettingsError(
            f"`target-version` in {place} is no Python version: {result!r}", 'write "3.12"'
        )
    if key.rpartition(".")[2] in _DURATIONS:
        _check_duration(key, result, place)
    if key == "explore.cluster" and result and not _ADDRESS.fullmatch(result):
        raise SettingsError(
            f"`{key}` in {place} is no address: `{result}`",
            'write "HOST:PORT", as in "10.0.0.5:8786"',
        )
    if key.endswith(".watch"):
        _check_watch(key, result, place)
    return result


def _check_duration(key: str, text: str, place: str) -> None:
    try:
        duration(text)
    except ValueError:
        raise SettingsError(
            f"`{key}` in {place} is no duration: `{text}`", 'write "10s", "500ms", "2m" or "off"'
        ) from None


def _check_watch(key: str, words: Iterable[str], place: str) -> None:
    for word in words:
        if word not in WATCHABLE:
            near = get_close_matches(word, WATCHABLE, 1)
            raise SettingsError(
                f"`{key}` in {place} cannot be `{word}`",
                f"did you mean `{near[0]}`?" if near else f"one of {', '.join(WATCHABLE)}",
            )


def build(values: Mapping[str, Any]) -> Settings:
    """Settings from values that are converted already."""
    own: dict[str, Any] = {}
    inner: dict[str, dict[str, Any]] = {name: {} for name in TABLES}
    for key, found in values.items():
        table, dot, name = key.replace("-", "_").rpartition(".")
        (inner.setdefault(table, {}) if dot else own)[name] = found
    tables: dict[str, Any] = {name: kind(**inner[name]) for name, kind in TABLES.items()}
    return Settings(**own, **tables)


def _wrong(key: str, raw: Any, place: str, message: str) -> SettingsError:
    text, _, at = message.partition(" - at ")
    start = f"`{key}` in {place}{_inside(at.strip('`'))}"
    if match := re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", text):
        expected, got = (_KINDS.get(word, word) for word in match.groups())
        return SettingsError(f"{start} must be {expected}, not {got}", _example(key, raw))
    if match := re.fullmatch(r"Expected `int` ([<>]=) (\d+)", text):
        word = "at least" if match[1] == ">=" else "at most"
        return SettingsError(f"{start} must be {word} {match[2]}")
    if match := re.fullmatch(r"Invalid enum value '(.*)'", text):
        choices = [str(c) for c in _choices(key)]
        near = get_close_matches(match[1], choices, 1)
        hint = f"did you mean `{near[0]}`?" if near else ""
        return SettingsError(f"{start} must be one of {', '.join(choices)}, not `{match[1]}`", hint)
    if match := re.fullmatch(r"Object missing required field `(\w+)`", text):
        return SettingsError(f"{start} lacks `{match[1]}`")
    if "date" in text:
        return SettingsError(f"{start} must be a date", "write 2027-01-31")
    return SettingsError(f"{start}: {text}")


def _inside(path: str) -> str:
    """`$[0].until` as ", item 1, `until`"."""
    out = ""
    for index, name in re.findall(r"\[(\d+|\.\.\.)\]|\.(\w+)", path):
        if name:
            out += f", `{name}`"
        elif index != "...":
            out += f", item {int(index) + 1}"
    return out


def _example(key: str, raw: Any) -> str:
    kind = get_args(fields()[key].type)[0]
    if get_origin(kind) is tuple and isinstance(raw, str):
        return f'write ["{raw}"]'
    if kind is str and isinstance(raw, (int, float)):
        return f'write "{raw}"'
    if kind is bool:
        return "write true or false, without quotes"
    if kind is int and isinstance(raw, str):
        return f"write {raw.strip()}, without quotes" if raw.strip().isdecimal() else ""
    return ""


def _choices(key: str) -> tuple[Any, ...]:
    kind = get_args(fields()[key].type)[0]
    return get_args(kind) if get_origin(kind) is Literal else ()


def from_text(key: str, text: str, place: str) -> Any:
    """A value from the environment or from `--config key=value`: TOML if it is, else the text."""
    kind = get_args(fields()[key].type)[0]
    raw: Any = _toml(text)
    if kind is bool:
        word = text.strip().lower()
        raw = True if word in _TRUE else False if word in _FALSE else raw
    elif kind is str or get_origin(kind) is Literal:
        raw = raw if isinstance(raw, str) else text.strip()
    elif kind == tuple[str, ...] and not isinstance(raw, list):
        words = raw if isinstance(raw, str) else text
        raw = [word.strip() for word in words.split(",") if word.strip()]
    return value(key, raw, place)


def _toml(text: str) -> Any:
    try:
        table = tomllib.loads(f"v = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return table["v"] if len(table) == 1 else text
