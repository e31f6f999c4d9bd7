"""One access as the walk over a statement finds it, before roles are known and sites are made."""

from __future__ import annotations

import ast
from typing import Final, TypeAlias, TypeGuard

from racecheck.runtime.sites import Asked, Mode, Role, Simple, What

DEPTH: Final = 4
"""Steps of a path; longer ones are not followed."""


class Inside(str):
    """A step of a path that is an item: `[key]` as it is written, and the expression of the key."""

    __slots__ = ("key",)

    key: ast.expr

    @classmethod
    def by(cls, key: ast.expr) -> Inside:
        """The item under `key`."""
        made = cls(f"[{key_text(key)}]")
        made.key = key
        return made


Path: TypeAlias = tuple[str, ...]
"""Names of attributes, and `Inside`."""

Thing: TypeAlias = tuple[str, ...]
"""What an access is about, comparable: ("a", root, path..., name), ("s", ...), ("i", ..., key)."""

_ORDER: Final = tuple(Role)


class Touched:
    """`root` is a name; `kind` how it is reached (sites.VALUE, CELL, MODULE)."""

    __slots__ = (
        "after",
        "asked",
        "base",
        "certain",
        "clears",
        "idempotent",
        "key",
        "keyed",
        "kind",
        "line",
        "maybe",
        "mode",
        "name",
        "path",
        "polls",
        "role",
        "root",
        "safe",
        "spans",
        "statement",
        "stores",
        "vague",
        "what",
    )

    def __init__(
        self,
        what: What,
        kind: str,
        root: str,
        path: Path = (),
        name: str = "",
        mode: Mode = Mode.READ,
        key: ast.expr | None = None,
    ) -> None:
        self.what = what
        self.kind = kind
        self.root = root
        self.path = path
        self.name = name
        self.mode = mode
        self.key = key
        self.role = Role.PLAIN
        self.line = 0
        self.after = False
        self.keyed = True
        """Whether the key can be looked at (its variable is certainly bound)."""
        self.safe = False
        """Does nothing if it comes too late (`pop(k, None)`), so it needs no check before it."""
        self.spans = False
        self.polls = False
        self.maybe = False
        """Whether it may be left out, as what comes first decides (`a and b`)."""
        self.certain = True
        """Whether its root is bound before the statement; else it can only be told behind it."""
        self.idempotent = False
        self.stores: tuple[Simple, ...] = ()
        self.asked: list[Asked] = []
        self.vague = False
        """Relies on a test of which is not known what exactly it asked."""
        self.clears = False
        self.base: ast.Name | None = None
        self.statement: ast.stmt | None = None

    @property
    def thing(self) -> Thing:
        """What it is about."""
        if self.what is What.VARIABLE:
            return "v", self.root
        if self.what is What.ATTRIBUTE:
            return "a", self.root, *self.path, self.name
        if self.key is not None:
            return "i", self.root, *self.path, key_text(self.key)
        return "s", self.root, *self.path

    @property
    def shape(self) -> Thing:
        """The container as a whole."""
        return "s", self.root, *self.path

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.mode not in (Mode.READ, Mode.PROBE)

    @property
    def text(self) -> str:
        """The thing as it is written; of a container's item or method, the container."""
        steps = [*self.path, self.name] if self.what is What.ATTRIBUTE else self.path
        return self.root + "".join(s if isinstance(s, Inside) else f".{s}" for s in steps)

    def raise_to(self, role: Role) -> None:
        """Play at least this part."""
        if _ORDER.index(role) > _ORDER.index(self.role):
            self.role = role

    def relies_on(self, asked: Asked | None) -> None:
        """It makes sense only while this holds; None for a test that is not understood."""
        if asked is None:
            self.vague = True
        elif asked not in self.asked:
            self.asked.append(asked)

    def __repr__(self) -> str:
        when = " after" if self.after else ""
        role = f" {self.role.value}" if self.role is not Role.PLAIN else ""
        key = f"[{key_text(self.key)}]" if self.key is not None else ""
        called = f".{self.name}()" if self.what is What.CALL else ""
        return f"{self.what.value} {self.mode.value} {self.text}{called}{key}{role}{when}"


def path_of(node: ast.AST) -> tuple[ast.Name, Path] | None:
    """(variable, steps) of `a.b[k].c`; None for any other expression."""
    steps: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            steps.append(node.attr)
        elif is_key(node.slice):
            steps.append(Inside.by(node.slice))
        else:
            return None
        node = node.value
    if not isinstance(node, ast.Name) or len(steps) > DEPTH:
        return None
    return node, tuple(reversed(steps))


def attributes_of(node: ast.AST) -> tuple[ast.Name, Path] | None:
    """(variable, attributes) of `a.b.c`; None for any other expression."""
    found = path_of(node)
    return None if found is None or any(isinstance(s, Inside) for s in found[1]) else found


def is_key(node: ast.expr) -> bool:
    """Whether a key can be known without evaluating anything: a constant or `a.b.c`."""
    return constant_of(node)[0] or attributes_of(node) is not None


def keys_of(path: Path) -> list[ast.Name]:
    """The variables that the keys of a path begin with."""
    found = (attributes_of(step.key) for step in path if isinstance(step, Inside))
    return [one[0] for one in found if one is not None]


def constant_of(node: ast.expr) -> tuple[bool, object]:
    """(whether it is a constant, its value)."""
    try:
        return True, ast.literal_eval(node) if _is_literal(node) else _fail()
    except (ValueError, TypeError, SyntaxError):
        return False, None


def is_simple(value: object) -> TypeGuard[Simple]:
    """Whether it is a constant that can be written down with a site."""
    return value is None or type(value) in (bool, int, str)


def _fail() -> object:
    raise ValueError


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return all(_is_literal(part) for part in node.elts)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.Constant) and node.value is not Ellipsis


def key_text(node: ast.expr) -> str:
    """The key as text, for comparing."""
    found = attributes_of(node)
    return ".".join([found[0].id, *found[1]]) if found else ast.unparse(node)
