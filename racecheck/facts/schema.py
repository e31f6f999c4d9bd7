"""FileFacts: all that the rest of racecheck knows about one source file.

Facts are stored by content hash and sent between processes, so they hold no path of the file, no
tree and no name of another file. Everything in a function carries `seq`: one counter over all its
operations in evaluation order, so that "between the check and the act" is an integer comparison.

Access paths are source text in a normal form: names joined by dots, `()` for the result of a call,
`[*]` for a subscript (`['key']` when the key is a constant string): `self._locks[*]`,
`threading.Thread().start`, `super().run`. They are cut after four steps.
"""

from __future__ import annotations

from typing import Final

import msgspec

SCHEMA_VERSION = 1
"""Raised whenever the meaning of a field changes; part of every cache key."""


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Base of all records: positional in storage, immutable, unknown to the garbage collector."""


class Value(Record, frozen=True):
    """What an expression is, as far as one file can say.

    kind: `path` (text is an access path), `call` (text is the callee's path), `const` (literal
    text: `None`, `True`, `0`, `'x'`), `list`, `dict`, `set`, `tuple` (literal; text is "" when
    empty, "+" when not), `comp` (comprehension; text is list, dict, set or generator), `lambda`
    (text is the qualname of its Function), `await` (text is the awaited callee's path), `or` (`a or
    b`, conditional: see `parts`), `other`. `parts` holds the alternatives of `or` / conditional
    expressions, the elements of a tuple or list literal (at most 8), or for `call` the positional
    arguments (at most 4). Of an argument `kwargs={..}`: names and constants by turns.
    """

    kind: str
    text: str = ""
    parts: tuple[Value, ...] = ()


class Region(Record, frozen=True):
    """A stretch in which something is held.

    path: the managed or acquired expression (`self._lock`, `self._lock.reader()`, `open()`).
    how: `with`, `async with`, `stack` (entered through an exit stack), `acquire` (call to
    `path.acquire()` dominates), `try` (conditional acquire whose success branch this is). `value`
    is the manager expression of a `with`.
    """

    path: str
    line: int
    how: str
    value: Value
    into: str = ""


CATCH_ALL: Final = frozenset({"", "Exception", "BaseException"})
"""What handlers of every ordinary exception name; see `Context.catches`."""


class Context(Record, frozen=True):
    """Surroundings shared by many operations.

    held: indexes into Function.regions that must be held here, outermost first.
    tests: control dependence, outermost first: `i + 1` when Function.tests[i] was true, `-(i + 1)`
    when it was false (also after `if t: return`).
    loop: index into Function.loops of the innermost loop, or -1.
    catches: names of exceptions that enclosing `try` and `with suppress(..)` bodies catch
    (`queue.Empty`; `` for a bare except).
    part: "" or the innermost of `except`, `finally`, `else` this stands in.
    tries: ids of enclosing `try` statements, outermost first.
    """

    held: tuple[int, ...] = ()
    tests: tuple[int, ...] = ()
    loop: int = -1
    catches: tuple[str, ...] = ()
    part: str = ""
    tries: tuple[int, ...] = ()


class Test(Record, frozen=True):
    """A condition. The operations with first <= seq < last are its reads.

    kind: if, while, ifexp, assert, match, and (left operand of `and`/`or` used for its effect).
    shape: `is None`, `is not None`, `not in`, `in`, `truth`, `not`, `compare`, `call`, `mixed`.
    target: path that the shape speaks about (`self.d` for `k not in self.d`, `q.empty` for
    `q.empty()`).
    key: source text of `k` in `k not in d`; sign and right side of `compare` (`!= READY`); `not`
    of a `call` or of `mixed`.
    names: local names read by the test.
    exits: the true branch always leaves the block (return, raise, continue, break).
    """

    line: int
    first: int
    last: int
    kind: str
    shape: str = "mixed"
    target: str = ""
    key: str = ""
    names: tuple[str, ...] = ()
    exits: bool = False


class Loop(Record, frozen=True):
    """A loop; operations with first <= seq < last stand in it (header included).

    kind: for, async for, while, comp. iterates: path iterated (`self.items`, `self.d.values()`), ""
    else.
    test: index into Function.tests of a while condition, -1 for `while True` and `for`.
    endless: `while True` / `while 1`. breaks: it has a `break` of its own.
    parent: index of the enclosing loop or -1.
    """

    line: int
    first: int
    last: int
    kind: str
    iterates: str = ""
    test: int = -1
    endless: bool = False
    breaks: bool = False
    parent: int = -1


CHANGES: Final = frozenset({"write", "update", "mutate", "delete"})
"""Kinds of access that change what the path denotes, or what it is bound to."""


class Access(Record, frozen=True):
    """One use of an attribute path, a global, a captured name, or a local that gets a known value.

    kind: `read`; `write` (plain store; `value` says what); `update` (augmented assignment, or `x =
    f(x)` where the right side reads the same path); `mutate` (in-place change of what the path
    denotes: `x.append()`, `x[k] = v`, `del x[k]`, `x += [..]` on a container is `update`);
    `iterate`; `check` (read inside a test); `delete` (`del self.x`).
    via: how: method name for mutate (`append`, `[]=`, `del[]`, `[]+=`), operator for update (`+=`,
    `=` for x = f(x)), for a read the method or use (`.get()`, `[]`, `in`, `len`, `return`, `arg`,
    `alias`), for iterate the wrapper called on it (`values`, `items`, "" for the object itself).
    key: source text of the subscript or first argument, for mutate and reads.
    sources: paths and local names the stored value is computed from, for writes and updates (at
    most 8).
    window: the read-to-write window of an update is open to a thread switch (a call, property-like
    subscript, await, yield in between; static-rules 0.3).
    snapshot: the value read is copied at once (`list(self.x)`, `self.x.copy()`, `dict(..)`,
    `tuple(..)`, sorted).
    """

    seq: int
    path: str
    kind: str
    line: int
    ctx: int
    via: str = ""
    key: str = ""
    value: Value | None = None
    sources: tuple[str, ...] = ()
    window: bool = False
    snapshot: bool = False
    annotation: str = ""


class Call(Record, frozen=True):
    """One call.

    path: the callee (`self._drain`, `threading.Thread`, `Thread().start`, `getattr()()`).
    use: what happens to the result: `drop` (expression statement), `bind` (stored to `into`),
    `return`, `await`, `arg`, `chain` (receiver of a further attribute or call), `test`, `with`,
    `iter`, `yield`, `other`.
    into: path bound, for `bind`; name of the callee it is passed to, for `arg`.
    """

    seq: int
    path: str
    line: int
    ctx: int
    args: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    use: str = "other"
    into: str = ""
    starred: bool = False


class Point(Record, frozen=True):
    """A place where control leaves, pauses or enters elsewhere.

    kind: `return`, `raise`, `fall` (end of the body), `throw` (an operation that may raise, not
    inside a try that catches it; recorded once per stretch in which `done` or `loose` is
    unchanged), `yield`, `await`, `async for`, `async with`, `break`, `continue`.
    value: what is returned, raised, yielded or awaited; kind `from` (text and part: the source) for
    `yield from`.
    done: wake-ups that have happened on every path from the function's start to here, counting
    pending `finally` blocks: `path.method` of set, notify, notify_all, task_done, set_result,
    set_exception, put, put_nowait, release.
    loose: seq of those `acquire` calls after which a path leads here without the matching release,
    pending `finally` and `with` exits counted.
    """

    seq: int
    kind: str
    line: int
    ctx: int
    value: Value | None = None
    done: tuple[str, ...] = ()
    loose: tuple[int, ...] = ()


class Param(Record, frozen=True):
    """A parameter: annotation and default as source text; kind: `pos`, `kw`, `*`, `**`."""

    name: str
    annotation: str = ""
    default: str = ""
    kind: str = "pos"


class Function(Record, frozen=True):
    """A function, method, lambda, or the body of a class or module (`<class>`, `<module>`).

    qualname: dotted, `<locals>`-free: `Ledger.withdraw`, `settle.worker`, `settle.<lambda:12>`,
    `Ledger.<class>`, `<module>`. owner: qualname of the class whose method it is, "" else.
    parent: qualname of the function around it, "" else. locals: names bound here (parameters
    included).
    free: names read or written here that are bound in an enclosing function. globals: names
    declared global.
    requires: locks a caller must hold, from `# requires:` or a docstring. claims: `thread-safe`,
    `not-thread-safe`, `lock-held` from the docstring or comments.
    """

    qualname: str
    name: str
    line: int
    end_line: int
    owner: str = ""
    parent: str = ""
    params: tuple[Param, ...] = ()
    decorators: tuple[Value, ...] = ()
    is_async: bool = False
    is_generator: bool = False
    locals: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    returns: str = ""
    accesses: tuple[Access, ...] = ()
    calls: tuple[Call, ...] = ()
    points: tuple[Point, ...] = ()
    regions: tuple[Region, ...] = ()
    contexts: tuple[Context, ...] = ()
    tests: tuple[Test, ...] = ()
    loops: tuple[Loop, ...] = ()


class Class(Record, frozen=True):
    """A class. bases and keywords as paths; methods are the names of its functions, in order."""

    qualname: str
    name: str
    line: int
    end_line: int
    bases: tuple[str, ...] = ()
    metaclass: str = ""
    decorators: tuple[Value, ...] = ()
    methods: tuple[str, ...] = ()
    parent: str = ""
    claims: tuple[str, ...] = ()


class Import(Record, frozen=True):
    """`import a.b as c` is name c, target a.b.

    `from .m import x` is name x, target x, module m, level 1. name `*` is a star import. lazy is
    true inside a function.
    """

    name: str
    target: str
    module: str = ""
    level: int = 0
    line: int = 0
    lazy: bool = False
    is_from: bool = False


class Guard(Record, frozen=True):
    """A declared guard: `state` is guarded by `lock`, as written.

    state is the path assigned on that line (`self.x`, `CACHE`).
    scope is the qualname of the class, or "" for a module global.
    """

    state: str
    lock: str
    scope: str
    line: int


class Pragma(Record, frozen=True):
    """A suppression comment. kind: `ignore`, `noqa`, `ignore-file`, `off`, `on`.

    codes: as written, empty for all. line: the line it silences. column: of the comment, from 1.
    last: last physical line of the statement it stands on.
    """

    kind: str
    line: int
    codes: tuple[str, ...] = ()
    reason: str = ""
    column: int = 1
    last: int = 0


class Problem(Record, frozen=True):
    """Why a file could not be (wholly) read.

    kind: `syntax`, `encoding`, `size`, `nesting`, `io`, `internal`.
    """

    kind: str
    message: str
    line: int = 0
    column: int = 0


class FileFacts(Record, frozen=True):
    """One file. `lines` counts its physical lines; functions[0] is the module body.

    accepted: lines where a comment says that a race is known and does no harm.
    """

    lines: int = 0
    imports: tuple[Import, ...] = ()
    classes: tuple[Class, ...] = ()
    functions: tuple[Function, ...] = ()
    guards: tuple[Guard, ...] = ()
    pragmas: tuple[Pragma, ...] = ()
    exports: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()
    problem: Problem | None = None
    accepted: tuple[int, ...] = ()
