"""Statement lines by LibCST's own provider, for the rare file on which counting lines disagrees."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from racecheck.facts.lines import Layout
from racecheck.facts.parse import Source

_HEADED = (
    cst.If, cst.While, cst.For, cst.With, cst.Try, cst.TryStar, cst.Match, cst.MatchCase, cst.Else,
    cst.Finally, cst.ExceptHandler, cst.ExceptStarHandler, cst.SimpleStatementLine, cst.Decorator,
    cst.FunctionDef, cst.ClassDef,
)  # fmt: skip


def statement_lines(source: Source) -> Source:
    """The same source with exact statement lines; about three parses' worth of time."""
    wrapper = MetadataWrapper(cst.parse_module(source.text), unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    spans = [
        (span.start.line, span.start.column, span.end.line)
        for node, span in positions.items()
        if isinstance(node, _HEADED)
    ]
    spans.sort()
    old = source.layout
    starts, ends = [s[0] for s in spans], [s[2] for s in spans]
    return Source(
        source.tree, source.text, Layout(starts, ends, old.comments, old.lines, old.depth)
    )
