"""Finds the checks by their files and runs those that are selected.

A module is named after its first code (`rc301_useless_with_lock`), so most are found without an
import; only the codes of families that are no module's first one need a look inside.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final, Protocol, cast

from racecheck import checks
from racecheck.core.finding import Finding

if TYPE_CHECKING:
    from racecheck.analyses.suite import Study

_MODULE: Final = re.compile(r"rc(\d{3})_\w+\Z")


class Check(Protocol):
    """What a module of this folder has."""

    __name__: str
    CODES: tuple[str, ...]

    def find(self, study: Study) -> Iterator[Finding]:
        """All findings of its codes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that could not be imported or raised: a fault of ours, the other checks go on."""

    check: str
    message: str
    detail: str


@cache
def first_codes() -> dict[str, str]:
    """Module name to the code that it is named after."""
    found = (module.name for module in iter_modules(checks.__path__))
    return {name: f"RC{match[1]}" for name in found if (match := _MODULE.match(name))}


def load(name: str) -> Check:
    """The module of this name."""
    return cast(Check, import_module(f"{checks.__name__}.{name}"))


def modules_for(codes: Collection[str]) -> Iterator[str]:
    """Names of the modules that hold one of the codes, in order of their names.

    Codes that no file name starts with are looked for in the families, nearest first code below
    them first, so a selection of few rules imports few modules.
    """
    named = first_codes()
    chosen = {name for name, code in named.items() if code in codes}
    missing = set(codes) - set(named.values())
    for name in chosen:
        missing -= _codes(name)
    for code in sorted(missing):
        near = sorted(named.items(), key=lambda item: (item[1] > code, -int(item[1][2:])))
        chosen.update(next(([name] for name, _ in near if code in _codes(name)), []))
    return iter(sorted(chosen))


@cache
def _codes(name: str) -> frozenset[str]:
    try:
        return frozenset(load(name).CODES)
    except Exception:
        # Why: `run` imports the module again if it is selected, and reports the failure once.
        return frozenset()


def prepare(codes: Collection[str]) -> None:
    """Import the checks of these codes; a fault in one is for `run` to report."""
    for name in modules_for(codes):
        with suppress(Exception):
            load(name)


def run(study: Study, codes: Collection[str]) -> tuple[list[Finding], list[Failure]]:
    """Findings of the selected codes, and the checks that failed."""
    findings: list[Finding] = []
    failures: list[Failure] = []
    for name in modules_for(codes):
        try:
            findings.extend(f for f in load(name).find(study) if f.code in codes)
        except Exception as error:
            said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            failures.append(Failure(name, said, traceback.format_exc()))
    return findings, failures
