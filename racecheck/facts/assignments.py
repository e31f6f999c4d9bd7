"""Simple statements: stores and what they are computed from, returns, raises, deletes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from racecheck.facts import names
from racecheck.facts.conditions import Conditions
from racecheck.facts.nodes import cst
from racecheck.facts.schema import Import, Value
from racecheck.facts.tree import children
from racecheck.facts.values import value_of

_OPERATORS: dict[type, str] = {
    cst.AddAssign: "+=",
    cst.SubtractAssign: "-=",
    cst.BitOrAssign: "|=",
    cst.BitAndAssign: "&=",
}


class Assignments(Conditions):
    """Adds the simple statements to the walk."""

    def __init__(self) -> None:
        super().__init__()
        self.imports: list[Import] = []
        self._simple: dict[type, Callable[[Any], bool]] = {
            cst.Expr: self._expr,
            cst.Assign: self._assign,
            cst.AnnAssign: self._ann_assign,
            cst.AugAssign: self._aug_assign,
            cst.Return: self._return,
            cst.Raise: self._raise,
            cst.Break: self._break,
            cst.Continue: self._continue,
            cst.Del: self._del,
            cst.Assert: self._assert,
            cst.Global: self._global,
            cst.Nonlocal: self._nonlocal,
            cst.Import: self._import,
            cst.ImportFrom: self._import_from,
        }

    def small(self, node: cst.BaseSmallStatement) -> bool:
        """Walk one simple statement; True when control never goes on behind it."""
        handler = self._simple.get(type(node))
        if handler is not None:
            return handler(node)
        for child in children(node):
            self.read(child)
        return False

    # --- expressions as statements --------------------------------------------------------

    def _expr(self, node: cst.Expr) -> bool:
        value = node.value
        if type(value) is cst.Call:
            self.call(value, "drop")
        elif type(value) is cst.Attribute:
            self.read_as(value, "statement")
        else:
            self.read(value)
        return False

    # --- stores ---------------------------------------------------------------------------

    def _rhs(self, node: cst.BaseExpression, into: str) -> Value:
        """Walk the right side of an assignment; returns what it is."""
        if type(node) is cst.Lambda:
            return self.value(node)
        if type(node) is cst.Call:
            self.call(node, "bind", into)
        elif type(node) is cst.Await and type(node.expression) is cst.Call:
            self.call(node.expression, "await", into)
            self.scope.point("await", value_of(node.expression))
        elif type(node) in names.DOTTED:
            self.read_as(node, "alias" if into and "." not in into else "value")
        else:
            self.read(node)
        return value_of(node)

    def _assign(self, node: cst.Assign) -> bool:
        scope = self.scope
        start = len(scope.accesses)
        targets = [t.target for t in node.targets]
        value = self._rhs(node.value, names.path_of(targets[0]))
        sources = scope.names_read_since(start)
        for target in targets:
            base = target.value if type(target) is cst.Subscript else target
            opened = scope.opened_since(start, names.path_of(base))
            self._store(target, value, sources, opened, node.value)
        return False

    def _store(
        self,
        target: cst.BaseExpression,
        value: Value,
        sources: tuple[str, ...],
        window: bool,
        node: cst.BaseExpression | None,
        annotation: str = "",
    ) -> None:
        if type(target) is cst.Tuple or type(target) is cst.List:
            self._unpack(target, value, sources, window, node)
        elif type(target) is cst.Name:
            self._store_name(target.value, value, sources, window, annotation)
        elif type(target) is cst.Attribute:
            self._store_attribute(target, value, sources, window, annotation)
        elif type(target) is cst.Subscript:
            self._store_item(target, value, sources, window)
        elif type(target) is cst.StarredElement:
            self._store(target.value, Value("other"), sources, window, None)

    def _unpack(
        self,
        target: cst.Tuple | cst.List,
        value: Value,
        sources: tuple[str, ...],
        window: bool,
        node: cst.BaseExpression | None,
    ) -> None:
        """`a, b = x, y` stores pairwise; anything else stores unknown values."""
        parts = value.parts if value.kind in ("tuple", "list") else ()
        elements = node.elements if type(node) is cst.Tuple or type(node) is cst.List else ()
        same = len(elements) == len(target.elements)
        for index, element in enumerate(target.elements):
            part = parts[index] if same and index < len(parts) else Value("other", "unpacked")
            self._store(element.value, part, sources, window, None)

    def _store_name(
        self, name: str, value: Value, sources: tuple[str, ...], window: bool, annotation: str
    ) -> None:
        scope = self.scope
        scope.bound.add(name)
        scope.acquired.pop(name, None)
        if value.kind == "path" and ("." in value.text or name != value.text):
            alias = self._unalias(value.text)
            if "." in alias or alias not in scope.bound:
                scope.aliases[name] = alias
        else:
            scope.aliases.pop(name, None)
            method = names.last(value.text)
            if value.kind == "call" and method in names.ACQUIRES:
                scope.acquired[name] = value.text.rpartition(".")[0]
        kind = "update" if name in sources else "write"
        scope.access(name, kind, "=", "", value, sources, window, annotation=annotation)

    def _store_attribute(
        self,
        target: cst.Attribute,
        value: Value,
        sources: tuple[str, ...],
        window: bool,
        annotation: str,
    ) -> None:
        scope = self.scope
        if type(target.value) is not cst.Name:
            self._inside(target)
        else:
            scope.used.add(target.value.value)
        if path := names.path_of(target):
            scope.unalias(path)
            kind = "update" if path in sources else "write"
            scope.access(path, kind, "=", "", value, sources, window, annotation=annotation)

    def _store_item(
        self, target: cst.Subscript, value: Value, sources: tuple[str, ...], window: bool
    ) -> None:
        base = names.path_of(target.value)
        if type(target.value) is not cst.Name:
            self._inside_receiver(target.value)
        for element in target.slice:
            self.read(element)
        if base:
            self.scope.used.add(names.root(base))
            base = self._unalias(base)
            key = self._key(target)
            own = any(s == base or s.startswith(base + "[") for s in sources)
            own = own and not self._reads_other_items(base, key)
            via = "[]+=" if own else "[]="
            self.scope.access(base, "mutate", via, key, value, sources, window and own)

    def _reads_other_items(self, base: str, key: str) -> bool:
        """Does this statement read `base` only as a whole, or at keys that surely are not `key`?"""
        stored = _literal(key)
        for access in reversed(self.scope.accesses):
            if not stored or access.line != self.scope.line:
                break
            if access.path == base or access.path.startswith(base + "["):
                whole = access.via == "arg" and not access.key
                if not whole and _literal(access.key) in ("", stored):
                    return False
        return bool(stored)

    def _ann_assign(self, node: cst.AnnAssign) -> bool:
        annotation = names.brief(node.annotation.annotation, 80)
        if node.value is None:
            if type(node.target) is cst.Name and self.scope.name == "<class>":
                self._store(node.target, Value("other", "declared"), (), False, None, annotation)
            elif type(node.target) is cst.Attribute:
                path = names.path_of(node.target)
                self.scope.access(path, "read", "declared", annotation=annotation)
            return False
        start = len(self.scope.accesses)
        path = names.path_of(node.target)
        value = self._rhs(node.value, path)
        sources = self.scope.names_read_since(start)
        opened = self.scope.opened_since(start, path)
        self._store(node.target, value, sources, opened, node.value, annotation)
        return False

    def _aug_assign(self, node: cst.AugAssign) -> bool:
        scope = self.scope
        target, start = node.target, len(scope.accesses)
        calls = len(scope.calls) + len(scope.points)
        subscript = type(target) is cst.Subscript
        inner = target.value if type(target) is cst.Subscript else target
        if type(target) in names.PATHS and type(inner) is not cst.Name:
            self._inside(target) if not subscript else self._inside_receiver(inner)
        if type(target) is cst.Subscript:
            for element in target.slice:
                self.read(element)
        value = value_of(node.value)
        self.read(node.value)
        sources = scope.names_read_since(start)
        opened = len(scope.calls) + len(scope.points) > calls
        operator = _OPERATORS.get(type(node.operator), "op=")
        path = names.path_of(inner)
        if not path:
            self.read(target)
        elif type(target) is cst.Subscript:
            scope.used.add(names.root(path))
            key = self._key(target)
            path = self._unalias(path)
            scope.access(path, "mutate", "[]+=", key, value, (path, *sources), opened)
        else:
            scope.used.add(names.root(path))
            if type(target) is cst.Name:
                scope.bound.add(path)
            scope.access(path, "update", operator, "", value, (path, *sources), opened)
        return False

    def _del(self, node: cst.Del) -> bool:
        targets = [node.target]
        if type(node.target) is cst.Tuple:
            targets = [e.value for e in node.target.elements]  # type: ignore[misc]
        for target in targets:
            if type(target) is cst.Subscript:
                self._inside_receiver(target.value)
                if base := names.path_of(target.value):
                    self._state(base, "mutate", "del[]", self._key(target))
            elif type(target) is cst.Attribute:
                self._inside(target)
                if path := names.path_of(target):
                    self.scope.access(path, "delete", "del")
        return False

    # --- leaving --------------------------------------------------------------------------

    def _return(self, node: cst.Return) -> bool:
        value = value_of(node.value) if node.value is not None else Value("const", "None")
        if type(node.value) is cst.Call:
            self.call(node.value, "return")
        elif type(node.value) is cst.Lambda:
            value = self.value(node.value)
        elif node.value is not None and type(node.value) in names.PATHS:
            self.read_as(node.value, "return")
        elif node.value is not None:
            self.read(node.value)
        self.scope.point("return", value)
        return True

    def _raise(self, node: cst.Raise) -> bool:
        if node.exc is not None:
            self.read(node.exc)
        self.scope.point("raise", value_of(node.exc) if node.exc else None)
        return True

    def _break(self, node: cst.Break) -> bool:
        if self.scope.loop_flows:
            frame = self.scope.loop_flows[-1]
            frame.breaks.append(self.scope.flow_out_of(frame))
        self.scope.point("break")
        return True

    def _continue(self, node: cst.Continue) -> bool:
        self.scope.point("continue")
        return True

    def _assert(self, node: cst.Assert) -> bool:
        self.record_test(node.test, "assert")
        if node.msg is not None:
            self.read(node.msg)
        return False

    # --- names ----------------------------------------------------------------------------

    def _global(self, node: cst.Global) -> bool:
        self.scope.declared_global.update(n.name.value for n in node.names)
        return False

    def _nonlocal(self, node: cst.Nonlocal) -> bool:
        self.scope.declared_nonlocal.update(n.name.value for n in node.names)
        return False

    def _import(self, node: cst.Import) -> bool:
        lazy = self.scope.name not in ("<module>", "<class>")
        for alias in node.names:
            target = dotted(alias.name)
            name = _asname(alias) or names.root(target)
            full = target if alias.asname else name
            self.imports.append(Import(name, full, "", 0, self.scope.line, lazy))
            if not alias.asname and "." in target:
                self.imports.append(Import(target, target, "", 0, self.scope.line, lazy))
        return False

    def _import_from(self, node: cst.ImportFrom) -> bool:
        lazy = self.scope.name not in ("<module>", "<class>")
        module = dotted(node.module) if node.module is not None else ""
        level, line = len(node.relative), self.scope.line
        if isinstance(node.names, cst.ImportStar):
            self.imports.append(Import("*", "*", module, level, line, lazy, True))
            return False
        for alias in node.names:
            target = dotted(alias.name)
            name = _asname(alias) or target
            self.imports.append(Import(name, target, module, level, line, lazy, True))
        return False

    def bind_pattern(self, node: cst.CSTNode) -> None:
        """Names bound by a match pattern."""
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            self.scope.bound.add(node.name.value)


def _literal(key: str) -> str:
    """A key that is a text or a number, however it is quoted; "" for any other expression."""
    quoted = len(key) > 1 and key[0] in "'\"" and key[0] == key[-1]
    if quoted and key[0] not in key[1:-1]:
        return key[1:-1] or "''"
    return key if key.isdigit() else ""


def dotted(node: cst.Attribute | cst.Name) -> str:
    """A module name of any depth."""
    parts: list[str] = []
    current: cst.BaseExpression = node
    while type(current) is cst.Attribute:
        parts.append(current.attr.value)
        current = current.value
    if type(current) is cst.Name:
        parts.append(current.value)
    return ".".join(reversed(parts))


def _asname(alias: cst.ImportAlias) -> str:
    asname = alias.asname
    return asname.name.value if asname and type(asname.name) is cst.Name else ""
