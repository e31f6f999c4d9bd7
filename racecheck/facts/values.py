"""What an expression is, as far as one file can say: nodes to `Value`, recording nothing."""

from __future__ import annotations

from racecheck.facts.names import PATHS, brief, path_of
from racecheck.facts.nodes import cst
from racecheck.facts.schema import Value

OTHER = Value("other")
_CONTAINERS = {cst.List: "list", cst.Set: "set", cst.Tuple: "tuple"}
_COMPS = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.DictComp: "dict",
    cst.GeneratorExp: "generator",
}
_NUMBERS = frozenset({cst.Integer, cst.Float, cst.Imaginary})
_STRINGS = frozenset({cst.SimpleString, cst.ConcatenatedString, cst.FormattedString})
_PLAIN_CONSTANTS = frozenset({"None", "True", "False", "Ellipsis"})


def value_of(node: cst.BaseExpression | None, depth: int = 0) -> Value:
    """The Value of an expression; lambdas get their qualname from the walk (see `expressions`)."""
    if node is None:
        return OTHER
    kind = type(node)
    if type(node) is cst.Name:
        const = node.value in _PLAIN_CONSTANTS
        return Value("const" if const else "path", node.value)
    if kind in PATHS:
        path = path_of(node)
        return Value("path", path) if path else OTHER
    if type(node) is cst.Call:
        return _call(node, depth)
    if kind in _CONTAINERS:
        return _container(node, _CONTAINERS[kind], depth)
    if type(node) is cst.Dict:
        return Value("dict", "+" if node.elements else "")
    if kind in _COMPS:
        return Value("comp", _COMPS[kind])
    if type(node) is cst.Await:
        inner = value_of(node.expression, depth)
        return Value("await", inner.text, inner.parts)
    return _scalar(node, depth)


def options_of(node: cst.BaseExpression) -> Value:
    """The Value of `kwargs={..}`: its parts are the names of constants and these, by turns."""
    value = value_of(node)
    parts: list[Value] = []
    for element in node.elements if type(node) is cst.Dict else ():
        if type(element) is cst.DictElement and type(element.key) is cst.SimpleString:
            given = value_of(element.value, 1)
            name = element.key.value
            if given.kind == "const" and name[:1] in "'\"":
                parts += (Value("const", name.strip("'\"")), given)
    return Value(value.kind, value.text, tuple(parts)) if parts else value


def _call(node: cst.Call, depth: int) -> Value:
    parts = (
        tuple(value_of(a.value, depth + 1) for a in node.args[:4] if not a.keyword and not a.star)
        if depth < 2
        else ()
    )
    return Value("call", path_of(node.func), parts)


def _container(node: cst.BaseExpression, name: str, depth: int) -> Value:
    elements: tuple[cst.Element, ...] = tuple(node.elements)  # type: ignore[attr-defined]
    parts = tuple(value_of(e.value, depth + 1) for e in elements[:8]) if depth < 2 else ()
    return Value(name, "+" if elements else "", parts)


def _scalar(node: cst.BaseExpression, depth: int) -> Value:
    kind = type(node)
    if kind in _NUMBERS:
        return Value("const", node.value)  # type: ignore[attr-defined]
    if kind in _STRINGS:
        return Value("const", brief(node, 40) if kind is cst.SimpleString else "''")
    if type(node) is cst.Ellipsis:
        return Value("const", "...")
    if type(node) is cst.BooleanOperation:
        return Value("or", "", (value_of(node.left, depth + 1), value_of(node.right, depth + 1)))
    if type(node) is cst.IfExp:
        return Value("or", "", (value_of(node.body, depth + 1), value_of(node.orelse, depth + 1)))
    if type(node) is cst.NamedExpr:
        return value_of(node.value, depth)
    if type(node) is cst.UnaryOperation:
        inner = value_of(node.expression, depth + 1)
        if type(node.operator) is cst.Not:
            return Value("const", "not") if inner.kind == "const" else Value("other", "bool")
        return Value("const", "-" + inner.text) if inner.kind == "const" else OTHER
    if type(node) is cst.Comparison:
        return Value("other", "bool")
    return OTHER
