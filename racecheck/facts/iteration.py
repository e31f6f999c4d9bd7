"""Loops over something: what is iterated, comprehensions, and the names that they bind."""

from __future__ import annotations

from racecheck.facts import names
from racecheck.facts.expressions import Expressions
from racecheck.facts.nodes import cst
from racecheck.facts.schema import Loop

_VIEWS = ("items", "itervalues", "iterkeys", "dict_values", "dict_keys")


class Iteration(Expressions):
    """Adds iteration to the expression walk."""

    def __init__(self) -> None:
        super().__init__()
        self._table |= {
            cst.ListComp: self._comp,
            cst.SetComp: self._comp,
            cst.DictComp: self._comp,
            cst.GeneratorExp: self._comp,
        }

    def iterable(self, node: cst.BaseExpression) -> str:
        """Walk what a loop iterates over; returns its path. Live views count as iteration."""
        base, via = node, ""
        if type(node) is cst.Call and type(node.func) is cst.Attribute and not node.args:
            if node.func.attr.value in names.ITERATING:
                base, via = node.func.value, node.func.attr.value
        if type(node) is cst.Call and names.path_of(node.func) in (
            "enumerate",
            "reversed",
            "zip",
        ):
            for arg in node.args:
                self.iterable(arg.value)
            self.scope.call(names.path_of(node.func), (), (), "iter", "", False)
            return ""
        if type(node) is cst.Call and len(node.args) == 1 and not node.args[0].keyword:
            if names.last(names.path_of(node.func)).endswith(_VIEWS):
                return self._view_by_function(node)
        path = names.path_of(base)
        if path and type(base) in names.PATHS:
            self._inside_receiver(base)
            self._state(path, "iterate", via)
            if via:
                self.scope.call(f"{path}.{via}", (), (), "iter", "", False)
            return names.extend(path, f".{via}()") if via else path
        if type(node) is cst.Call:
            self.call(node, "iter")
            return names.path_of(node)
        self.read(node)
        return path

    def _view_by_function(self, node: cst.Call) -> str:
        """`six.iteritems(d)` walks the live container as `d.items()` does."""
        self.scope.call(names.path_of(node.func), (), (), "iter", "", False)
        inner = node.args[0].value
        path = names.path_of(inner)
        if not path or type(inner) not in names.DOTTED:
            self.read(inner)
            return ""
        self._inside_receiver(inner)
        self._state(path, "iterate", "items")
        return path

    def _comp(self, node: cst.BaseComp) -> None:
        self._comp_for(node.for_in, node)

    def _comp_for(self, comp: cst.CompFor, node: cst.BaseComp) -> None:
        scope = self.scope
        first = scope.seq
        outer = scope.loop
        path = self.iterable(comp.iter)
        index = len(scope.loops)
        scope.loops.append(Loop(scope.line, first, 0, "comp", path, parent=outer))
        scope.loop = index
        scope.moved()
        self.bind_names(comp.target)
        depth = len(scope.under)
        for condition in comp.ifs:
            scope.under.append(self.record_test(condition.test, "if") + 1)
            scope.moved()
        if comp.inner_for_in is not None:
            self._comp_for(comp.inner_for_in, node)
        elif type(node) is cst.DictComp:
            self.read(node.key)
            self.read(node.value)
        else:
            self.read(node.elt)  # type: ignore[attr-defined]
        del scope.under[depth:]
        scope.loop = outer
        scope.moved()
        scope.loops[index] = Loop(scope.line, first, scope.seq, "comp", path, parent=outer)

    def bind_names(self, target: cst.BaseExpression) -> None:
        """Names bound by a loop or comprehension target."""
        if type(target) is cst.Name:
            self.scope.bound.add(target.value)
            self.scope.aliases.pop(target.value, None)
        elif type(target) is cst.Tuple or type(target) is cst.List:
            for element in target.elements:
                self.bind_names(element.value)
        elif type(target) in names.PATHS:
            self._inside(target)
            if type(target) is cst.Attribute and (path := names.path_of(target)):
                self.scope.access(path, "write", "for")
