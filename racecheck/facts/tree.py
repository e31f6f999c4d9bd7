"""The fields of LibCST's nodes that are worth following."""

from __future__ import annotations

from typing import Any

from racecheck.facts.nodes import cst, field_names

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
_NO_NODES: frozenset[type] = frozenset({type(None), str, bool})
_FIELDS: dict[type, tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Meaningful children in source order, by a field table built once per class."""
    kind = type(node)
    wanted = _FIELDS.get(kind)
    if wanted is None:
        wanted = tuple(
            name for name in field_names(kind) if name not in _NEVER and "whitespace" not in name
        )
        _FIELDS[kind] = wanted
    found: list[cst.CSTNode] = []
    for name in wanted:
        child: Any = getattr(node, name)
        held = type(child)
        if held is tuple or held is list:
            found.extend(child)
        elif held not in _NO_NODES:
            found.append(child)
    return found
