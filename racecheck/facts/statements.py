"""Walks statements: where locks, loops, tests and `try` begin and end, and how control leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from racecheck.facts import names, regions
from racecheck.facts.assignments import Assignments
from racecheck.facts.conditions import mark_exits
from racecheck.facts.nodes import cst
from racecheck.facts.prescan import caught, left_released, suppressed, sure_calls, swallows
from racecheck.facts.regions import Finally, LoopFlow
from racecheck.facts.schema import Loop
from racecheck.facts.tree import children
from racecheck.facts.values import value_of


class Statements(Assignments):
    """The statement half of the walk. `_tick` counts logical lines as statements are met."""

    def __init__(self, starts: Sequence[int]) -> None:
        super().__init__()
        self._starts = starts
        self._tick = 0
        self._try_count = 0
        self._compound: dict[type, Callable[[Any], bool]] = {
            cst.If: self._if,
            cst.While: self._while,
            cst.For: self._for,
            cst.With: self._with,
            cst.Try: self._try,
            cst.TryStar: self._try,
            cst.Match: self._match,
            cst.FunctionDef: self._definition,
            cst.ClassDef: self._definition,
        }

    def define(self, node: cst.FunctionDef | cst.ClassDef) -> None:
        """Walk a nested function or class as a scope of its own."""
        raise NotImplementedError

    @property
    def ticks(self) -> int:
        """Logical lines met so far."""
        return self._tick

    def tick(self) -> None:
        """The next logical line begins."""
        index = self._tick
        self._tick = index + 1
        if index < len(self._starts):
            line = self._starts[index]
            if line != self.scope.line:
                self.scope.line = line

    # --- blocks ---------------------------------------------------------------------------

    def body(self, body: cst.BaseSuite | cst.Module) -> bool:
        """Walk a block; True when control never reaches its end."""
        scope = self.scope
        depth = len(scope.under)
        ended = False
        if type(body) is cst.SimpleStatementSuite:
            ended = self._small(body.body)
        else:
            for statement in body.body:
                if self.statement(statement):
                    ended = True
        if len(scope.under) != depth:
            del scope.under[depth:]
            scope.moved()
        return ended

    def statement(self, node: cst.CSTNode) -> bool:
        """Walk one statement; True when control never goes on behind it."""
        if type(node) is cst.SimpleStatementLine:
            self.tick()
            return self._small(node.body)
        handler = self._compound.get(type(node))
        return handler(node) if handler is not None else False

    def _small(self, statements: Sequence[cst.BaseSmallStatement]) -> bool:
        ended = False
        for statement in statements:
            ended = self.small(statement) or ended
        return ended

    def _definition(self, node: cst.FunctionDef | cst.ClassDef) -> bool:
        self.define(node)
        return False

    # --- branches -------------------------------------------------------------------------

    def _push(self, test: int) -> None:
        self.scope.under.append(test)
        self.scope.moved()

    def _pop(self) -> None:
        self.scope.under.pop()
        self.scope.moved()

    def _if(self, node: cst.If) -> bool:
        self.tick()
        return self._if_rest(node)

    def _if_rest(self, node: cst.If) -> bool:
        scope = self.scope
        test = self.record_test(node.test, "if")
        path, when = self.acquires_when(node.test)
        start = scope.flow
        self._branch_acquires(path, when)
        self._push(test + 1)
        ended_true = self.body(node.body)
        self._pop()
        flow_true = scope.flow
        scope.set_flow(start)
        self._branch_acquires(path, not when)
        ended_false = self._orelse(node, test)
        if ended_true:
            mark_exits(scope, test)
        arriving = [
            f for f, ended in ((flow_true, ended_true), (scope.flow, ended_false)) if not ended
        ]
        scope.set_flow(regions.join(arriving))
        if ended_true and not ended_false:
            self._push(-(test + 1))
        elif ended_false and not ended_true:
            self._push(test + 1)
        return ended_true and ended_false

    def _branch_acquires(self, path: str, held: bool) -> None:
        if path and held:
            self.scope.acquire(path, self.scope.calls[-1].seq if self.scope.calls else 0, "try")

    def _orelse(self, node: cst.If, test: int) -> bool:
        if node.orelse is None:
            return False
        self._push(-(test + 1))
        self.tick()
        if type(node.orelse) is cst.If:
            depth = len(self.scope.under)
            ended = self._if_rest(node.orelse)
            del self.scope.under[depth:]
        else:
            ended = self.body(node.orelse.body)
        self._pop()
        return ended

    def _match(self, node: cst.Match) -> bool:
        self.tick()
        scope = self.scope
        test = self.record_test(node.subject, "match")
        start, ends, all_ended = scope.flow, [], True
        for case in node.cases:
            self.tick()
            scope.set_flow(start)
            self._push(test + 1)
            for pattern_part in children(case.pattern):
                self.bind_pattern(pattern_part)
            self.bind_pattern(case.pattern)
            self.read(case.guard)
            if not self.body(case.body):
                ends.append(scope.flow)
                all_ended = False
            self._pop()
        last = node.cases[-1].pattern if node.cases else None
        exhaustive = type(last) is cst.MatchAs and last.pattern is None
        if not exhaustive:
            ends.append(start)
        scope.set_flow(regions.join(ends))
        return all_ended and exhaustive

    # --- loops ----------------------------------------------------------------------------

    def _while(self, node: cst.While) -> bool:
        self.tick()
        scope = self.scope
        first, index = scope.seq, len(scope.loops)
        scope.loops.append(Loop(scope.line, first, 0, "while", parent=scope.loop))
        outer, scope.loop = scope.loop, index
        scope.moved()
        endless = isinstance(node.test, (cst.Name, cst.Integer)) and node.test.value in (
            "True",
            "1",
        )
        test = -1 if endless else self.record_test(node.test, "while")
        path, when = self.acquires_when(node.test)
        start, line = scope.flow, scope.line
        if test >= 0:
            self._branch_acquires(path, when)
            self._push(test + 1)
        frame = self._loop_body(node.body, path if when else "")
        if test >= 0:
            self._pop()
        scope.loops[index] = Loop(
            line, first, scope.seq, "while", "", test, endless, bool(frame.breaks), outer
        )
        scope.loop = outer
        scope.moved()
        if not endless:
            scope.set_flow(regions.join([start, scope.flow]))
            self._branch_acquires(path, not when)
            if node.orelse is not None:
                self.tick()
                self.body(node.orelse.body)
            frame.breaks.append(scope.flow)
        scope.set_flow(regions.join(frame.breaks))
        return endless and not frame.breaks

    def _loop_body(self, body: cst.BaseSuite, taken: str = "") -> LoopFlow:
        """`taken`: what the condition takes anew before each round, so the body may release it."""
        scope = self.scope
        if scope.flow.must:
            for path in left_released(body):
                if path != taken:
                    scope.forget(path)
        start = scope.flow
        frame = LoopFlow(try_depth=len(scope.finals), must=start.must)
        scope.loop_flows.append(frame)
        ended = self.body(body)
        scope.loop_flows.pop()
        if not ended:
            frame.breaks.extend(())
            scope.set_flow(regions.join([start, scope.flow]))
        else:
            scope.set_flow(start)
        return frame

    def _for(self, node: cst.For) -> bool:
        self.tick()
        scope = self.scope
        first, index, outer = scope.seq, len(scope.loops), scope.loop
        kind = "async for" if node.asynchronous else "for"
        path = self.iterable(node.iter)
        scope.loops.append(Loop(scope.line, first, 0, kind, path, parent=outer))
        if node.asynchronous:
            scope.point("async for", value_of(node.iter))
        scope.loop = index
        scope.moved()
        self.bind_names(node.target)
        line = scope.line
        frame = self._loop_body(node.body)
        scope.loops[index] = Loop(
            line, first, scope.seq, kind, path, -1, False, bool(frame.breaks), outer
        )
        scope.loop = outer
        scope.moved()
        if node.orelse is not None:
            self.tick()
            self.body(node.orelse.body)
        scope.set_flow(regions.join([scope.flow, *frame.breaks]))
        return False

    # --- with -----------------------------------------------------------------------------

    def _with(self, node: cst.With) -> bool:
        self.tick()
        scope = self.scope
        before = scope.flow
        how = "async with" if node.asynchronous else "with"
        opened = []
        for item in node.items:
            self._manager(item, how)
            opened.append(len(scope.regions) - 1)
            scope.enter(opened[-1])
        catches = scope.catches
        if caught_here := [name for item in node.items for name in suppressed(item)]:
            scope.catches = (*catches, *caught_here)
            scope.moved()
        ended = self.body(node.body)
        if caught_here:
            scope.catches = catches
            scope.moved()
        for region in reversed(opened):
            scope.leave(region, before)
        return ended and not any(map(swallows, node.items))

    def _manager(self, item: cst.WithItem, how: str) -> None:
        scope = self.scope
        node = item.item
        into = names.path_of(item.asname.name) if item.asname else ""
        if type(node) is cst.Call:
            self.call(node, "with", into)
        elif type(node) in names.PATHS:
            self.read_as(node, "with")
        else:
            self.read(node)
        if how == "async with":
            scope.point("async with", value_of(node))
        scope.region(names.path_of(node), how, value_of(node), into)
        if item.asname is not None:
            self.bind_names(item.asname.name)
            if type(item.asname.name) is cst.Name:
                scope.access(into, "write", "with", value=value_of(node))

    # --- try ------------------------------------------------------------------------------

    def _try(self, node: cst.Try | cst.TryStar) -> bool:
        self.tick()
        scope = self.scope
        start, catches, tries = scope.flow, scope.catches, scope.tries
        self._try_count += 1
        scope.tries = (*tries, self._try_count)
        pending = Finally(sure_calls(node.finalbody.body)) if node.finalbody else None
        if pending:
            scope.finals.append(pending)
        scope.catches = (*catches, *(name for h in node.handlers for name in caught(h)))
        scope.moved()
        ended = self.body(node.body)
        scope.catches = catches
        scope.moved()
        after = scope.flow
        risky = regions.thrown(start, after)
        ends = self._handlers(node, risky)
        scope.set_flow(after)
        if node.orelse is not None:
            self.tick()
            ended = self._part("else", node.orelse.body) or ended
        if not ended:
            ends.append(scope.flow)
        if pending:
            scope.finals.pop()
        return self._finally(node, ends, risky, tries)

    def _handlers(self, node: cst.Try | cst.TryStar, risky: regions.Flow) -> list[regions.Flow]:
        ends = []
        for handler in node.handlers:
            self.tick()
            self.scope.set_flow(risky)
            if handler.type is not None:
                self.read(handler.type)
            if handler.name is not None:
                self.bind_names(handler.name.name)
            if not self._part("except", handler.body):
                ends.append(self.scope.flow)
        return ends

    def _finally(
        self,
        node: cst.Try | cst.TryStar,
        ends: list[regions.Flow],
        risky: regions.Flow,
        tries: tuple[int, ...],
    ) -> bool:
        scope = self.scope
        scope.tries = tries
        scope.moved()
        scope.set_flow(regions.join(ends or [risky]))
        if node.finalbody is not None:
            self.tick()
            if self._part("finally", node.finalbody.body):
                return True
        return not ends

    def _part(self, part: str, body: cst.BaseSuite) -> bool:
        scope = self.scope
        before, scope.part = scope.part, part
        scope.moved()
        ended = self.body(body)
        scope.part = before
        scope.moved()
        return ended
