"""The walk over one tree: scopes, and what is kept of each function."""

from __future__ import annotations

from racecheck.facts import comments, names, schema
from racecheck.facts.builder import Builder
from racecheck.facts.nodes import cst
from racecheck.facts.parse import Source
from racecheck.facts.schema import Access, Param, Value
from racecheck.facts.statements import Statements
from racecheck.facts.values import value_of

_TELLING = frozenset(
    {"call", "path", "lambda", "list", "dict", "set", "comp", "await", "or", "tuple"}
)
_LOOKS = frozenset({"read", "check"})


class Extractor(Statements):
    """Walks a module; `builders` holds every function met, the module body first."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.layout.starts)
        self._ends = source.layout.ends
        self.builders: list[Builder] = []
        self.classes: list[schema.Class] = []
        self.scope = Builder("<module>", "<module>", 1, None)
        self.builders.append(self.scope)

    def module(self, tree: cst.Module) -> None:
        """Walk the whole module."""
        self.scope.claims = _doc_claims(tree.body)
        self.body(tree)
        self.scope.point("fall")
        self.scope.end_line = self._ends[-1] if self._ends else 1

    def let_go(self) -> None:
        """Drop the tables of bound methods: a cycle that would keep all of a file for a while."""
        for table in (self._table, self._simple, self._compound):
            table.clear()

    # --- scopes ---------------------------------------------------------------------------

    def define(self, node: cst.FunctionDef | cst.ClassDef) -> None:
        """Walk decorators here, the rest as a scope of its own."""
        decorators = []
        for decorator in node.decorators:
            self.tick()
            decorators.append(self.value(decorator.decorator))
            if type(decorator.decorator) is cst.Call:
                self.call(decorator.decorator, "other")
        self.tick()
        self.scope.bound.add(node.name.value)
        if isinstance(node, cst.ClassDef):
            self._class(node, tuple(decorators))
        else:
            self._function(node, tuple(decorators))

    def _open(self, name: str, kind: str) -> Builder:
        parent = self.scope
        qualname = parent.child_name(name)
        if kind == "<class>":
            qualname += ".<class>"
        builder = Builder(qualname, kind or name, parent.line, parent)
        self.builders.append(builder)
        return builder

    def _walk(self, builder: Builder, body: cst.BaseSuite) -> None:
        outer, self.scope = self.scope, builder
        if not self.body(body):
            builder.point("fall")
        last = self._tick - 1
        builder.end_line = self._ends[last] if last < len(self._ends) else builder.line
        self.scope = outer

    def _function(self, node: cst.FunctionDef, decorators: tuple[Value, ...]) -> None:
        self._defaults(node.params)
        builder = self._open(node.name.value, "")
        if self.scope.name == "<class>":
            builder.owner = self.scope.qualname.removesuffix(".<class>")
        builder.decorators = decorators
        builder.is_async = node.asynchronous is not None
        builder.params = _params(node.params)
        builder.bound.update(p.name for p in builder.params)
        builder.returns = names.brief(node.returns.annotation, 80) if node.returns else ""
        builder.claims = _doc_claims(node.body.body)
        self._walk(builder, node.body)

    def _defaults(self, params: cst.Parameters) -> None:
        for param in (*params.params, *params.kwonly_params, *params.posonly_params):
            if param.default is not None:
                self.read(param.default)

    def lambda_function(self, node: cst.Lambda) -> str:
        """Walk a lambda as a function of its own; returns its qualname."""
        self._defaults(node.params)
        builder = self._open(f"<lambda:{self.scope.line}>", "<lambda>")
        builder.params = _params(node.params)
        builder.bound.update(p.name for p in builder.params)
        outer, self.scope = self.scope, builder
        if type(node.body) is cst.Call:
            self.call(node.body, "return")
        else:
            self.read(node.body)
        builder.point("return", value_of(node.body))
        self.scope = outer
        return builder.qualname

    def _class(self, node: cst.ClassDef, decorators: tuple[Value, ...]) -> None:
        metaclass = ""
        for arg in (*node.bases, *node.keywords):
            if arg.keyword is not None and arg.keyword.value == "metaclass":
                metaclass = names.path_of(arg.value)
            self.read(arg.value)
        builder = self._open(node.name.value, "<class>")
        builder.claims = _doc_claims(node.body.body)
        index = len(self.classes)
        qualname = builder.qualname.removesuffix(".<class>")
        self.classes.append(schema.Class(qualname, node.name.value, builder.line, 0))
        self._walk(builder, node.body)
        bases = tuple(_base(a.value) for a in node.bases if a.keyword is None and not a.star)
        self.classes[index] = schema.Class(
            qualname=qualname,
            name=node.name.value,
            line=builder.first_line,
            end_line=builder.end_line,
            bases=bases,
            metaclass=metaclass,
            decorators=decorators,
            methods=tuple(b.name for b in self.builders if b.owner == qualname),
            parent=builder.parent.qualname if builder.parent else "",
            claims=builder.claims,
        )


def _base(node: cst.BaseExpression) -> str:
    """A base class as a path; `Generic[T]` is `Generic`."""
    if type(node) is cst.Subscript:
        return names.path_of(node.value)
    return names.path_of(node) or "?"


def _params(params: cst.Parameters) -> tuple[Param, ...]:
    found = [_param(p, "pos") for p in (*params.posonly_params, *params.params)]
    if type(params.star_arg) is cst.Param:
        found.append(_param(params.star_arg, "*"))
    found += [_param(p, "kw") for p in params.kwonly_params]
    if params.star_kwarg is not None:
        found.append(_param(params.star_kwarg, "**"))
    return tuple(found)


def _param(node: cst.Param, kind: str) -> Param:
    annotation = names.brief(node.annotation.annotation, 80) if node.annotation else ""
    default = names.brief(node.default) if node.default is not None else ""
    return Param(node.name.value, annotation, default, kind)


def _doc_claims(body: object) -> tuple[str, ...]:
    if not isinstance(body, (list, tuple)) or not body:
        return ()
    first = body[0]
    if type(first) is cst.SimpleStatementLine and type(first.body[0]) is cst.Expr:
        value = first.body[0].value
        if type(value) is cst.SimpleString or type(value) is cst.ConcatenatedString:
            text = value.value if type(value) is cst.SimpleString else names.brief(value, 2000)
            return comments.claims(text)
    return ()


# --- what is kept ---------------------------------------------------------------------------


class Keeper:
    """Which accesses are facts: those to attributes, globals, captured names, telling locals."""

    def __init__(self, builders: list[Builder], imports: list[schema.Import]) -> None:
        self._imported = {i.name for i in imports}
        module = builders[0]
        declared = {name for b in builders for name in b.declared_global}
        stored = {a.path for a in module.accesses if a.kind in ("write", "update")}
        self._globals = (stored | declared) - self._imported
        self._outer = self._globals | self._imported
        self._objects: dict[int, set[str]] = {}
        self.free = {id(b): self._free(b) for b in builders}
        self._captured: dict[int, set[str]] = {id(b): set() for b in builders}
        for builder in builders:
            for name in self.free[id(builder)]:
                self._capture(builder, name)

    def _free(self, builder: Builder) -> tuple[str, ...]:
        own = builder.bound - builder.declared_nonlocal
        found = []
        for name in builder.used | builder.declared_nonlocal:
            if name not in own and name not in builder.declared_global:
                if _binder(builder, name) is not None:
                    found.append(name)
        return tuple(sorted(found))

    def _capture(self, builder: Builder, name: str) -> None:
        binder = _binder(builder, name)
        if binder is not None:
            self._captured[id(binder)].add(name)

    def keep(self, builder: Builder) -> list[Access]:
        """The accesses of `builder` that are facts."""
        if builder.name == "<class>":
            return [a for a in builder.accesses if self._wanted(builder, a)]
        # Why asked first: three of five are looks at locals that are nobody else's.
        known = {region.path for region in builder.regions}
        known.update(
            self._captured[id(builder)], self.free[id(builder)], self._new_objects(builder)
        )
        outer = self._outer
        return [
            a
            for a in builder.accesses
            if (
                (path := a.path) in outer
                or path in known
                or a.kind not in _LOOKS
                or not path.isidentifier()
            )
            and self._wanted(builder, a)
        ]

    def _new_objects(self, builder: Builder) -> set[str]:
        """Locals that are bound to `Class(...)`."""
        found = self._objects.get(id(builder))
        if found is None:
            found = self._objects[id(builder)] = {
                call.into
                for call in builder.calls
                if call.use == "bind" and names.last(call.path).lstrip("_")[:1].isupper()
            }
        return found

    def _wanted(self, builder: Builder, access: Access) -> bool:
        path = access.path
        if "." not in path and "[" not in path and "(" not in path:
            return self._wanted_name(builder, access)
        if access.via == "()":
            return path.count(".") == 1 and path.startswith(("self.", "cls."))
        if access.kind == "read" and names.root(path) in self._imported:
            return not access.via.startswith(".")
        return True

    def _wanted_name(self, builder: Builder, access: Access) -> bool:
        name, kind = access.path, access.kind
        if name in self._captured[id(builder)] or name in self.free[id(builder)]:
            return access.via != "()"
        if builder.name == "<class>":
            return kind != "read"
        if (
            name in builder.bound
            and builder.name != "<module>"
            and name not in builder.declared_global
        ):
            value = access.value
            telling = value is not None and value.kind in _TELLING
            if kind in ("write", "update"):
                return telling or bool(access.annotation) or self._from_state(access)
            # Why: whether a local lock or a new object leaves can be seen from its uses only.
            return any(region.path == name for region in builder.regions) or (
                not access.via.startswith((".", "(")) and name in self._new_objects(builder)
            )
        if name in self._globals:
            return True
        return name in self._imported and kind not in ("read", "check")

    def _from_state(self, access: Access) -> bool:
        """Is a local computed from an attribute or a global? It may carry a check across a lock."""
        return any("." in s or s in self._globals for s in access.sources)


def _binder(builder: Builder, name: str) -> Builder | None:
    """The enclosing function that binds `name`, if any."""
    up = builder.parent
    while up is not None:
        if up.name not in ("<class>", "<module>") and name in up.bound - up.declared_nonlocal:
            return up
        up = up.parent
    return None
