"""The shapes of LibCST's nodes, without what only its own code needs: cheaper to make.

LibCST's parser is native, but makes every node by a call of its Python class, twenty a line, and a
frozen dataclass sets each field by a call of its own. Records with the same fields in the same
order save 28 % of the parse (paired, 15 runs). They have no methods: whoever wants the text of an
expression has it made of LibCST's own nodes (`code`).

The parser looks the classes up in `sys.modules["libcst"]`, anew for each node. While it runs, that
entry is ours; LibCST itself is not changed. Where another thread might import LibCST meanwhile, the
entry is left alone, and the tree is made of LibCST's nodes and copied.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, is_dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import libcst
import msgspec
from libcst import native  # type: ignore[attr-defined]
from msgspec.structs import astuple

from racecheck.core import own_threads

__all__ = ["code", "cst", "field_names", "parse"]


def _record(node: type) -> type[msgspec.Struct]:
    members = [_member(one) for one in fields(node)]
    return msgspec.defstruct(node.__name__, members, kw_only=True, eq=False)


def _member(one: Field[Any]) -> tuple[str, type] | tuple[str, type, Any]:
    if one.default_factory is not MISSING:
        return one.name, object, msgspec.field(default_factory=one.default_factory)
    if one.default is not MISSING:
        return one.name, object, msgspec.field(default=one.default)
    return one.name, object


def _is_node(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, libcst.CSTNode) and is_dataclass(value)


_RECORDS: Final = {one: _record(one) for one in set(filter(_is_node, vars(libcst).values()))}
_NODES: Final[dict[type, type]] = {record: node for node, record in _RECORDS.items()}


def _namespace() -> ModuleType:
    """LibCST with records in the place of its nodes."""
    module = ModuleType(libcst.__name__)
    for name, value in vars(libcst).items():
        setattr(module, name, _RECORDS[value] if _is_node(value) else value)
    return module


if TYPE_CHECKING:
    import libcst as cst
else:
    cst = _namespace()


def parse(text: str) -> cst.Module:
    """The tree of a module, made of records. Raises what LibCST raises."""
    if own_threads.others():
        copy: cst.Module = _as_records(libcst.parse_module(text))
        return copy
    with _in_place():
        tree: cst.Module = native.parse_module(text)
    # Why asked: a later LibCST may keep the classes that it has looked up once.
    return tree if isinstance(tree, cst.Module) else _as_records(tree)


def code(node: cst.CSTNode) -> str:
    """The source text of a node."""
    return libcst.Module(()).code_for_node(_as_nodes(node))


def field_names(kind: type) -> tuple[str, ...]:
    """The fields of a record, in the order of the source."""
    names: tuple[str, ...] = kind.__struct_fields__  # type: ignore[attr-defined]
    return names


def _as_records(held: Any) -> Any:
    """The same with records in the place of nodes."""
    if isinstance(held, list | tuple):
        return tuple(map(_as_records, held))
    kind = _RECORDS.get(type(held))
    if kind is None:
        return held
    return kind(**{name: _as_records(getattr(held, name)) for name in field_names(kind)})


def _as_nodes(held: Any) -> Any:
    """The same with LibCST's nodes in the place of records."""
    kind = _NODES.get(type(held))
    if kind is not None:
        return kind(*map(_as_nodes, astuple(held)))
    return tuple(map(_as_nodes, held)) if isinstance(held, list | tuple) else held


@contextmanager
def _in_place() -> Iterator[None]:
    sys.modules[libcst.__name__] = cst
    try:
        yield
    finally:
        sys.modules[libcst.__name__] = libcst
