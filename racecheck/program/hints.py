"""Annotations as terms: `Optional[X]`, `X | None`, `"X"`, `list[X]`, `Annotated[X, ..]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecheck.facts.schema import Value
from racecheck.program import names, types
from racecheck.program.model import Function
from racecheck.program.tables import NOTHING, Term, Terms, of, one

_TRANSPARENT = frozenset(
    ("Optional", "Union", "ClassVar", "Final", "Annotated", "Required", "NotRequired", "InitVar")
)
_CONTAINERS = {
    "List": "list", "list": "list", "Sequence": "list", "MutableSequence": "list",
    "Iterable": "list", "Collection": "list", "Iterator": "list", "Generator": "list",
    "AsyncIterator": "list",
    "Set": "set", "set": "set", "MutableSet": "set", "FrozenSet": "frozenset",
    "frozenset": "frozenset", "Tuple": "tuple", "tuple": "tuple", "Deque": "collections.deque",
    "deque": "collections.deque", "Dict": "dict", "dict": "dict", "Mapping": "dict",
    "MutableMapping": "dict", "DefaultDict": "collections.defaultdict",
    "defaultdict": "collections.defaultdict", "OrderedDict": "collections.OrderedDict",
}  # fmt: skip
_KEYED = frozenset(("dict", "collections.defaultdict", "collections.OrderedDict"))
_SILENT = frozenset(
    ("Any", "object", "None", "NoReturn", "Never", "Callable", "Coroutine", "Literal", "Hashable")
)
_NAME = re.compile(r"[A-Za-z_][\w.]*\Z")
_GUARDED = re.compile(r"""GuardedBy\(\s*['"]([\w.]+)['"]\s*\)""")


def parse(function: Function, text: str) -> Terms:
    """What a value with this annotation may be; nothing when the annotation says nothing."""
    if not text:
        return NOTHING
    tables = of(function)
    key = (_scope(function), text)
    found = tables.annotations.get(key)
    if found is None:
        found = tables.annotations[key] = _parse(function, text, 0)
    return found


def _scope(function: Function) -> Function:
    """Where the names of an annotation are looked up: locals of the function do not exist yet."""
    return function.parent or names.scope_of(function)


def from_value(function: Function, value: Value) -> Terms:
    """An annotation given as an argument: `cast("Worker", x)`."""
    return parse(function, value.text.strip("'\"")) if value.kind in ("const", "path") else NOTHING


def guard(text: str) -> str:
    """The lock in `Annotated[int, GuardedBy("_lock")]`, "" if there is none."""
    found = _GUARDED.search(text) if "GuardedBy" in text else None
    return found[1] if found else ""


def _parse(function: Function, text: str, depth: int) -> Terms:
    text = text.strip()
    if depth > 6 or not text:
        return NOTHING
    if text[0] in "'\"" and text[-1] == text[0]:
        text = text[1:-1].strip()
    parts = list(split_top(text, "|"))
    if len(parts) > 1:
        return types.union(_parse(function, part, depth + 1) for part in parts)
    head, bracket, rest = text.partition("[")
    if not _NAME.match(head):
        return NOTHING
    last = head.rpartition(".")[2]
    if bracket:
        if not rest.endswith("]"):
            return NOTHING
        return _generic(function, head, last, list(split_top(rest[:-1], ",")), depth)
    if last in _SILENT:
        return NOTHING
    if last in _CONTAINERS:
        return one("instance", _CONTAINERS[last])
    return _instances(function, head)


def _generic(function: Function, head: str, last: str, args: list[str], depth: int) -> Terms:
    if last in _TRANSPARENT:
        chosen = args if last == "Union" else args[:1]
        return types.union(_parse(function, arg, depth + 1) for arg in chosen)
    if last in ("Type", "type"):
        inner = _parse(function, args[0], depth + 1)
        return frozenset(Term("class", t.name) for t in inner if t.kind == "instance")
    if last in _SILENT:
        return NOTHING
    container = _CONTAINERS.get(last)
    if container is None:
        return _instances(function, head)
    chosen = args[-1:] if container in _KEYED else args[:1]
    element = types.union(_parse(function, arg, depth + 1) for arg in chosen)
    return frozenset((Term("instance", container, element),))


def _instances(function: Function, head: str) -> Terms:
    """Instances of the class that a name in an annotation denotes."""
    found: set[Term] = set()
    for term in types.infer(_scope(function), head):
        if term.kind in ("class", "name"):
            found.add(Term("instance", term.name))
    return frozenset(found)


def split_top(text: str, separator: str) -> Iterator[str]:
    """Parts between separators that stand outside brackets and quotes."""
    depth, start, quote = 0, 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif char == separator and not depth:
            yield text[start:index]
            start = index + 1
    yield text[start:]
