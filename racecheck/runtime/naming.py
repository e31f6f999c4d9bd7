"""How reports call locks and threads, read from the source line at which they were made.

Nothing here runs before a report is written: stacks are `(code, offset)` pairs until then. A
name is the one that lint uses as well (`Ledger._lock`, a global's own name, `function.variable`).
"""

from __future__ import annotations

import ast
import dis
import linecache
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias

from racecheck.core.place import Place
from racecheck.runtime.meeting import births
from racecheck.runtime.stacks import Frame, Stack, frames, is_ours, line_of, shown_path, users

if TYPE_CHECKING:
    from racecheck.runtime.chains import Held
    from racecheck.runtime.threads import Origin

_OPTIMIZED: Final = 0x1
"""Flag of code that is a function's: neither a module's nor a class body's."""

_KEEPERS: Final = frozenset({"append", "appendleft", "add", "insert", "setdefault", "put"})
"""Methods that keep their argument: `self._locks.append(Lock())`."""

_ENTERS: Final = frozenset({"BEFORE_WITH", "BEFORE_ASYNC_WITH"})

Point: TypeAlias = tuple[int, int, int, int]
"""First line, column, last line, column of an instruction; columns as `ast` counts them."""


class Birth(NamedTuple):
    """Where a lock was made and what it is called there. Two locks of one `key` are alike."""

    name: str
    place: Place
    function: str
    key: tuple[str, int, str]


def lock_name(lock: Held) -> str:
    """`Ledger._lock`, or "the Lock made at ledger.py:8" where no name can be read."""
    return birth(lock.made, lock.kind).name


def name_of(target: Any) -> str:
    """`Shop.orders`, of a queue, condition, event, semaphore or barrier; "" if none can be read."""
    return name_at(made_of(target))


def name_at(made: Stack) -> str:
    """What is made there is called, "" if that cannot be read."""
    return _read(made).name


def made_of(target: Any) -> Stack:
    """Where the program has made it: a condition with its lock, a queue with its mutex."""
    names = getattr(target, "__dict__", {})
    lock = names.get("_lock") or names.get("mutex") or target
    made: Stack = getattr(lock, "made", None) or births.get(target) or ()
    inside = (at for at, (code, _) in enumerate(made) if code.co_qualname != "Queue.__init__")
    return made[next(inside, 0) :]


def birth(made: Stack, kind: str = "Lock") -> Birth:
    """What it is called, or where it was made if that cannot be read."""
    found = _read(made)
    if found.name:
        return found
    if found.place.path:
        return found._replace(name=f"the {kind} made at {found.place}")
    return found._replace(name=f"a {kind}", key=("", 0, kind))


@lru_cache(maxsize=4096)
def _read(made: Stack) -> Birth:
    """Goes outwards through factories (`return Lock()`) until something is given a name."""
    told, first = "", None
    for code, offset in made:
        if is_ours(code.co_filename) or code.co_filename.startswith("<frozen"):
            continue
        if code.co_filename.startswith("<"):
            # Why: generated code (a dataclass's) has a name to tell, its caller has the place.
            told = told or _stored(code, offset)
            continue
        path, line = shown_path(code.co_filename), line_of(code, offset)
        name, outwards = _name_in(code, offset)
        key = ("", 0, told) if told else (path, line, name)
        here = Birth(told or name, Place(path, line), code.co_qualname, key)
        if here.name:
            return here
        first = first or here
        if not outwards:
            break
    return first or Birth(told, Place("", 0), "", ("", 0, told))


def _name_in(code: CodeType, offset: int) -> tuple[str, bool]:
    """The name that a call's result gets in this frame ("" for none); whether to ask the caller."""
    point = _point(code, offset)
    tree = _tree(code.co_filename)
    if tree is None or point is None:
        return "", True
    for parent, child in _around(tree, point):
        match parent:
            case ast.Assign(targets=[target, *_], value=value) if child is value:
                return _spelled(_part(target, value, point), code), False
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                return _spelled(target, code), False
            case ast.withitem(optional_vars=ast.expr() as target):
                return _spelled(target, code), False
            case ast.Call(func=ast.Attribute(value=base, attr=method), args=arguments):
                if method in _KEEPERS and child in arguments:
                    return f"{_spelled(base, code)}[*]", False
            case ast.Return() | ast.Lambda() | ast.Yield():
                return "", True
            case ast.Attribute():
                # Why: what is kept is what one of its methods returns.
                return "", False
            case ast.stmt():
                return "", False
    return "", True


def _around(tree: ast.AST, point: Point) -> Iterator[tuple[ast.AST, ast.AST]]:
    """(node, the child of it that has the point in it), the innermost node first."""
    trail: list[tuple[ast.AST, ast.AST]] = []
    node: ast.AST | None = tree
    while node is not None:
        inside = next((c for c in _children(node) if _covers(c, point)), None)
        if inside is not None:
            trail.append((node, inside))
        node = inside
    return reversed(trail)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Children with a position; those without (arguments, withitem) stand for their own."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno") or isinstance(child, (ast.withitem, ast.comprehension)):
            yield child
        else:
            yield from _children(child)


def _covers(node: ast.AST, point: Point) -> bool:
    if not hasattr(node, "lineno"):
        return any(_covers(child, point) for child in ast.iter_child_nodes(node))
    start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)  # type: ignore[attr-defined]
    return start <= point[:2] and point[2:] <= end


def _part(target: ast.expr, value: ast.expr, point: Point) -> ast.expr:
    """The target of one of several values: `a, b = Lock(), Lock()`."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return next((one for one, made in pairs if _covers(made, point)), target)
    return target


def _spelled(target: ast.expr, code: CodeType) -> str:
    match target:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attribute):
            return f"{_owner(code)}.{attribute}".lstrip(".")
        case ast.Subscript(value=base, slice=ast.Constant(value=key)):
            return f"{_spelled(base, code)}[{key!r}]"
        case ast.Subscript(value=base):
            return f"{_spelled(base, code)}[*]"
        case ast.Name(id=name):
            return f"{_scope(code)}.{name}".lstrip(".")
    return ast.unparse(target)


def _owner(code: CodeType) -> str:
    """The class whose method this is."""
    whole = _plain(code.co_qualname)
    return whole.rpartition(".")[0].rpartition("<locals>.")[2]


def _scope(code: CodeType) -> str:
    """What a plain name belongs to: nothing (a module), a class body, a function."""
    if code.co_name == "<module>":
        return ""
    whole = _plain(code.co_qualname).rpartition("<locals>.")[2]
    return whole.rpartition(".")[2] if code.co_flags & _OPTIMIZED else whole


def _plain(name: str) -> str:
    """Without the scopes that comprehensions and lambdas have for themselves."""
    return name.partition(".<locals>.<")[0]


@lru_cache(maxsize=64)
def _tree(path: str) -> ast.Module | None:
    lines = linecache.getlines(path)
    try:
        return ast.parse("".join(lines)) if lines else None
    except (SyntaxError, ValueError, RecursionError):
        return None


def _point(code: CodeType, offset: int) -> Point | None:
    if enters_with(code, offset):
        # Why: before 3.13 the instruction stands for the whole statement, the one before it for the
        # expression.
        offset -= 2
    for index, (line, end, column, last) in enumerate(code.co_positions()):
        if index * 2 == offset:
            if line is None or end is None or column is None or last is None:
                return None
            return line, column, end, last
    return None


def enters_with(code: CodeType, offset: int) -> bool:
    """Whether the instruction is the beginning of a `with` block."""
    return 0 < offset < len(code.co_code) and dis.opname[code.co_code[offset]] in _ENTERS


def _stored(code: CodeType, offset: int) -> str:
    """Where there is no source: what the next store is called."""
    for instruction in dis.get_instructions(code):
        if instruction.offset > offset and instruction.opname.startswith("STORE_"):
            return str(instruction.argval).lstrip("*")
    return ""


class Spot(NamedTuple):
    """Where a thread was in the user's code, and what it did there."""

    place: Place
    function: str


NOWHERE: Final = Spot(Place("", 0), "")


def spot(stack: Stack) -> Spot:
    """The innermost frame of the user's code, with the source text of the lock or call in it."""
    shown = users(stack)
    if not shown:
        return NOWHERE
    frame = shown[0]
    for code, offset in stack:
        if not is_ours(code.co_filename) and _frame(code, offset) == frame:
            return Spot(Place(frame.path, frame.line, mark=_mark(code, offset)), frame.function)
    return Spot(frame.place, frame.function)


def _frame(code: CodeType, offset: int) -> Frame:
    return Frame(shown_path(code.co_filename), line_of(code, offset), code.co_qualname)


def _mark(code: CodeType, offset: int) -> str:
    """`self._lock`, of `with self._lock:` as of `self._lock.acquire()`."""
    node = node_at(code, offset)
    while isinstance(node, ast.Call):
        node = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) else ""


def node_at(code: CodeType, offset: int) -> ast.AST | None:
    """The expression that an instruction works out, None if the source cannot be had."""
    trail = around(code, offset)
    return trail[0] if trail else None


def around(code: CodeType, offset: int) -> tuple[ast.AST, ...]:
    """The syntax around an instruction, innermost first, up to the module."""
    tree, point = _tree(code.co_filename), _point(code, offset)
    if tree is None or point is None:
        return ()
    trail = [(parent, child) for parent, child in _around(tree, point)]
    return (trail[0][1], *(parent for parent, _ in trail)) if trail else ()


def user_frame(stack: Stack) -> tuple[CodeType, int] | None:
    """The innermost frame that is not racecheck's own."""
    return next(((c, o) for c, o in stack if not is_ours(c.co_filename)), None)


def at(stack: Stack) -> str:
    """`bank/worker.py:18 in rebalance`, "" for an empty stack."""
    shown = users(stack) or frames(stack)
    return f"{shown[0].path}:{shown[0].line} in {shown[0].function}" if shown else ""


class Made(Protocol):
    """A thread, or what was kept of one."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def origin(self) -> Origin | None:
        """Where it was started."""

    @property
    def job(self) -> Origin | None:
        """Where what it does was submitted."""


def origin(thread: Made) -> str:
    """`worker-1: started at bank/worker.py:18 in rebalance`; "" for the main thread."""
    how: Origin | None = thread.job or thread.origin
    where = at(how.stack) if how is not None else ""
    if not where:
        return ""
    return f"{thread.name}: {'job submitted' if thread.job else 'started'} at {where}"


def entry(thread: Made, stack: Stack) -> str:
    """The outermost function of the user's code in a stack: what the thread was made to run."""
    shown = users(stack)
    return shown[-1].function if shown else thread.name


def listed(names: Any) -> str:
    """`a`, `b` and `c`."""
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} and {last}" if most else last
