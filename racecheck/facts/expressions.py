"""Walks expressions in evaluation order and records what they do.

One dispatch table and one table of the fields worth following (`tree`); no LibCST visitor, matcher
or metadata provider, which would cost more than the parse itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from racecheck.facts import names
from racecheck.facts.builder import Builder
from racecheck.facts.nodes import cst
from racecheck.facts.schema import Value
from racecheck.facts.tree import children
from racecheck.facts.values import options_of, value_of

_LEAVES = frozenset({cst.SimpleString, cst.Integer, cst.Float, cst.Imaginary, cst.Ellipsis})
_UNSHARED = frozenset({"self", "cls", "True", "False", "None"})


class Expressions:
    """The expression half of the walk. `scope` is the function under construction."""

    def __init__(self) -> None:
        self.scope: Builder
        self._table: dict[type, Callable[[Any], None]] = {
            cst.Name: self._name,
            cst.Attribute: self._attribute,
            cst.Call: self._call,
            cst.Subscript: self._subscript,
            cst.Lambda: self._lambda,
            cst.Await: self._await,
            cst.Yield: self._yield,
            cst.NamedExpr: self._named,
            cst.Comparison: self._comparison,
            cst.BooleanOperation: self._boolean,
            cst.IfExp: self._if_exp,
        }

    def lambda_function(self, node: cst.Lambda) -> str:
        """Walk a lambda as a function of its own; returns its qualname."""
        raise NotImplementedError

    def record_test(self, node: cst.BaseExpression, kind: str) -> int:
        """Walk a condition; returns its index in Function.tests."""
        raise NotImplementedError

    # --- reading --------------------------------------------------------------------------

    def read(self, node: cst.CSTNode | None) -> None:
        """Walk an expression that is evaluated for its value."""
        if node is None:
            return
        handler = self._table.get(type(node))
        if handler is not None:
            handler(node)
        elif type(node) not in _LEAVES:
            for child in children(node):
                self.read(child)

    def read_as(self, node: cst.BaseExpression, via: str, key: str = "") -> None:
        """Walk an expression and say what its value is used for."""
        if type(node) is cst.Name:
            self._word(node.value, via, key)
        elif type(node) in names.PATHS and (path := names.path_of(node)):
            self._inside(node)
            self._state(path, "read", via, key)
        else:
            self.read(node)

    def _name(self, node: cst.Name) -> None:
        self._word(node.value, "")

    def _word(self, name: str, via: str, key: str = "") -> None:
        """A read of a bare name: most of all accesses."""
        if name not in _UNSHARED:
            scope = self.scope
            scope.used.add(name)
            scope.access(name, "read", via, key)

    def _state(self, path: str, kind: str, via: str, key: str = "", snapshot: bool = False) -> None:
        if path in _UNSHARED:
            return
        scope = self.scope
        scope.used.add(names.root(path))
        if kind in ("mutate", "iterate"):
            path = self._unalias(path)
        scope.access(path, kind, via, key, snapshot=snapshot)

    def _unalias(self, path: str) -> str:
        """A local that is another name for shared state stands for it: `d = self.d; d[k] = v`."""
        aliases = self.scope.aliases
        if not aliases:
            return path
        first = names.root(path)
        known = aliases.get(first)
        return known + path[len(first) :] if known else path

    def _inside(self, node: cst.BaseExpression) -> None:
        """Walk what stands before the last step of a path."""
        if type(node) is cst.Attribute:
            self.read_as(node.value, "." + node.attr.value)
        elif type(node) is cst.Subscript:
            self.read_as(node.value, "[]", self._key(node))
            for element in node.slice:
                self.read(element)

    def _attribute(self, node: cst.Attribute) -> None:
        self._inside(node)
        if path := names.path_of(node):
            self._state(path, "read", "")

    def _subscript(self, node: cst.Subscript) -> None:
        self._inside(node)

    def _key(self, node: cst.Subscript) -> str:
        return names.brief(node.slice[0].slice) if node.slice else ""

    # --- calls ----------------------------------------------------------------------------

    def _call(self, node: cst.Call) -> None:
        self.call(node, "other", "")

    def call(self, node: cst.Call, use: str, into: str = "") -> int:
        """Walk a call whose result is used as `use`; returns its seq."""
        func, path = node.func, names.path_of(node.func)
        self._callee(node, func, path)
        args: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        starred = False
        for arg in node.args:
            self._argument(arg, path)
            if arg.star:
                starred = True
            elif arg.keyword:
                name = arg.keyword.value
                value = options_of(arg.value) if name == "kwargs" else self.value(arg.value)
                keywords.append((name, value))
            else:
                args.append(self.value(arg.value))
        seq = self.scope.call(path, tuple(args), tuple(keywords), use, into, starred)
        self._effects(node, path, seq, use)
        return seq

    def _callee(self, node: cst.Call, func: cst.BaseExpression, path: str) -> None:
        if type(func) is cst.Name:
            self._word(func.value, "()")
        elif type(func) is cst.Attribute:
            self._method(node, func, path)
        elif type(func) is cst.Call:
            self.call(func, "chain")
        else:
            self.read(func)

    def _method(self, node: cst.Call, func: cst.Attribute, path: str) -> None:
        receiver, method = func.value, func.attr.value
        base = path[: -len(method) - 1] or names.path_of(receiver)
        key = names.brief(node.args[0].value) if node.args and base else ""
        if type(receiver) is cst.Call:
            self.call(receiver, "chain")
        elif not base:
            self.read(receiver)
        else:
            if type(receiver) is not cst.Name:
                self._inside(receiver)
            if method in names.MUTATORS:
                self._state(base, "mutate", method, key)
            else:
                self._state(base, "read", f".{method}()", key, snapshot=method == "copy")
        if path:
            self._state(path, "read", "()")

    def _argument(self, arg: cst.Arg, callee: str) -> None:
        node = arg.value
        kind = type(node)
        if type(node) is cst.Call:
            if not self._live_view(node, callee):
                self.call(node, "arg", callee)
        elif kind in _LEAVES or kind is cst.Lambda:
            pass
        elif kind in names.DOTTED and (path := names.path_of(node)):
            if callee in names.SNAPSHOTS:
                if type(node) is cst.Attribute:
                    self._inside(node)
                via = "len" if callee == "len" else "snapshot"
                self._state(path, "read", via, snapshot=True)
            else:
                self.read_as(node, "arg")
        else:
            self.read(node)

    def _live_view(self, node: cst.Call, callee: str) -> bool:
        """`list(d.items())` copies the view at once: a snapshot, not an iteration."""
        func = node.func
        if callee not in names.SNAPSHOTS or type(func) is not cst.Attribute:
            return False
        base = names.path_of(func.value)
        if not base or func.attr.value not in names.ITERATING:
            return False
        self._inside_receiver(func.value)
        self._state(base, "read", "snapshot", snapshot=True)
        self.scope.call(f"{base}.{func.attr.value}", (), (), "arg", callee, False)
        return True

    def _inside_receiver(self, node: cst.BaseExpression) -> None:
        if type(node) is not cst.Name:
            self._inside(node)

    def _effects(self, node: cst.Call, path: str, seq: int, use: str) -> None:
        """Calls that change the flow state: acquire, release, enter_context, wake-ups."""
        base, _, method = path.rpartition(".")
        if not base:
            return
        if method in names.ACQUIRES:
            if use not in ("test", "bind") or not node.args:
                self.scope.acquire(base, seq)
        elif method in names.RELEASES:
            self.scope.release(base)
            self.scope.signal(path)
        elif method in names.SIGNALS:
            self.scope.signal(path)
        elif method in ("enter_context", "enter_async_context") and node.args:
            if inner := names.path_of(node.args[0].value):
                self.scope.enter_stack(inner)

    def value(self, node: cst.BaseExpression) -> Value:
        """`value_of`, with lambdas walked and named."""
        if type(node) is cst.Lambda:
            return Value("lambda", self.lambda_function(node))
        return value_of(node)

    # --- the rest -------------------------------------------------------------------------

    def _lambda(self, node: cst.Lambda) -> None:
        self.lambda_function(node)

    def _await(self, node: cst.Await) -> None:
        if type(node.expression) is cst.Call:
            self.call(node.expression, "await")
        else:
            self.read(node.expression)
        self.scope.point("await", value_of(node.expression))

    def _yield(self, node: cst.Yield) -> None:
        if isinstance(node.value, cst.From):
            self.read(node.value.item)
            source = value_of(node.value.item)
            self.scope.point("yield", Value("from", source.text, (source,)))
        else:
            if node.value is not None:
                self.read(node.value)
            self.scope.point("yield", value_of(node.value))
        self.scope.is_generator = True

    def _named(self, node: cst.NamedExpr) -> None:
        start = len(self.scope.accesses)
        self.read(node.value)
        if type(node.target) is cst.Name:
            name = node.target.value
            self.scope.bound.add(name)
            sources = self.scope.names_read_since(start)
            self.scope.access(name, "write", "=", value=value_of(node.value), sources=sources)

    def _comparison(self, node: cst.Comparison) -> None:
        operators = [type(c.operator) for c in node.comparisons]
        self.read_as(node.left, "compare") if node.left else None
        for operator, part in zip(operators, node.comparisons, strict=True):
            if operator in (cst.In, cst.NotIn):
                via = "in" if operator is cst.In else "not in"
                self.read_as(part.comparator, via, names.brief(node.left))
            else:
                self.read_as(part.comparator, "compare")

    def _boolean(self, node: cst.BooleanOperation) -> None:
        index = self.record_test(node.left, "and" if type(node.operator) is cst.And else "or")
        scope = self.scope
        positive = type(node.operator) is cst.And
        scope.under.append(index + 1 if positive else -(index + 1))
        scope.moved()
        self.read(node.right)
        scope.under.pop()
        scope.moved()

    def _if_exp(self, node: cst.IfExp) -> None:
        index = self.record_test(node.test, "ifexp")
        scope = self.scope
        for sign, branch in ((1, node.body), (-1, node.orelse)):
            scope.under.append(sign * (index + 1))
            scope.moved()
            self.read(branch)
            scope.under.pop()
        scope.moved()
