"""Logical lines, comments and nesting of a source text, by one regular expression.

LibCST nodes carry no positions and its position providers cost two parses. Every statement begins a
logical line, and the walk meets statements in source order, so the n-th statement stands at the
n-th start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CODE = r"""[^"'#\\()\[\]{}\r\n]*"""
_STRING = r""""(?!"")[^"\\\r\n]*"|'(?!'')[^'\\\r\n]*'"""
_GROUP = rf"[(\[{{]{_CODE}(?:(?:{_STRING}){_CODE}){{0,99}}[)\]}}]"
_PIECE = re.compile(
    rf"[ \t\f\ufeff]*({_CODE}(?:(?:{_STRING}|({_GROUP})){_CODE}){{0,99}})"
    r'(\r\n?|\n|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"'
    r"|'[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"
    r"""|#[^\r\n]*|\\(?:\r\n?|\n)|[()\[\]{}"'\\]|)""",
    re.DOTALL,
)
"""Code whose brackets and strings end on its line, the last brackets in it, what comes then.

What comes then is missing only at the end of the text and after 99 strings and brackets: were there
characters without an alternative, the search would go back and try shorter code.
"""
_NEWLINES: Final = frozenset({"\n", "\r\n", "\r"})
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_NEWLINE = re.compile(r"\r\n?|\n")
_NOTABLE = re.compile(r"racecheck|noqa|guard|requires|thread.?safe|lock|\brac[yei]|atomic")
_NOTABLE_WORDS: Final = ("rac", "noqa", "guard", "requires", "thread", "lock", "atomic")
"""One of them is in whatever `_NOTABLE` finds; looking for them is much cheaper."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that may concern us. own_line: nothing but the comment stands on its line."""

    line: int
    column: int
    text: str
    own_line: bool
    statement: int


@dataclass(frozen=True, slots=True)
class Layout:
    """starts, ends: first and last physical line of each logical line. depth: of brackets."""

    starts: list[int]
    ends: list[int]
    comments: list[Comment]
    lines: int
    depth: int


def layout(text: str) -> Layout:
    """Scan `text` once. Lines count from 1. The parser reports unterminated strings."""
    scan = _Scan(text)
    for code, group, token in _PIECE.findall(text):
        if group and scan.depth >= scan.deepest:
            scan.deepest = scan.depth + 1
        if token in _NEWLINES:
            if code or scan.open:
                scan.newline()
            scan.line += 1
        else:
            scan.token(code, token)
    return scan.finish()


class _Scan:
    """State of one scan: the current physical line, and whether its logical line has begun."""

    __slots__ = ("comments", "deepest", "depth", "ends", "line", "lines", "open", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.open = False
        self.depth = 0
        self.deepest = 0
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.comments: list[Comment] = []
        self.lines: list[str] = []

    def newline(self) -> None:
        """End of a physical line, and of the logical line outside brackets."""
        if not self.open:
            self.starts.append(self.line)
        self.open = self.depth > 0
        if not self.depth:
            self.ends.append(self.line)

    def token(self, code: str, token: str) -> None:
        """A bracket, string, comment or continuation."""
        comment = token[:1] == "#"
        if not self.open and (code or (token and not comment)):
            self.open = True
            self.starts.append(self.line)
        if comment:
            self.comment(token)
        elif token in _OPENING:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        elif token in _CLOSING:
            self.depth = max(0, self.depth - 1)
        elif "\n" in token or "\r" in token:
            self.line += len(_NEWLINE.findall(token))

    def comment(self, token: str) -> None:
        """Keep the comment when it may concern us. It ends its physical line."""
        lower = token.lower()
        if not (any(word in lower for word in _NOTABLE_WORDS) and _NOTABLE.search(lower)):
            return
        self.lines = self.lines or _NEWLINE.split(self.text)
        before = self.lines[self.line - 1].removesuffix(token)
        own = not before.strip()
        statement = len(self.starts) - int(self.open)
        self.comments.append(Comment(self.line, len(before) + 1, token, own, statement))

    def finish(self) -> Layout:
        """Close the last line, which may lack its newline."""
        if self.open:
            self.ends.append(self.line)
        unfinished = bool(self.text) and self.text[-1] not in _NEWLINES
        last = self.line if unfinished else self.line - 1
        return Layout(self.starts, self.ends, self.comments, last, self.deepest)
