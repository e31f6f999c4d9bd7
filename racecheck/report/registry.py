"""Finds output formats by their files: `formats/as_json.py` is the format `json`."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from racecheck.core.errors import UsageError
from racecheck.report import formats
from racecheck.report.result import Context, Result


class Format(Protocol):
    """What a module of `formats` has."""

    def render(self, result: Result, context: Context) -> Iterator[str]:
        """The report in pieces, line ends included."""


@cache
def names() -> tuple[str, ...]:
    """All formats, without importing one."""
    return tuple(sorted(_modules()))


def _modules() -> dict[str, str]:
    found = (module.name for module in iter_modules(formats.__path__))
    return {name.removeprefix("as_"): name for name in found}


def get(name: str) -> Format:
    """The format of this name."""
    module = _modules().get(name)
    if module is None:
        near = get_close_matches(name, names(), n=1)
        hint = f"did you mean `{near[0]}`?\n" if near else ""
        raise UsageError(f"unknown output format `{name}`", f"{hint}formats: {', '.join(names())}")
    return cast(Format, import_module(f"{formats.__name__}.{module}"))
