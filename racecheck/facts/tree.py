"""The fields of LibCST's nodes that are worth following."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import libcst as cst

_NEVER = frozenset(
    [
        "lpar",
        "rpar",
        "lbracket",
        "rbracket",
        "lbrace",
        "rbrace",
        "comma",
        "semicolon",
        "colon",
        "equal",
        "dot",
        "star",
        "operator",
        "leading_lines",
        "lines_after_decorators",
        "header",
        "footer",
        "trailing_whitespace",
        "first_line",
        "indent",
        "newline",
        "quote",
        "prefix",
        "start",
        "end",
        "conversion",
        "format_spec",
        "annotation",
        "keyword",
    ]
)
_FIELDS: dict[type, tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Meaningful children in source order, by a field table built once per class."""
    kind = type(node)
    wanted = _FIELDS.get(kind)
    if wanted is None:
        wanted = tuple(
            f.name for f in fields(node) if f.name not in _NEVER and "whitespace" not in f.name
        )
        _FIELDS[kind] = wanted
    for name in wanted:
        child: Any = getattr(node, name)
        if isinstance(child, cst.CSTNode):
            yield child
        elif isinstance(child, (list, tuple)):
            yield from child
