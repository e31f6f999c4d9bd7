"""Access paths: expressions as text in a normal form, cut after a few steps."""

from __future__ import annotations

from functools import lru_cache

from racecheck.core.limits import PATH_DEPTH
from racecheck.facts.codegen import text_of
from racecheck.facts.nodes import cst

MUTATORS = frozenset(
    [
        "append",
        "appendleft",
        "extend",
        "extendleft",
        "insert",
        "pop",
        "popleft",
        "popitem",
        "remove",
        "discard",
        "clear",
        "add",
        "update",
        "setdefault",
        "sort",
        "reverse",
        "rotate",
        "move_to_end",
        "intersection_update",
        "difference_update",
        "symmetric_difference_update",
        "subtract",
        "put_nowait",
        "heappush",
        "__setitem__",
        "__delitem__",
    ]
)
"""Methods that change a built-in container in place."""

ITERATING = frozenset({"values", "items", "keys"})
"""Methods whose result walks the live container."""

SNAPSHOTS = frozenset(
    [
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
        "sorted",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "str",
        "repr",
        "bytes",
        "len",
    ]
)
"""Builtins that finish reading a container before they return."""

ACQUIRES = frozenset({"acquire", "acquire_read", "acquire_write", "acquire_lock"})
RELEASES = frozenset({"release", "release_read", "release_write", "release_lock"})
SIGNALS = RELEASES | frozenset(
    [
        "set",
        "notify",
        "notify_all",
        "notifyAll",
        "task_done",
        "set_result",
        "set_exception",
        "put",
        "put_nowait",
        "cancel",
    ]
)
"""Calls that can wake another thread; `Point.done` counts them."""


DOTTED: frozenset[type] = frozenset({cst.Name, cst.Attribute})
PATHS = DOTTED | {cst.Subscript}
"""Node types that can be access paths: they name a place."""


_WORDS = frozenset({cst.Name, cst.SimpleString, cst.Integer, cst.Float})
"""Node types whose text is their value: spares the code generator, which is slow."""


def extend(base: str, step: str) -> str:
    """`base` and one more step; paths that are too deep or unknown give ""."""
    if not base or base.count(".") + base.count("[") >= PATH_DEPTH:
        return ""
    return base + step


def path_of(node: cst.CSTNode) -> str:
    """The access path of an expression, or "" when it is not one."""
    if type(node) is cst.Name:
        return node.value
    if type(node) is cst.Attribute:
        if type(node.value) is cst.Name:  # most are `self.x`
            return f"{node.value.value}.{node.attr.value}"
        return extend(path_of(node.value), "." + node.attr.value)
    if type(node) is cst.Call:
        return extend(path_of(node.func), "()")
    if type(node) is cst.Subscript:
        return extend(path_of(node.value), subscript(node))
    if type(node) is cst.Await:
        return path_of(node.expression)
    return ""


def subscript(node: cst.Subscript) -> str:
    """`[*]`, or the key itself when it is a constant string."""
    if len(node.slice) == 1 and type(index := node.slice[0].slice) is cst.Index:
        key = index.value
        if type(key) is cst.SimpleString and len(key.value) < 40 and "." not in key.value:
            return f"[{key.value}]"
    return "[*]"


@lru_cache(4096)
def root(path: str) -> str:
    """The first name of a path."""
    first = path.partition(".")[0]
    return first if first.isidentifier() else first.partition("[")[0].partition("(")[0]


def last(path: str) -> str:
    """The last name of a path, without a trailing call: the method of a callee."""
    return path.rpartition(".")[2]


def brief(node: cst.CSTNode, limit: int = 60) -> str:
    """Source text of a small expression, for keys and shapes."""
    path = path_of(node)
    if path and "[*]" not in path:
        return path
    if type(node) is cst.Index and node.star is None:
        node = node.value
    if type(node) in _WORDS and not node.lpar:  # type: ignore[attr-defined]
        return str(node.value)[:limit]  # type: ignore[attr-defined]
    return text_of(node, limit)
