"""Where something is in the source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span of source text.

    Lines and columns count from 1 and columns count characters; 0 means "not known". `end_column`
    is the column after the last character. `mark` is the source text meant (`self.balance`), from
    which the report finds the columns; analyses never need them.
    """

    path: str
    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"
