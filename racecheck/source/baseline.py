"""Findings that are known already: an old code base starts clean and is kept from getting worse.

The file counts findings by fingerprint, which holds no line number: code may move, and a second
finding like a known one is new. Baselined findings are counted, never listed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from racecheck.core.errors import SettingsError
from racecheck.core.finding import Finding

VERSION: Final = 1
SUPPRESSED: Final = "baseline"
"""Who silences a baselined finding (`Finding.suppressed`)."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings of one fingerprint. Code, path and subject are for people who read the file."""

    fingerprint: str
    count: int
    code: str = ""
    path: str = ""
    subject: str = ""


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: known findings in the order of their paths."""

    version: int = VERSION
    findings: tuple[Entry, ...] = ()

    def counts(self) -> Counter[str]:
        """How many findings of each fingerprint are known."""
        counts: Counter[str] = Counter()
        for entry in self.findings:
            counts[entry.fingerprint] += max(entry.count, 0)
        return counts


def load(path: Path) -> Baseline:
    """The baseline in a file, or an error that says what is wrong with it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            f"baseline `{path}` does not exist", "make it with --update-baseline"
        ) from None
    except OSError as error:
        raise SettingsError(f"baseline `{path}` cannot be read: {error.strerror}") from error
    try:
        found = msgspec.json.decode(data, type=Baseline)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise SettingsError(
            f"baseline `{path}` is broken: {error}", "make it anew with --update-baseline"
        ) from error
    if found.version != VERSION:
        raise SettingsError(
            f"baseline `{path}` has version {found.version}, and this racecheck reads {VERSION}",
            "make it anew with --update-baseline",
        )
    return found


def apply(findings: Iterable[Finding], baseline: Baseline) -> list[Finding]:
    """All findings in their order, the known ones marked as suppressed.

    Of several with one fingerprint the first in the file's order are the known ones.
    """
    findings = list(findings)
    known = _known(findings, baseline.counts())
    return [
        replace(finding, suppressed=SUPPRESSED) if index in known else finding
        for index, finding in enumerate(findings)
    ]


def _known(findings: list[Finding], counts: Mapping[str, int]) -> set[int]:
    left = Counter(counts)
    known: set[int] = set()
    for index, finding in sorted(enumerate(findings), key=lambda item: item[1].order):
        if not finding.suppressed and left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
            known.add(index)
    return known


def make(findings: Iterable[Finding]) -> Baseline:
    """A baseline of all findings that nobody silences in another way."""
    rows: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: f.order):
        if finding.suppressed in ("", SUPPRESSED):
            rows.setdefault(finding.fingerprint, []).append(finding)
    entries = [
        Entry(fingerprint, len(same), same[0].code, same[0].place.path, same[0].subject)
        for fingerprint, same in rows.items()
    ]
    return Baseline(findings=tuple(entries))


def prune(baseline: Baseline, findings: Iterable[Finding]) -> Baseline:
    """The baseline without what is no longer found; nothing new comes in."""
    found = make(findings).counts()
    entries: list[Entry] = []
    for entry in baseline.findings:
        count = min(entry.count, found[entry.fingerprint])
        found[entry.fingerprint] -= max(count, 0)
        if count > 0:
            entries.append(msgspec.structs.replace(entry, count=count))
    return Baseline(findings=tuple(entries))


def stale(baseline: Baseline, findings: Iterable[Finding]) -> int:
    """How many known findings are no longer found."""
    return (baseline.counts() - make(findings).counts()).total()


def write(path: Path, baseline: Baseline) -> None:
    """Write the file in one step: a run that dies leaves the old one."""
    text = msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n"
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(text)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SettingsError(f"baseline `{path}` cannot be written: {error.strerror}") from error
