"""The shapes of LibCST's nodes, without what only its own code needs: cheaper to make.

LibCST's parser is native, but makes every node by a call of its Python class, twenty a line, and a
frozen dataclass sets each field by a call of its own. Records with the same fields in the same
order save 28 % of the parse (paired, 15 runs). They have no methods: whoever wants the text of an
expression has it made by `codegen` or of LibCST's own nodes (`code`).

While the parser runs, the records stand in for LibCST (`parser.StandIn`). Where another thread
might import LibCST meanwhile, the tree is made of LibCST's nodes and copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from racecheck.core import own_threads
from racecheck.facts import parser
from racecheck.facts.shapes import FIELDS

__all__ = ["code", "cst", "field_names", "parse"]

_parse: Final = parser.unimporting(parser.native().parse_module)
_STAND_IN: Final = parser.StandIn()


def _record(name: str, members: Mapping[str, str | None]) -> type[msgspec.Struct]:
    given = [(field, object, missing) for field, missing in members.items()]
    return msgspec.defstruct(name, given, kw_only=True, eq=False)


_RECORDS: Final = {name: _record(name, members) for name, members in FIELDS.items()}


def _other(name: str) -> Any:
    """What the parser finds in LibCST that our table lacks: errors, or nodes of a later version."""
    found = getattr(_STAND_IN.library(), name)
    if not _is_node(found):
        return found
    record = _RECORDS[name] = _record(name, {field.name: None for field in fields(found)})
    setattr(_STAND_IN.namespace, name, record)
    return record


def _is_node(value: Any) -> bool:
    return is_dataclass(value) and hasattr(value, "_codegen_impl")


vars(_STAND_IN.namespace).update(_RECORDS, __getattr__=_other)

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = _STAND_IN.namespace


def parse(text: str) -> cst.Module:
    """The tree of a module, made of records. Raises what LibCST raises."""
    if own_threads.others():
        return _copied(text)
    try:
        with _STAND_IN.in_place():
            tree: cst.Module = _parse(text)
    except TypeError:
        # Why: a later LibCST may have fields that our table lacks.
        return _copied(text)
    # Why asked: a later LibCST may keep the classes that it has looked up once.
    return tree if isinstance(tree, cst.Module) else _as_record(tree)


def _copied(text: str) -> cst.Module:
    copy: cst.Module = _as_record(_STAND_IN.library().parse_module(text))
    return copy


def code(node: cst.CSTNode) -> str:
    """The source text of a node."""
    text: str = _STAND_IN.library().Module(()).code_for_node(_as_node(node))
    return text


def field_names(kind: type) -> tuple[str, ...]:
    """The fields of a record, in the order of the source."""
    names: tuple[str, ...] = kind.__struct_fields__  # type: ignore[attr-defined]
    return names


def _as_record(held: Any) -> Any:
    """The same with records in the place of nodes."""
    if isinstance(held, list | tuple):
        return tuple(map(_as_record, held))
    if _is_node(held):
        record = getattr(cst, type(held).__name__)
        known = [name for name in field_names(record) if hasattr(held, name)]
        return record(**{name: _as_record(getattr(held, name)) for name in known})
    return None if held is cst.MaybeSentinel.DEFAULT else held


def _as_node(held: Any) -> Any:
    """The same with LibCST's nodes in the place of records."""
    if isinstance(held, list | tuple):
        return tuple(map(_as_node, held))
    if not isinstance(held, msgspec.Struct):
        return held
    node = getattr(_STAND_IN.library(), type(held).__name__)
    return node(**{one.name: _as_field(held, one) for one in fields(node)})


def _as_field(record: Any, field: Field[Any]) -> Any:
    """What is left out has a sign of its own in nodes, where None could mean something."""
    value = getattr(record, field.name)
    left_out = _STAND_IN.library().MaybeSentinel.DEFAULT
    return left_out if value is None and field.default is left_out else _as_node(value)
