"""Conditions: their shape, and the locks that are held in one branch because `acquire` said yes."""

from __future__ import annotations

from racecheck.facts import names
from racecheck.facts.builder import Builder
from racecheck.facts.iteration import Iteration
from racecheck.facts.nodes import cst
from racecheck.facts.schema import Test

_MEMBER = frozenset({cst.In, cst.NotIn})
_EQUALITY = frozenset({cst.Is, cst.IsNot, cst.Equal, cst.NotEqual})
_SIGNS: dict[type, str] = {
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
}


def _strip_not(node: cst.BaseExpression) -> tuple[cst.BaseExpression, bool]:
    positive = True
    while type(node) is cst.UnaryOperation and type(node.operator) is cst.Not:
        node, positive = node.expression, not positive
    return node, positive


def shape(node: cst.BaseExpression) -> tuple[str, str, str]:
    """(shape, target, key) of a condition, as in schema.Test."""
    inner, positive = _strip_not(node)
    if type(inner) is cst.NamedExpr:
        inner = inner.value
    if type(inner) is cst.Comparison and len(inner.comparisons) == 1:
        return _comparison(inner, positive)
    if type(inner) is cst.Call:
        path = names.path_of(inner.func)
        if path == "len" and inner.args:
            return "truth" if positive else "not", names.path_of(inner.args[0].value), "len"
        return "call", path, "" if positive else "not"
    if path := names.path_of(inner):
        return "truth" if positive else "not", path, ""
    return "mixed", "", "" if positive else "not"


def _comparison(node: cst.Comparison, positive: bool) -> tuple[str, str, str]:
    part = node.comparisons[0]
    operator, right = part.operator, part.comparator
    if type(operator) in _MEMBER:
        inside = (type(operator) is cst.In) == positive
        return "in" if inside else "not in", names.path_of(right), names.brief(node.left)
    none = type(right) is cst.Name and right.value == "None"
    if none and type(operator) in _EQUALITY:
        equal = (type(operator) in (cst.Is, cst.Equal)) == positive
        left = node.left.target if type(node.left) is cst.NamedExpr else node.left
        return "is None" if equal else "is not None", names.path_of(left), ""
    left_call = type(node.left) is cst.Call and names.path_of(node.left.func) == "len"
    if left_call and type(node.left) is cst.Call and node.left.args:
        return "compare", names.path_of(node.left.args[0].value), "len"
    target = names.path_of(node.left)
    key = f"{_sign(operator, positive)} {names.brief(right)}" if target else ""
    return "compare", target or names.path_of(right), key


def _sign(operator: cst.BaseCompOp, positive: bool) -> str:
    """`==`, `is not`, `not <`: how a comparison that may be negated compares."""
    if type(operator) not in _EQUALITY:
        sign = _SIGNS.get(type(operator), "?")
        return sign if positive else f"not {sign}"
    equal = (type(operator) in (cst.Is, cst.Equal)) == positive
    if type(operator) in (cst.Is, cst.IsNot):
        return "is" if equal else "is not"
    return "==" if equal else "!="


class Conditions(Iteration):
    """Adds conditions to the expression walk."""

    def record_test(self, node: cst.BaseExpression, kind: str) -> int:
        """Walk a condition; returns its index in Function.tests."""
        scope = self.scope
        first, start = scope.seq, len(scope.accesses)
        before, scope.checking = scope.checking, True
        inner, _ = _strip_not(node)
        if type(inner) is cst.Call:
            self.call(inner, "test")
        elif type(inner) in names.DOTTED:
            self.read_as(inner, "truth")
        else:
            self.read(node)
        scope.checking = before
        what, target, key = shape(node)
        local = [a.path for a in scope.accesses[start:] if "." not in a.path and "[" not in a.path]
        named = tuple(dict.fromkeys(local))[:8]
        scope.tests.append(Test(scope.line, first, scope.seq, kind, what, target, key, named))
        return len(scope.tests) - 1

    def acquires_when(self, node: cst.BaseExpression) -> tuple[str, bool]:
        """The path whose `acquire` decides this condition, and in which branch it is held."""
        inner, positive = _strip_not(node)
        if type(inner) is cst.BooleanOperation:
            return self._acquires_in(inner) if positive else ("", positive)
        if type(inner) is cst.NamedExpr:
            inner = inner.value
        if type(inner) is cst.Call:
            base, _, method = names.path_of(inner.func).rpartition(".")
            if method in names.ACQUIRES and base:
                return base, positive
        if type(inner) is cst.Name and (path := self.scope.acquired.get(inner.value)):
            return path, positive
        return "", positive

    def _acquires_in(self, node: cst.BooleanOperation) -> tuple[str, bool]:
        """`a and l.acquire(False)` holds when true, `a or not l.acquire(False)` when false."""
        wanted = type(node.operator) is cst.And
        for side in (node.left, node.right):
            path, when = self.acquires_when(side)
            if path and when is wanted:
                return path, wanted
        return "", True


def mark_exits(scope: Builder, index: int) -> None:
    """The true branch of this test always leaves the block."""
    test = scope.tests[index]
    scope.tests[index] = Test(
        test.line, test.first, test.last, test.kind, test.shape, test.target, test.key,
        test.names, exits=True,
    )  # fmt: skip
