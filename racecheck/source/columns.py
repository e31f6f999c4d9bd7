"""From "somewhere in the statement at line 12" to exact columns, without parsing.

Analyses know the line of a statement and the source text they mean (`Place.mark`). Only what is
reported is ever looked for, so the few statements concerned are scanned again here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from racecheck.core.place import Place

_CODE, _STRING, _COMMENT = range(3)
_QUOTES: Final = re.compile(r'"""|\'\'\'|"|\'')
_PREFIX: Final = re.compile(r"(?<!\w)[A-Za-z]{1,2}\Z")
_TOKEN: Final = re.compile(r"\[\*\]|\(\)|'[^']*'|\"[^\"]*\"|\w+|\s+|.", re.DOTALL)
_WILD: Final = {"[*]": "[", "()": "("}
_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}


def locate(place: Place, text: str) -> Place:
    """The place with the span of its mark in the statement that begins at its line.

    The line becomes the physical line of the mark. A mark that is not there gives the code of the
    first line, so that there is always something to underline.
    """
    text, offsets = _lines(text)
    if not 1 <= place.line <= len(offsets):
        return place
    begin = offsets[place.line - 1]
    statement = _Statement(text, begin)
    start, end = statement.find(place.mark) or statement.first_line()
    line, column = _position(text, begin, start, place.line)
    end_line, end_column = _position(text, begin, end, place.line)
    return replace(place, line=line, column=column, end_line=end_line, end_column=end_column)


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[str, list[int]]:
    """The text with plain newlines, and where each line begins."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    offsets = [0, *(match.end() for match in re.finditer("\n", text))]
    return text, offsets


def _position(text: str, begin: int, offset: int, line: int) -> tuple[int, int]:
    """Line and column (from 1) of an offset at or after `begin`, which starts `line`."""
    start = text.rfind("\n", begin, offset) + 1 or begin
    return line + text.count("\n", begin, offset), offset - start + 1


class _Statement:
    """One logical line: its text from `begin` to `end`, and what each character is."""

    def __init__(self, text: str, begin: int) -> None:
        self._text = text
        self._begin = begin
        self._kinds = bytearray()
        self._end = self._scan(begin, "")

    def _kind(self, offset: int) -> int:
        return self._kinds[offset - self._begin]

    def _mark(self, upto: int, kind: int) -> int:
        """All characters up to there that have no kind yet get this one."""
        self._kinds.extend([kind] * (upto - self._begin - len(self._kinds)))
        return upto

    def _scan(self, at: int, closer: str) -> int:
        """Read code from `at` to the end of the logical line, or to `closer` in an f-string."""
        text, open_brackets = self._text, 0
        while at < len(text):
            char = text[at]
            if not open_brackets and (char == closer or (char == "\n" and not closer)):
                break
            if char in "([{":
                open_brackets += 1
            elif char in ")]}":
                open_brackets = max(0, open_brackets - 1)
            if char == "#" and not closer:
                end = text.find("\n", at)
                at = self._mark(end if end >= 0 else len(text), _COMMENT)
            elif quote := _QUOTES.match(text, at):
                at = self._string(at, quote[0])
            else:
                at = self._mark(min(at + (2 if char == "\\" else 1), len(text)), _CODE)
        return at

    def _string(self, at: int, quote: str) -> int:
        """Read a string; the expressions in an f-string are code."""
        text = self._text
        prefix = _PREFIX.search(text, max(self._begin, at - 3), at)
        formatted = prefix is not None and any(c in "fFtT" for c in prefix[0])
        at = self._mark(at + len(quote), _STRING)
        while at < len(text):
            char = text[at]
            if text.startswith(quote, at):
                return self._mark(at + len(quote), _STRING)
            if char == "\n" and len(quote) == 1:
                return at
            if char == "\\" or (formatted and text.startswith(("{{", "}}"), at)):
                at = self._mark(min(at + 2, len(text)), _STRING)
            elif formatted and char == "{":
                at = self._scan(self._mark(at + 1, _STRING), "}")
            else:
                at = self._mark(at + 1, _STRING)
        return at

    def find(self, mark: str) -> tuple[int, int] | None:
        """Start and end of the mark: as it is, then only what is called or indexed in it."""
        shorter = re.split(r"[(\[]", mark)[0].strip()
        for wanted in dict.fromkeys((mark.strip(), shorter)):
            for before in (r"(?<![\w.])", r"(?<!\w)"):
                for allowed in ((_CODE,), (_CODE, _STRING, _COMMENT)):
                    if wanted and (span := self._search(wanted, before, allowed)):
                        return span
        return None

    def _search(self, mark: str, before: str, allowed: tuple[int, ...]) -> tuple[int, int] | None:
        tokens = [token for token in _TOKEN.findall(mark) if not token.isspace()]
        steps = [self._step(token, r"(?:\s|\\\n)*" if i else "") for i, token in enumerate(tokens)]
        named = tokens[0][0].isalnum() or tokens[0][0] == "_"
        start = re.compile((before if named else "") + re.escape(tokens[0]))
        for match in start.finditer(self._text, self._begin, self._end):
            if self._kind(match.start()) in allowed:
                end: int | None = match.start()
                for step in steps:
                    end = step(end) if end is not None else None
                if end is not None and end <= self._end:
                    return match.start(), end
        return None

    def _step(self, token: str, gap: str) -> Callable[[int], int | None]:
        """From where a token may begin to where it ends."""
        if token in _WILD:
            return lambda at: self._skip_brackets(at, _WILD[token])
        body = re.escape(token)
        if token[0] in "'\"":
            inner = re.escape(token[1:-1])
            body = f"(?:'{inner}'|\"{inner}\")"
        elif token[-1].isalnum() or token[-1] == "_":
            body += r"(?!\w)"
        pattern = re.compile(gap + body)

        def step(at: int) -> int | None:
            match = pattern.match(self._text, at, self._end)
            return match.end() if match else None

        return step

    def _skip_brackets(self, at: int, opener: str) -> int | None:
        """The end of the balanced bracket at `at`, None if there is none."""
        while at < self._end and (self._text[at].isspace() or self._text.startswith("\\\n", at)):
            at += 1
        if at >= self._end or self._text[at] != opener:
            return None
        depth = 0
        for offset in range(at, self._end):
            if self._kind(offset) == _CODE:
                char = self._text[offset]
                depth += (char in "([{") - (char in ")]}")
                if depth == 0:
                    return offset + 1
        return None

    def first_line(self) -> tuple[int, int]:
        """The code on the first line; the comment if there is nothing else."""
        end = self._text.find("\n", self._begin)
        end = end if end >= 0 else len(self._text)
        code = self._begin
        while code < min(end, self._end) and self._kind(code) != _COMMENT:
            code += 1
        line = self._text[self._begin : code] or self._text[self._begin : end]
        line = line if line.strip() else self._text[self._begin : end]
        indent = len(line) - len(line.lstrip())
        return self._begin + indent, self._begin + max(len(line.rstrip()), indent)
