"""Bytes of one file in, its FileFacts out. This is what worker processes run."""

from __future__ import annotations

from racecheck.core.collecting import uncollected
from racecheck.facts import comments
from racecheck.facts.extract import Extractor, Keeper
from racecheck.facts.lines import layout
from racecheck.facts.parse import Source, deep, parse
from racecheck.facts.schema import FileFacts, Function, Pragma, Problem


def read(data: bytes) -> FileFacts:
    """Read one file. Never raises: what goes wrong is `FileFacts.problem`."""
    # Why: the collector finds nothing. Trees have no cycles, and those of the walk are undone
    # (`Extractor.let_go`).
    with deep(), uncollected():
        return _read(data)


def _read(data: bytes) -> FileFacts:
    source = parse(data)
    if isinstance(source, Problem):
        return FileFacts(lines=data.count(b"\n") + 1, problem=source, pragmas=_pragmas_of(data))
    try:
        return _facts(source)
    except RecursionError:
        problem = Problem("nesting", "too deeply nested to be analysed")
    except Exception as error:  # a fault of ours must not cost the other files
        problem = Problem("internal", f"{type(error).__name__}: {error}"[:200])
    return FileFacts(lines=source.layout.lines, problem=problem)


def _pragmas_of(data: bytes) -> tuple[Pragma, ...]:
    """Suppressions of a file that cannot be parsed: its syntax error may be silenced too."""
    if b"racecheck:" not in data:
        return ()
    return comments.pragmas(layout(data.decode("utf-8", "replace")))


def _facts(source: Source) -> FileFacts:
    walk = _walked(source)
    if walk.ticks != len(source.layout.starts):
        # Why here: it is rare, and takes all of LibCST.
        from racecheck.facts.positions import statement_lines

        source = statement_lines(source)
        walk = _walked(source)
    comments.requires(source.layout, walk.builders)
    keeper = Keeper(walk.builders, walk.imports)
    functions: tuple[Function, ...] = tuple(
        b.build(keeper.keep(b), keeper.free[id(b)]) for b in walk.builders
    )
    return FileFacts(
        lines=source.layout.lines,
        imports=tuple(walk.imports),
        classes=tuple(walk.classes),
        functions=functions,
        guards=comments.guards(source.layout, walk.builders),
        pragmas=comments.pragmas(source.layout),
        exports=_exports(walk),
        docs=walk.builders[0].claims,
        accepted=comments.accepted(source.layout),
    )


def _walked(source: Source) -> Extractor:
    walk = Extractor(source)
    try:
        walk.module(source.tree)
    finally:
        walk.let_go()
    return walk


def _exports(walk: Extractor) -> tuple[str, ...]:
    """Names in a literal `__all__`."""
    for access in walk.builders[0].accesses:
        if access.path == "__all__" and access.value is not None:
            return tuple(p.text.strip("'\"") for p in access.value.parts if p.kind == "const")
    return ()
