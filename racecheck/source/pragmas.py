"""What source and settings say about findings: who silences which, which comments are stale.

Pure functions: findings in, findings out. Nothing is dropped; a silenced finding says by whom.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Final, Protocol

from racecheck.core.finding import Confidence, Finding, Severity
from racecheck.core.place import Place
from racecheck.facts.schema import FileFacts, Pragma
from racecheck.settings.schema import Settings, Suppression
from racecheck.source.globs import Globs

UNUSED: Final = "RC902"
NO_REASON: Final = "RC905"
UNKNOWN: Final = "RC906"
_NAMES: Final = {
    UNUSED: "unused-suppression",
    NO_REASON: "suppression-without-reason",
    UNKNOWN: "unknown-code-in-suppression",
}
_PREFIX: Final = re.compile(r"RC\d{0,2}\Z")
_CODE: Final = re.compile(r"RC\d+\Z")
_END: Final = 1 << 60
_TWINS: Final = {"RC501": ("ASYNC2",), "RC507": ("RUF006",)}
"""Prefixes of what other linters say of the same line."""


class Read(Protocol):
    """The files that were read, and those of them that findings are for."""

    @property
    def files(self) -> Mapping[str, FileFacts]:
        """Facts by path."""
        ...

    @property
    def named(self) -> Collection[str]:
        """Paths whose suppressions are judged."""
        ...


@dataclass(frozen=True, slots=True)
class Codes:
    """The rules there are, by code, and which of them this run looks for."""

    names: Mapping[str, str]
    selected: Collection[str]

    def chosen(self, word: str, code: str) -> bool:
        """Whether a selector (code, prefix, name, ALL) means this code."""
        word = word.upper()
        return (
            word in ("ALL", code)
            or (_PREFIX.match(word) is not None and code.startswith(word))
            or word == self.names.get(code, "").upper()
        )

    def known(self, word: str) -> bool:
        """Whether there is such a selector."""
        return any(self.chosen(word, code) for code in self.names)

    def exact(self, word: str) -> str:
        """The code that a code or name means, "" for prefixes and ALL."""
        if _PREFIX.match(word.upper()) or word.upper() == "ALL":
            return ""
        return next((code for code in self.names if self.chosen(word, code)), "")


@dataclass(slots=True)
class _Comment:
    """One suppression comment, the lines it silences, and which of its codes it was good for."""

    pragma: Pragma
    first: int
    last: int
    used: set[str] = field(default_factory=set)

    @property
    def ours(self) -> bool:
        """Written for racecheck; a noqa may be there for another tool."""
        return self.pragma.kind != "noqa"

    def words(self) -> list[str]:
        """The codes that are ours to judge."""
        words = dict.fromkeys(self.pragma.codes)
        return [word for word in words if self.ours or _CODE.match(word.upper())]

    def silences(self, code: str, codes: Codes, named: bool) -> bool:
        """Whether it is about this code; if so, remember it. `named`: not by way of "all"."""
        words = self.pragma.codes or ("",)
        found = [word for word in words if not word or codes.chosen(word, code)]
        if not self.ours:
            found += [word for word in words if word.upper().startswith(_TWINS.get(code, ()))]
        if named:
            found = [word for word in found if word.upper() not in ("", "ALL")]
        self.used.update(found)
        return bool(found)


Silencer = Callable[[Finding], str]
"""Says who silences a finding and why, "" if nobody does."""


def apply(
    findings: Iterable[Finding],
    read: Read,
    settings: Settings,
    known: Mapping[str, str],
    selected: Collection[str] | None = None,
    *,
    relative: Callable[[str], str] = str,
    today: date | None = None,
) -> list[Finding]:
    """All findings, the silenced ones marked, with findings about the suppressions themselves.

    `known`: names of all rules by code. `selected`: codes this run looks for (None: all).
    `relative` gives the path below the folder of the settings, where `per-file-ignores` start.
    """
    codes = Codes(known, known if selected is None else selected)
    comments = {path: _comments(f.pragmas) for path, f in read.files.items() if f.pragmas}
    others = (
        _by_file(settings.per_file_ignores, codes, relative),
        _by_settings(settings, codes, today or date.today()),
    )
    judged = [_judge(f, (_by_comment(comments, codes, named=False), *others)) for f in findings]
    about = _about(comments, read, settings, codes)
    judged += [_judge(f, (_by_comment(comments, codes, named=True), *others)) for f in about]
    return [_with_expired(f, settings, codes, today or date.today()) for f in judged]


def _judge(finding: Finding, silencers: Iterable[Silencer]) -> Finding:
    """Every silencer is asked, so that a comment beside an entry in the settings counts as used."""
    reasons = [reason for silence in silencers if (reason := silence(finding))]
    if finding.suppressed or not reasons:
        return finding
    return replace(finding, suppressed=reasons[0])


def _comments(pragmas: Sequence[Pragma]) -> list[_Comment]:
    """The suppressions of a file with the lines that they reach."""
    found: list[_Comment] = []
    for pragma in sorted(pragmas, key=lambda p: p.line):
        if pragma.kind == "on":
            _close(found, pragma)
        elif pragma.kind == "off":
            found.append(_Comment(pragma, pragma.line, _END))
        elif pragma.kind == "ignore-file":
            found.append(_Comment(pragma, 0, _END))
        else:
            found.append(_Comment(pragma, pragma.line, max(pragma.line, pragma.last)))
    return found


def _close(comments: Iterable[_Comment], on: Pragma) -> None:
    """`on` ends every open `off`, `on[RC1]` those with the same codes."""
    for comment in comments:
        same = not on.codes or set(on.codes) == set(comment.pragma.codes)
        if comment.pragma.kind == "off" and comment.last == _END and same:
            comment.last = on.line


def _by_comment(comments: Mapping[str, list[_Comment]], codes: Codes, named: bool) -> Silencer:
    """By a comment on a line of the statement."""

    def silence(finding: Finding) -> str:
        line, found = finding.place.line, ""
        for comment in comments.get(finding.place.path, ()):
            if not comment.first <= line <= comment.last:
                continue
            if comment.silences(finding.code, codes, named) and not found:
                reason = comment.pragma.reason or f"`{comment.pragma.kind}`"
                found = f"comment on line {comment.pragma.line}: {reason}"
        return found

    return silence


def _by_file(
    ignores: Mapping[str, Sequence[str]], codes: Codes, relative: Callable[[str], str]
) -> Silencer:
    rows = [(glob, Globs([glob]), words) for glob, words in ignores.items()]

    def silence(finding: Finding) -> str:
        for glob, globs, words in rows:
            meant = any(codes.chosen(word, finding.code) for word in words)
            if meant and globs.covers(relative(finding.place.path)):
                return f"per-file-ignores of `{glob}`"
        return ""

    return silence


def _by_settings(settings: Settings, codes: Codes, today: date) -> Silencer:
    rows = [row for row in settings.suppress if row.until is None or today <= row.until]

    def silence(finding: Finding) -> str:
        for row in rows:
            if _meant(row, finding, codes):
                return f"settings: {row.reason or f'suppress {row.code} {row.subject}'}"
        return ""

    return silence


def _meant(row: Suppression, finding: Finding, codes: Codes) -> bool:
    return codes.chosen(row.code, finding.code) and fnmatchcase(finding.subject, row.subject)


def _with_expired(finding: Finding, settings: Settings, codes: Codes, today: date) -> Finding:
    """Says that a suppression in the settings has ended."""
    if finding.suppressed:
        return finding
    for row in settings.suppress:
        if row.until is not None and row.until < today and _meant(row, finding, codes):
            line = f"the suppression of `{row.code}` in the settings ended on {row.until}"
            return replace(finding, evidence=(*finding.evidence, line))
    return finding


def _about(
    comments: Mapping[str, list[_Comment]], read: Read, settings: Settings, codes: Codes
) -> list[Finding]:
    """What is wrong with the suppressions of the named files."""
    found: list[Finding] = []
    for path, rows in comments.items():
        if path not in read.named:
            continue
        whole = read.files[path].problem is None
        for row in rows:
            found.extend(_unknown(path, row, settings, codes))
            found.extend(_without_reason(path, row))
            if whole:
                found.extend(_unused(path, row, settings, codes))
    return [finding for finding in found if finding.code in codes.selected]


def _unknown(path: str, row: _Comment, settings: Settings, codes: Codes) -> Iterator[Finding]:
    for word in row.words():
        if codes.known(word) or _external(word, settings):
            continue
        choices = [*codes.names, *codes.names.values()]
        near = get_close_matches(word.upper(), choices, 1) or get_close_matches(word, choices, 1)
        yield _finding(
            UNKNOWN,
            path,
            row.pragma,
            subject=word,
            message=f"No rule is called `{word}`",
            help=f"did you mean `{near[0]}`?" if near else "`racecheck explain --list` shows all",
        )


def _external(word: str, settings: Settings) -> bool:
    return any(word.upper().startswith(prefix.upper()) for prefix in settings.external if prefix)


def _without_reason(path: str, row: _Comment) -> Iterator[Finding]:
    """A bare noqa is not ours: it may be there for another tool."""
    if not row.pragma.reason and (row.ours or row.words()):
        yield _finding(
            NO_REASON,
            path,
            row.pragma,
            subject=" ".join(row.pragma.codes) or row.pragma.kind,
            message=f"This `{row.pragma.kind}` comment does not say why",
            help="add ` -- ` and a reason: `# racecheck: ignore[CODE] -- reason`",
        )


def _unused(path: str, row: _Comment, settings: Settings, codes: Codes) -> Iterator[Finding]:
    """Silences nothing, although the run looked for all that it could silence."""
    everything = not settings.select and not settings.ignore
    if not row.pragma.codes:
        if not row.ours or row.used or not everything:
            return
        stale = "all rules"
    else:
        words = [
            word
            for word in row.words()
            if word not in row.used and codes.known(word) and codes.exact(word) not in _NAMES
            if (codes.exact(word) in codes.selected if codes.exact(word) else everything)
        ]
        if not words:
            return
        stale = ", ".join(f"`{word}`" for word in words)
    yield _finding(
        UNUSED,
        path,
        row.pragma,
        subject=stale.replace("`", ""),
        message=f"This comment silences {stale}, but nothing is found here",
        help="remove it, or put it on a line of the statement that is meant",
    )


def _finding(
    code: str, path: str, pragma: Pragma, *, subject: str, message: str, help: str
) -> Finding:
    mark = "noqa" if pragma.kind == "noqa" else f"racecheck: {pragma.kind}"
    return Finding(
        code=code,
        name=_NAMES[code],
        subject=subject,
        message=message,
        place=Place(path, pragma.line, mark=mark),
        confidence=Confidence.LIKELY,
        severity=Severity.WARNING,
        help=help,
    )
