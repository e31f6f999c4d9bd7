"""Collects the operations of one function while its statements are walked."""

from __future__ import annotations

from racecheck.facts import regions, schema
from racecheck.facts.names import ACQUIRES, RELEASES, SIGNALS, last
from racecheck.facts.schema import Access, Call, Context, Loop, Point, Region, Test, Value

_NO_VALUE = Value("other")
_NO_FLOW: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())
"""What is done and loose where nothing was acquired or signalled: most points."""

_QUIET = ACQUIRES | SIGNALS
"""Calls that are taken not to raise: a failing `release` is no leaked lock."""


class Builder:
    """One function under construction. Everything gets its `seq` here."""

    def __init__(self, qualname: str, name: str, line: int, parent: Builder | None) -> None:
        self.qualname = qualname
        self.name = name
        self.line = line
        self.first_line = line
        self.end_line = line
        self.parent = parent
        self.owner = ""
        self.params: tuple[schema.Param, ...] = ()
        self.decorators: tuple[Value, ...] = ()
        self.returns = ""
        self.claims: tuple[str, ...] = ()
        self.requires: tuple[str, ...] = ()
        self.is_async = False
        self.is_generator = False
        self.bound: set[str] = set()
        self.declared_global: set[str] = set()
        self.declared_nonlocal: set[str] = set()
        self.used: set[str] = set()
        self.accesses: list[Access] = []
        self.calls: list[Call] = []
        self.points: list[Point] = []
        self.regions: list[Region] = []
        self.tests: list[Test] = []
        self.loops: list[Loop] = []
        self.contexts: dict[Context, int] = {}
        self.aliases: dict[str, str] = {}
        self.acquired: dict[str, str] = {}
        self.flow = regions.EMPTY
        self.under: list[int] = []
        self.loop = -1
        self.loop_flows: list[regions.LoopFlow] = []
        self.catches: tuple[str, ...] = ()
        self.part = ""
        self.tries: tuple[int, ...] = ()
        self.finals: list[regions.Finally] = []
        self.checking = False
        self.signals = False
        self._seq = 0
        self._ctx = -1
        self._thrown: object = None
        self._children: dict[str, int] = {}

    # --- counters -------------------------------------------------------------------------

    def next(self) -> int:
        """The next sequence number."""
        self._seq += 1
        return self._seq

    @property
    def seq(self) -> int:
        """The sequence number that the next operation will get."""
        return self._seq + 1

    def child_name(self, name: str) -> str:
        """A qualname for a nested function or class; a second one of a name gets a number."""
        base = name if self.qualname == "<module>" else f"{self._prefix()}.{name}"
        count = self._children[base] = self._children.get(base, 0) + 1
        return base if count == 1 else f"{base}#{count}"

    def _prefix(self) -> str:
        return self.qualname.removesuffix(".<class>")

    def moved(self) -> None:
        """The surroundings changed: the next operation needs a new context."""
        self._ctx = -1

    def ctx(self) -> int:
        """Index of the context of the next operation."""
        if self._ctx < 0:
            context = Context(
                self.flow.must,
                tuple(self.under),
                self.loop,
                self.catches,
                self.part,
                self.tries,
            )
            self._ctx = self.contexts.setdefault(context, len(self.contexts))
        return self._ctx

    def set_flow(self, flow: regions.Flow) -> None:
        """Go on from `flow`."""
        if flow.must != self.flow.must:
            self._ctx = -1
        self.flow = flow

    # --- operations -----------------------------------------------------------------------

    def access(
        self,
        path: str,
        kind: str,
        via: str = "",
        key: str = "",
        value: Value | None = None,
        sources: tuple[str, ...] = (),
        window: bool = False,
        snapshot: bool = False,
        annotation: str = "",
    ) -> None:
        """Record one access; inside a test a read is a check."""
        if kind == "read" and self.checking:
            kind = "check"
        self._seq = seq = self._seq + 1
        ctx = self._ctx if self._ctx >= 0 else self.ctx()
        self.accesses.append(
            Access(
                seq, path, kind, self.line, ctx, via, key, value, sources, window, snapshot,
                annotation,
            )
        )  # fmt: skip

    def call(
        self,
        path: str,
        args: tuple[Value, ...],
        keywords: tuple[tuple[str, Value], ...],
        use: str,
        into: str,
        starred: bool,
    ) -> int:
        """Record one call, and that it may raise."""
        seq = self.next()
        if last(path) not in _QUIET:
            self.throw(seq)
        self.calls.append(
            Call(seq, path, self.line, self.ctx(), args, keywords, use, into, starred)
        )
        return seq

    def throw(self, seq: int) -> None:
        """An operation here may raise out of the function; kept once per flow state."""
        if not schema.CATCH_ALL.isdisjoint(self.catches):
            return
        key = (self.flow.done, self.flow.loose, self.under and self.under[-1], self.part)
        if key != self._thrown:
            self._thrown = key
            self.point("throw", seq=seq)

    def flow_out_of(self, loop: regions.LoopFlow) -> regions.Flow:
        """The state behind a loop that is left here: its `with` and `finally` blocks are done."""
        flow = self.flow
        pending: frozenset[str] = frozenset().union(
            *(f.calls for f in self.finals[loop.try_depth :])
        )

        def released(path: str) -> bool:
            return any(f"{path}.{method}" in pending for method in RELEASES)

        def kept(index: int) -> bool:
            region = self.regions[index]
            own = index not in loop.must and region.how in ("with", "async with", "stack")
            return not own and not released(region.path)

        return regions.Flow(
            tuple(index for index in flow.must if kept(index)),
            frozenset(item for item in flow.loose if not released(item[0])),
            flow.done | pending,
        )

    def point(self, kind: str, value: Value | None = None, seq: int = 0) -> None:
        """Record a place where control leaves, pauses or enters elsewhere."""
        flow = self.flow
        done, loose = _NO_FLOW if flow is regions.EMPTY and not self.finals else self._at_exit(flow)
        self.points.append(
            Point(seq or self.next(), kind, self.line, self.ctx(), value, done, loose)
        )

    def _at_exit(self, flow: regions.Flow) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """What is done and what is loose when control leaves here, `finally` blocks counted."""
        pending: frozenset[str] = frozenset().union(*[f.calls for f in self.finals])
        loose = sorted(
            s
            for path, s in flow.loose
            if not any(f"{path}.{release}" in pending for release in RELEASES)
        )
        return tuple(sorted(flow.done | pending)), tuple(loose)

    def unalias(self, path: str) -> None:
        """`path` is bound anew: locals that stood for its old value do so no more.

        `old, self.x = self.x, []` is such a case.
        """
        for name in [n for n, known in self.aliases.items() if known == path]:
            del self.aliases[name]

    # --- regions --------------------------------------------------------------------------

    def region(self, path: str, how: str, value: Value = _NO_VALUE, into: str = "") -> int:
        """A new region; the caller says when it holds."""
        self.regions.append(Region(path, self.line, how, value, into))
        return len(self.regions) - 1

    def acquire(self, path: str, seq: int, how: str = "acquire") -> None:
        """From here on `path` is held, until `release` or the end of this branch."""
        index = self.region(path, how)
        flow = self.flow
        self.set_flow(regions.Flow((*flow.must, index), flow.loose | {(path, seq)}, flow.done))

    def enter_stack(self, path: str) -> None:
        """`stack.enter_context(path)`: held until the stack's `with` ends; never left loose."""
        self.enter(self.region(path, "stack", Value("path", path)))

    def enter(self, region: int) -> None:
        """A `with` region begins."""
        flow = self.flow
        self.set_flow(regions.Flow((*flow.must, region), flow.loose, flow.done))

    def leave(self, region: int, before: regions.Flow) -> None:
        """A `with` region ends, and what an exit stack has entered in it. Released by hand inside
        and taken again, it is another region of the same path that ends.
        """
        flow = self.flow
        must = [i for i in flow.must if i in before.must or self.regions[i].how != "stack"]
        if region in must:
            must.remove(region)
        else:
            path = self.regions[region].path
            again = [i for i in must if i > region and self.regions[i].path == path]
            must = [i for i in must if i not in again[-1:]]
        self.set_flow(regions.Flow(tuple(must), flow.loose, flow.done))

    def release(self, path: str) -> None:
        """`path.release()`: the last region of `path` ends."""
        flow = self.flow
        must = list(flow.must)
        for index in reversed(flow.must):
            if self.regions[index].path == path:
                must.remove(index)
                break
        loose = frozenset(item for item in flow.loose if item[0] != path)
        self.set_flow(regions.Flow(tuple(must), loose, flow.done))

    def forget(self, path: str) -> None:
        """`path` may be released from here on: all its acquired regions end."""
        flow = self.flow
        must = tuple(i for i in flow.must if self.regions[i].path != path)
        self.set_flow(regions.Flow(must, flow.loose, flow.done))

    def signal(self, path: str) -> None:
        """`path` (`event.set`) has been called on this path."""
        flow = self.flow
        self.signals = True
        if path not in flow.done:
            self.set_flow(regions.Flow(flow.must, flow.loose, flow.done | {path}))

    # --- the end --------------------------------------------------------------------------

    def names_read_since(self, index: int) -> tuple[str, ...]:
        """Paths read by the accesses from `index` on, for `sources`."""
        names: dict[str, None] = {}
        for access in self.accesses[index:]:
            via = access.via
            prefix = via == "()" or (via.startswith(".") and not via.endswith("()"))
            if access.kind in ("read", "check", "iterate") and not prefix:
                names[access.path] = None
        return tuple(names)[:8]

    def opened_since(self, index: int, path: str) -> bool:
        """Did anything that can switch threads happen since `path` was first read after `index`?"""
        for access in self.accesses[index:]:
            if access.path == path:
                calls, points = self.calls, self.points
                after = max(calls[-1].seq if calls else 0, points[-1].seq if points else 0)
                return after > access.seq
        return False

    def interesting(self) -> bool:
        """Do path questions about wake-ups or acquisitions arise in this function?"""
        return self.signals or any(p.done or p.loose for p in self.points)

    def build(self, kept: list[Access], free: tuple[str, ...]) -> schema.Function:
        """The finished record."""
        points = self.points
        if not self.interesting():
            points = [p for p in points if p.kind not in ("throw", "fall")]
        return schema.Function(
            qualname=self.qualname,
            name=self.name,
            line=self.first_line,
            end_line=self.end_line,
            owner=self.owner,
            parent=self.parent_function(),
            params=self.params,
            decorators=self.decorators,
            is_async=self.is_async,
            is_generator=self.is_generator,
            locals=tuple(sorted(self.bound - self.declared_global - self.declared_nonlocal)),
            free=free,
            globals=tuple(sorted(self.declared_global)),
            requires=self.requires,
            claims=self.claims,
            returns=self.returns,
            accesses=tuple(kept),
            calls=tuple(self.calls),
            points=tuple(points),
            regions=tuple(self.regions),
            contexts=tuple(self.contexts),
            tests=tuple(self.tests),
            loops=tuple(self.loops),
        )

    def parent_function(self) -> str:
        """Qualname of the nearest function around it, which is no class body and no module."""
        up = self.parent
        while up is not None and up.name in ("<class>", "<module>"):
            up = up.parent
        return up.qualname if up is not None else ""
