"""Comments and docstrings that say something about concurrency: suppressions, guards, contracts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from racecheck.facts.lines import Comment, Layout
from racecheck.facts.schema import Guard, Pragma

if TYPE_CHECKING:
    from racecheck.facts.builder import Builder

_IGNORE = re.compile(
    r"#\s*racecheck:\s*(?P<kind>ignore-file|ignore|off|on)\b"
    r"(?:\[(?P<codes>[^\]]*)\])?\s*(?:(?:--|:|—)\s*(?P<reason>.*?))?\s*(?=$|#)"
)
_NOQA = re.compile(r"#\s*noqa(?!\w)(?::\s*(?P<codes>[A-Za-z]+\d+(?:[\s,]+[A-Za-z]+\d+)*))?", re.I)
_LOCK = r"(?P<lock>(?:self|cls)?\.?[A-Za-z_]\w*(?:\.\w+)*)"
_GUARD = re.compile(
    rf"#\s*(?:guarded[-_ ]by:?\s*\(?|GUARDED_BY\s*\(\s*|[Gg]uarded by:?\s+){_LOCK}", re.IGNORECASE
)
_REQUIRES = re.compile(rf"#\s*(?:requires|REQUIRES)\s*[:(]\s*{_LOCK}")
_DOC_LOCK = re.compile(
    r"(?:must|should|has to|have to|needs to)\s+(?:already\s+)?"
    r"(?:hold|own|be holding|have acquired)"
    r"|(?:lock|mutex)\s+(?:must|should|has to)\s+be\s+(?:held|acquired|owned)"
    r"|(?:called|call|invoked|run)s?\s+(?:only\s+)?(?:with|while|when|under)\b(?:[^.]|\.(?=\S)){0,40}(?:\b|_)(?:lock|mutex)"
    r"|(?:assumes|expects)\b(?:[^.]|\.(?=\S)){0,40}(?:\b|_)(?:lock|mutex)|caller\s+(?:holds|owns)"
)
_LOCK_WORDS = ("lock", "mutex", "caller")
_DUTIES = ("must", "should", "has to", "have to", "needs to")
_HOLDING = ("hold", "own", "acquired")
"""One of the first, or one of each of the others, is in whatever `_DOC_LOCK` finds. To look for
them is much cheaper, and `own` alone is in many a word."""
_SAFE = re.compile(r"thread[- ]?safe|(?:from|by|on) any thread|any thread (?:may|can)")
_UNSAFE = re.compile(
    r"(?:not|n't|isn't|un)[-\s](?:\w+\s)?thread[- ]?safe"
    r"|(?:not|n't) (?:be )?(?:safe|shared|used|accessed|called)(?: (?:to|for) \w+)??"
    r" (?:(?:for )?concurrent(?:ly)?|(?:between|among|across|by|from|in|on)"
    r" (?:(?:several|multiple|many|different|more than one|two) )?threads?)"
    r"|callers? (?:must|should|ha(?:s|ve) to|(?:is|are) responsible for|needs? to)"
    r" (?:provide |do |their own )*(?:synchroni[sz]|serializ|serialis|lock)"
    r"|(?:requires?|needs?) external (?:synchroni[sz]ation|locking)"
)
_THREAD_WORDS = ("thread", "concurrent", "synchroni", "caller", "external lock")
_RACY = (
    r"(?:rac(?:y|es?|ing)|(?:not|isn't|un)[- ]?(?:thread[- ]?safe|atomic)|without (?:a |the )?lock)"
)
_FINE = (
    r"(?:ok(?:ay)?|fine|acceptable|accepted|harmless|benign|innocuous|tolera(?:ble|ted)"
    r"|on purpose|by design|deliberate(?:ly)?|intentional(?:ly)?|(?:don't|do not) care"
    r"|(?:doesn't|does not|don't|do not) matter)"
)
_ACCEPTED = re.compile(rf"\b{_RACY}\b.{{0,80}}\b{_FINE}\b|\b{_FINE}\b.{{0,40}}\b{_RACY}\b", re.I)
_REFUSED = re.compile(
    rf"\b(?:not|never|isn't|no longer) (?:\w+ )?{_FINE}|\b(?:fixme|todo|xxx)\b"
    r"|\b(?:avoid|prevent|protect|fix|without rac)",
    re.IGNORECASE,
)


def claims(text: str) -> tuple[str, ...]:
    """What a docstring or comment claims: `thread-safe`, `not-thread-safe`, `lock-held`."""
    # Why: `is **not** thread-safe` across two lines says the opposite of what its words say alone.
    text = " ".join(text.replace("*", "").split()) if "*" in text else text
    lower = text.lower()
    about_threads = any(word in lower for word in _THREAD_WORDS)
    found = []
    if about_threads and _UNSAFE.search(lower):
        found.append("not-thread-safe")
    elif about_threads and _SAFE.search(lower):
        found.append("thread-safe")
    if _about_locks(lower) and _DOC_LOCK.search(lower):
        found.append("lock-held")
    return tuple(found)


def _about_locks(lower: str) -> bool:
    if any(word in lower for word in _LOCK_WORDS):
        return True
    return any(duty in lower for duty in _DUTIES) and any(word in lower for word in _HOLDING)


def pragmas(layout: Layout) -> tuple[Pragma, ...]:
    """All suppression comments, in order."""
    found = []
    for comment in layout.comments:
        span = _statement(comment, layout)
        for match in _IGNORE.finditer(comment.text):
            kind, reason = match["kind"], (match["reason"] or "").strip()
            found.append(_pragma(kind, comment, match, span, _codes(match["codes"]), reason))
        for match in _NOQA.finditer(comment.text):
            found.append(_pragma("noqa", comment, match, span, _codes(match["codes"]), ""))
    return tuple(found)


def _pragma(
    kind: str,
    comment: Comment,
    match: re.Match[str],
    span: tuple[int, int],
    codes: tuple[str, ...],
    reason: str,
) -> Pragma:
    return Pragma(kind, span[0], codes, reason, comment.column + match.start(), span[1])


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(c for c in re.split(r"[\s,]+", text or "") if c)


def _statement(comment: Comment, layout: Layout) -> tuple[int, int]:
    """First and last line of the statement a comment stands on; an own-line comment is its own."""
    if comment.own_line:
        return comment.line, comment.line
    index = comment.statement
    if index < len(layout.starts) and layout.starts[index] <= comment.line:
        end = layout.ends[index] if index < len(layout.ends) else comment.line
        return layout.starts[index], max(end, comment.line)
    return comment.line, comment.line


def guards(layout: Layout, builders: Iterable[Builder]) -> tuple[Guard, ...]:
    """`# guarded-by:` comments, tied to the state stored on that line or on the next ones."""
    notes = [(c, m["lock"]) for c in layout.comments if (m := _GUARD.search(c.text))]
    if not notes:
        return ()
    stores: dict[int, tuple[str, str]] = {}
    for builder in builders:
        scope = _scope(builder)
        for access in builder.accesses:
            if access.kind in ("write", "update") or access.via == "declared":
                stores.setdefault(access.line, (access.path, scope))
    found = []
    for comment, lock in notes:
        line = comment.line
        if comment.own_line:
            line = next((s for s in layout.starts if s > comment.line), 0)
        else:
            line = _statement(comment, layout)[0]
        if line in stores:
            state, scope = stores[line]
            found.append(Guard(state, lock, scope, line))
    return tuple(found)


def _scope(builder: Builder) -> str:
    if builder.owner:
        return builder.owner
    return builder.qualname.removesuffix(".<class>") if builder.name == "<class>" else ""


def accepted(layout: Layout) -> tuple[int, ...]:
    """Lines of the statements where a comment says that a race is known and does no harm.

    A comment on a line of its own is about the statement below.
    """
    lines: set[int] = set()
    for comment in layout.comments:
        index = comment.statement
        if not _ACCEPTED.search(comment.text) or _REFUSED.search(comment.text):
            continue
        if index < len(layout.starts) and index < len(layout.ends):
            lines.update(range(layout.starts[index], layout.ends[index] + 1))
    return tuple(sorted(lines))


def requires(layout: Layout, builders: Iterable[Builder]) -> None:
    """`# requires: _lock` on, just above or just below the line of a `def`."""
    notes = [
        (c.line, c.own_line, m["lock"]) for c in layout.comments if (m := _REQUIRES.search(c.text))
    ]
    for line, own_line, lock in notes:
        for builder in builders:
            near = (line - 1, line, line + 1) if own_line else (line,)
            if builder.first_line in near and not builder.name.startswith("<"):
                builder.requires = (*builder.requires, lock)
                break
