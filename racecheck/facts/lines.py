"""Logical lines, comments and nesting of a source text, by one regular expression.

LibCST nodes carry no positions and its position providers cost two parses. Every statement begins a
logical line, and the walk meets statements in source order, so the n-th statement stands at the
n-th start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"'
    r"|'[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"
    r"|#[^\r\n]*|[()\[\]{}]|\\(?:\r\n?|\n)|\r\n?|\n",
    re.DOTALL,
)
_NEWLINE = re.compile(r"\r\n?|\n")
_NOTABLE = re.compile(
    r"racecheck|noqa|guard|requires|GUARD|thread.?safe|lock|\brac[yei]|atomic", re.IGNORECASE
)


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
    for match in _TOKEN.finditer(text):
        first = text[match.start()]
        if first in "\r\n":
            scan.newline(match)
        elif first in "([{":
            scan.code()
            scan.depth += 1
            scan.deepest = max(scan.deepest, scan.depth)
        elif first in ")]}":
            scan.depth = max(0, scan.depth - 1)
        elif first == "#":
            scan.comment(match)
        elif first == "\\":
            scan.code()
            scan.skip(match)
        else:
            scan.code()
            scan.skip(match)
    return scan.finish()


class _Scan:
    """State of one scan: the current physical line, and whether its logical line has begun."""

    __slots__ = (
        "begin", "comments", "deepest", "depth", "ends", "line", "open", "starts", "text",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.line = 1
        self.begin = 0
        self.open = False
        self.depth = 0
        self.deepest = 0
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.comments: list[Comment] = []

    def code(self) -> None:
        """Something that is code stands here: a logical line begins unless one is open."""
        if not self.open:
            self.open = True
            self.starts.append(self.line)

    def _plain_code_before(self, position: int) -> None:
        if not self.open and self.text[self.begin : position].strip(" \t\f\ufeff"):
            self.open = True
            self.starts.append(self.line)

    def newline(self, match: re.Match[str]) -> None:
        """End of a physical line, and of the logical line outside brackets."""
        self._plain_code_before(match.start())
        if self.open and self.depth == 0:
            self.open = False
            self.ends.append(self.line)
        self.line += 1
        self.begin = match.end()

    def skip(self, match: re.Match[str]) -> None:
        """A string or a continuation: count the lines in it."""
        token = match.group()
        if "\n" in token or "\r" in token:
            self.line += len(_NEWLINE.findall(token))
            self.begin = match.end() - len(_NEWLINE.split(token)[-1])

    def comment(self, match: re.Match[str]) -> None:
        """Keep the comment when it may concern us."""
        self._plain_code_before(match.start())
        begin, self.begin = self.begin, match.end()
        if not _NOTABLE.search(match.group()):
            return
        own = not self.text[begin : match.start()].strip()
        column = match.start() - begin + 1
        self.comments.append(
            Comment(self.line, column, match.group(), own, len(self.starts) - (int(self.open)))
        )

    def finish(self) -> Layout:
        """Close the last line, which may lack its newline."""
        self._plain_code_before(len(self.text))
        if self.open:
            self.ends.append(self.line)
        last = self.line if self.begin < len(self.text) else self.line - 1
        return Layout(self.starts, self.ends, self.comments, max(last, 0), self.deepest)
