"""Program: what all files say together. Built once by `link.build`, read-only afterwards.

The parts point at each other, so they compare by identity and print as their names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from racecheck.core.place import Place
from racecheck.facts import schema

if TYPE_CHECKING:
    from racecheck.program.tables import Tables, Terms


class RoleKind(Enum):
    """The kinds of thread that code can run on."""

    MAIN = "main"
    THREAD = "thread"
    POOL = "pool"
    LOOP = "loop"
    REQUEST = "request"
    CALLBACK = "callback"
    SIGNAL = "signal"
    FINALIZER = "finalizer"
    LOGGING = "logging"
    ATEXIT = "atexit"
    PROCESS = "process"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Entry:
    """A callable that starts to run on a thread of its own, or interrupts one.

    `how` is the evidence as source (`Thread(target=self._run)`, `pool.submit(job)`, `@app.route`);
    `many`: several can run at once (started in a loop, a pool, a request handler). `starts` is the
    id of the function that starts it ("" for framework entries). `call` is the seq of the spawning
    call there (-1 if none). `joined`: the starter waits for it before it returns. `cls`: id of the
    class whose object it runs on ("" if not known).
    """

    function: str
    role: RoleKind
    how: str
    place: Place
    many: bool = False
    starts: str = ""
    call: int = -1
    joined: bool = False
    cls: str = ""

    @property
    def body_class(self) -> str:
        """Qualname of the class whose method runs, "" for a function."""
        return _class_in(self.function)

    @property
    def starter_class(self) -> str:
        """Qualname of the class whose method starts it, "" if none does."""
        return _class_in(self.starts)


def _class_in(function: str) -> str:
    """`Ledger` of `pkg.mod:Ledger.withdraw`."""
    return function.partition(":")[2].rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock by identity, not by name.

    id: `pkg.mod.Ledger._lock` (attribute), `pkg.mod.LOCK` (global), `pkg.mod.f.lock` (local). kind:
    `lock`, `rlock`, `condition`, `semaphore`, `rwlock`, `file`, `process`, `unknown`. reentrant:
    None when the kind is not known; treat as re-entrant. `scope`: instance, class, global, local.
    is_async: an asyncio/trio/anyio lock, which excludes tasks and not threads. Aliases (a Condition
    made over a lock) share the id of the lock they wrap; `wraps` is then true and `kind` is that of
    the wrapped lock. `many`: one lock per key of a container (`self._locks[*]`). `place` and
    `wraps` do not take part in comparisons.
    """

    id: str
    kind: str
    reentrant: bool | None
    scope: str
    is_async: bool = False
    place: Place | None = field(default=None, compare=False)
    many: bool = False
    wraps: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        """Short form for people: `Ledger._lock`."""
        return ".".join(self.id.split(".")[-1 if self.scope == "global" else -2 :])


@dataclass(frozen=True, slots=True)
class Held:
    """A lock held at a point: which lock, of which object.

    base: path of the object (`self`, `source`), "" for globals, class-level and local locks. line
    and via (`with`, `acquire`, `decorator`, `requires`, `documented`) take no part in comparisons.
    Two `Held` of one instance lock speak of the same lock only if their bases agree.
    """

    lock: Lock
    base: str = ""
    line: int = field(default=0, compare=False)
    via: str = field(default="", compare=False)


@dataclass(slots=True, eq=False)
class Attribute:
    """An attribute of a class, own or inherited: what it may hold and where it is declared.

    types: qualified names of constructors and annotations seen (`threading.Lock`, `dict`,
    `pkg.mod.Ledger`); `None` stores do not count. `guess`: some stored value has an unknown type.
    class_level: bound in the class body. `init_only`: never rebound after `__init__`.
    """

    name: str
    owner: str
    line: int
    types: frozenset[str] = frozenset()
    guess: bool = False
    class_level: bool = False
    init_only: bool = False
    lock: Lock | None = None
    guarded_by: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Function:
    """A function with its surroundings. id: `pkg.mod:Ledger.withdraw`.

    escapes: it leaves as a value, so there are callers that nobody knows. bound: its local names.
    memory and places belong to the linker.
    """

    id: str
    module: Module
    facts: schema.Function
    cls: Class | None = None
    parent: Function | None = None
    nested: dict[str, Function] = field(default_factory=dict)
    calls: list[Link] = field(default_factory=list)
    callers: list[Link] = field(default_factory=list)
    roles: frozenset[RoleKind] = frozenset()
    entries: tuple[Entry, ...] = ()
    escapes: bool = False
    bound: frozenset[str] = frozenset()
    memory: dict[str, Terms] = field(default_factory=dict)
    places: dict[str, tuple[StateId, str] | None] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Function {self.id}>"

    @property
    def name(self) -> str:
        """`withdraw`."""
        return self.facts.name

    @property
    def label(self) -> str:
        """`Ledger.withdraw`, for people."""
        return self.facts.qualname

    def place(self, line: int, mark: str = "") -> Place:
        """A place in this function's file."""
        return Place(self.module.path, line, mark=mark)

    def context(self, ctx: int) -> schema.Context:
        """The surroundings with this index."""
        return self.facts.contexts[ctx]

    def tests(self, ctx: int) -> list[schema.Test]:
        """The conditions that decide whether one comes to this context, outermost first."""
        return [self.facts.tests[abs(t) - 1] for t in self.facts.contexts[ctx].tests]

    def met(self, ctx: int) -> list[schema.Test]:
        """Those of them that must hold; ctx -1 (not known) has none."""
        tests = self.facts.contexts[ctx].tests if ctx >= 0 else ()
        return [self.facts.tests[t - 1] for t in tests if t > 0]

    def starting(self, entry: Entry) -> schema.Call | None:
        """The call in this function that starts an entry."""
        return next((call for call in self.facts.calls if call.seq == entry.call), None)


@dataclass(slots=True, eq=False, repr=False)
class Link:
    """A call: resolved to project functions (`targets`), or to a name outside (`external`).

    external is a qualified name (`threading.Thread.join`, `time.sleep`, `dict.pop`). receiver is
    the path before the last dot. Neither targets nor external: not known, say nothing. constructs:
    qualified name of the project class that the call instantiates. implicit: no call in the source,
    but code runs here: `property` (a read of one), `enter` and `exit` (`with` on an object of a
    project class). `call` is then made up: it has path, seq, line and ctx only.
    """

    caller: Function
    call: schema.Call
    targets: tuple[Function, ...] = ()
    external: str = ""
    receiver: str = ""
    constructs: str = ""
    implicit: str = ""

    def __repr__(self) -> str:
        return f"<Link {self.caller.id}:{self.call.line} {self.call.path}>"


@dataclass(slots=True, eq=False, repr=False)
class Class:
    """A class with its ancestors. id: `pkg.mod.Ledger`.

    mro: project classes, nearest first, itself included. subclasses: all below, direct or not.
    externals: qualified names of all ancestors outside the project (`threading.Thread`, and what
    astroid adds above them). opaque: some base could not be resolved, so attributes and methods may
    come from elsewhere. per_instance: a library makes an object per thread or request, so `self.x`
    is not shared.
    """

    id: str
    module: Module
    facts: schema.Class
    mro: tuple[Class, ...] = ()
    subclasses: list[Class] = field(default_factory=list)
    externals: frozenset[str] = frozenset()
    opaque: bool = False
    per_instance: bool = False
    attributes: dict[str, Attribute] = field(default_factory=dict)
    methods: dict[str, Function] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Class {self.id}>"

    @property
    def name(self) -> str:
        """`Ledger`."""
        return self.facts.name

    def find_method(self, name: str) -> Function | None:
        """The method that `self.name()` calls on an instance of exactly this class."""
        return next((c.methods[name] for c in self.mro if name in c.methods), None)

    def find_attribute(self, name: str) -> Attribute | None:
        """The attribute `name`, own or inherited."""
        return next((c.attributes[name] for c in self.mro if name in c.attributes), None)


@dataclass(slots=True, eq=False, repr=False)
class Module:
    """A file as a module.

    name: `pkg.mod`. functions and classes are keyed by qualname (`Ledger.withdraw`, `<module>`).
    imports: local name to absolute dotted target, relative ones resolved. stars: modules whose
    names are all imported. memory and tables belong to the linker.
    """

    name: str
    path: str
    facts: schema.FileFacts
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    globals: dict[str, Attribute] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    stars: tuple[str, ...] = ()
    memory: dict[str, Terms] = field(default_factory=dict)
    is_package: bool = False
    is_test: bool = False
    tables: Tables | None = None

    def __repr__(self) -> str:
        return f"<Module {self.name}>"


class StateId(NamedTuple):
    """Identity of shared state: an attribute of a class, a global of a module, or a captured local.

    kind: attribute, class attribute, global, cell. owner: class id, module name, or function id.
    """

    kind: str
    owner: str
    name: str

    @property
    def label(self) -> str:
        """`Ledger.balance`, `cache.TABLE`, for people."""
        owner = self.owner.rpartition(":")[2].rpartition(".")[2]
        return f"{owner}.{self.name}" if owner else self.name


@dataclass(slots=True, eq=False, repr=False)
class Use:
    """One access to a state; base: path of the object it is reached through (`self`, "")."""

    function: Function
    access: schema.Access
    base: str


@dataclass(slots=True, eq=False, repr=False)
class State:
    """A piece of state and all its uses."""

    id: StateId
    uses: list[Use] = field(default_factory=list)
    types: frozenset[str] = frozenset()
    guess: bool = False
    guarded_by: str = ""

    def __repr__(self) -> str:
        return f"<State {self.id.label}>"


@dataclass(slots=True, eq=False, repr=False)
class Program:
    """Everything that was linked. `unresolved` counts calls that nothing is known about."""

    modules: dict[str, Module] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    states: dict[StateId, State] = field(default_factory=dict)
    linked: int = 0
    unresolved: int = 0
