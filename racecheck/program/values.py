"""What the right side of an assignment or an argument denotes."""

from __future__ import annotations

from racecheck.facts.schema import Access, Call, Value
from racecheck.program import hints, types
from racecheck.program.model import Function
from racecheck.program.tables import NOTHING, Tables, Term, Terms, of, one, ordered

_PUTS = frozenset(
    ("[]=", "append", "appendleft", "add", "insert", "setdefault", "put", "put_nowait")
)
_GETS = frozenset(("get", "pop", "popleft", "setdefault", "__getitem__", "get_nowait"))
_VIEWS = frozenset(("values", "copy"))
_COLLECTS = frozenset(
    ("list", "tuple", "set", "frozenset", "sorted", "reversed", "collections.deque")
)
_PARTIALS = frozenset(("functools.partial", "functools.partialmethod", "weakref.WeakMethod"))
_SAME = frozenset(("copy.copy", "copy.deepcopy", "weakref.proxy", "iter", "contextlib.closing"))
_FIELDS = frozenset(("dataclasses.field", "attr.ib", "attrs.field", "attr.field", "pydantic.Field"))

_SPECIAL = frozenset().union(
    _PARTIALS, _SAME, _COLLECTS, _FIELDS, ("typing.cast", "collections.defaultdict", "getattr")
)

Known = tuple[Terms, bool]
_UNKNOWN: Known = (NOTHING, False)


def stores_value(access: Access) -> bool:
    """Does the access say something about what its path holds?"""
    if access.kind == "mutate":
        return access.via in _PUTS
    return access.kind in ("write", "update") or access.via == "declared"


def class_like(tables: Tables, name: str) -> bool:
    """Does the qualified name look like a class? Known ones are, else capital letters decide."""
    if name in tables.known_types:
        return True
    last = name.rpartition(".")[2].lstrip("_")
    return last[:1].isupper()


def external_result(tables: Tables, term: Term) -> Terms:
    """What a call of something outside the project gives."""
    name = term.name
    declared = tables.models.returns.get(name)
    if declared:
        return one("instance", declared)
    owner, _, method = name.rpartition(".")
    if term.element:
        if method in _GETS:
            return term.element
        if method in _VIEWS:
            return frozenset((Term("instance", owner, term.element),))
        return NOTHING
    return one("instance", name) if class_like(tables, name) else NOTHING


# --- stores -----------------------------------------------------------------------------------


def evaluate_store(function: Function, access: Access) -> Known:
    """What an assignment stores, and whether that is all known."""
    if access.annotation:
        declared = hints.parse(function, access.annotation)
        if declared:
            return declared, True
    value = access.value
    if access.kind == "update" and access.via != "=":
        return NOTHING, True
    if value is None or (value.kind == "other" and value.text == "declared"):
        return NOTHING, bool(value)
    terms, sure = evaluate(function, value, access.line)
    if access.via == "with":
        return entered(of(function), terms), sure
    if access.via == "for":
        return types.union(term.element for term in terms), sure
    return terms, sure


def entered(tables: Tables, terms: Terms) -> Terms:
    """What `with x as y` binds to y."""
    found: set[Term] = set()
    for term in ordered(terms):
        cls = tables.project_class(term.name) if term.kind == "instance" else None
        enter = (cls.find_method("__enter__") or cls.find_method("__aenter__")) if cls else None
        if term.name == types.MANAGER:
            found |= term.element
        elif enter is not None:
            found |= types.result(tables, enter) or {term}
        else:
            found.add(term)
    return frozenset(found)


def put_in(function: Function, access: Access) -> Terms:
    """What an in-place change puts into a container."""
    if access.value is not None:
        return evaluate(function, access.value, access.line)[0]
    call = call_at(function, f"{access.path}.{access.via}", access.line)
    if call is None or not call.args:
        return NOTHING
    if access.via == "setdefault" and len(call.args) < 2:
        return NOTHING
    last = call.args[-1] if access.via in ("insert", "setdefault") else call.args[0]
    return evaluate(function, last, access.line)[0]


def call_at(function: Function, path: str, line: int) -> Call | None:
    """The call of `path` on this line: it has the keyword arguments that a Value lacks."""
    return next((c for c in function.facts.calls if c.line == line and c.path == path), None)


# --- values -----------------------------------------------------------------------------------


def evaluate(function: Function, value: Value | None, line: int = 0) -> Known:
    """What a value denotes, and whether all alternatives are known. `None` is known nothing."""
    if value is None:
        return _UNKNOWN
    kind = value.kind
    if kind == "path":
        terms = types.infer(function, value.text)
        return terms, bool(terms)
    if kind == "call":
        terms = _call(function, value, line)
        return terms, bool(terms)
    if kind == "const":
        return _constant(value.text)
    if kind == "or":
        parts = [evaluate(function, part, line) for part in value.parts]
        return types.union(t for t, _ in parts), all(sure for _, sure in parts)
    return _literal(function, value, line)


def _literal(function: Function, value: Value, line: int) -> Known:
    kind = value.kind
    if kind == "lambda":
        return one("function", f"{function.module.name}:{value.text}"), True
    if kind == "await":
        return _awaited(function, value)
    if kind in ("list", "set", "tuple", "dict", "comp"):
        name = value.text if kind == "comp" else kind
        element = types.union(evaluate(function, part, line)[0] for part in value.parts)
        return frozenset((Term("instance", name, element),)), True
    if kind == "other" and value.text == "bool":
        return one("instance", "bool"), True
    return _UNKNOWN


def _constant(text: str) -> Known:
    if text == "None":
        return NOTHING, True
    if text in ("True", "False", "not"):
        name = "bool"
    elif text.endswith(("'", '"')):
        name = "bytes" if text[:2].lower().startswith("b") or text[:2].lower() == "rb" else "str"
    elif text.lstrip("-")[:1].isdigit() or text.lstrip("-").startswith("."):
        simple = text.lstrip("-").replace("_", "").isdigit() or text.lower().startswith("0x")
        name = "int" if simple else "float"
    else:
        return _UNKNOWN
    return one("instance", name), True


def _awaited(function: Function, value: Value) -> Known:
    tables = of(function)
    found: set[Term] = set()
    for term in ordered(types.infer(function, value.text)):
        target = tables.function(term) if term.kind == "function" else None
        found |= types.result(tables, target) if target else types.step(tables, term, "()")
    return frozenset(found), bool(found)


def _call(function: Function, value: Value, line: int) -> Terms:
    callee = types.infer(function, value.text)
    for term in ordered(callee):
        if term.name in _SPECIAL and term.kind in ("name", "class"):
            special = _special(function, term.name, value, line)
            if special is not None:
                return special
    return types.infer(function, value.text + "()")


def _special(function: Function, name: str, value: Value, line: int) -> Terms | None:
    """Library functions whose result depends on their arguments; None when this is none of them."""
    first = value.parts[0] if value.parts else None
    if name in _PARTIALS or name in _SAME:
        return evaluate(function, first, line)[0]
    if name == "typing.cast" and len(value.parts) > 1:
        return hints.from_value(function, value.parts[0])
    if name in _COLLECTS:
        element = types.union(t.element for t in evaluate(function, first, line)[0])
        kind = "list" if name in ("sorted", "reversed") else name
        return frozenset((Term("instance", kind, element),))
    if name == "collections.defaultdict":
        return frozenset((Term("instance", name, _made_by(function, first, line)),))
    if name in _FIELDS:
        return _field(function, value, line)
    if name == "getattr" and len(value.parts) > 1:
        return _get_attribute(function, value)
    return None


def _made_by(function: Function, factory: Value | None, line: int) -> Terms:
    """What calling a factory without arguments gives."""
    tables = of(function)
    terms = evaluate(function, factory, line)[0] if factory else NOTHING
    return types.union(types.step(tables, term, "()") for term in ordered(terms))


def _field(function: Function, value: Value, line: int) -> Terms:
    call = call_at(function, value.text, line)
    for name, keyword in call.keywords if call else ():
        if name in ("default_factory", "factory"):
            return _made_by(function, keyword, line)
        if name == "default":
            return evaluate(function, keyword, line)[0]
    return NOTHING


def _get_attribute(function: Function, value: Value) -> Terms:
    base, name = value.parts[0], value.parts[1]
    text = name.text.strip("'\"")
    if base.kind != "path" or name.kind != "const" or not text.isidentifier():
        return NOTHING
    return types.infer(function, f"{base.text}.{text}")
