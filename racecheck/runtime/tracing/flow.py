"""Where in its bytecode a statement begins, and where it is left.

A line is not a moment: the header of a `for` has a line event for each turn, that of a `with` one
for its exit, a call written over several lines comes back to its first line. Telling the accesses
of a statement at such an event would tell of what did not happen. So moments are offsets. A
statement begins where a stretch of instructions of its lines begins (several times, if the compiler
made copies), and is left where control first gets to another line. What is reached only by an
exception is no such place, so an access that never came about is not told.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Sequence
from types import CodeType
from typing import Final, NamedTuple


def _numbers(*names: str) -> frozenset[int]:
    return frozenset(dis.opmap[name] for name in names if name in dis.opmap)


_ENDS: Final = _numbers(
    *("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "JUMP_FORWARD"),
    *("JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "INTERPRETER_EXIT"),
)
_RETURNS: Final = _numbers("RETURN_VALUE", "RETURN_CONST")
_JUMPS: Final = frozenset((*dis.hasjrel, *dis.hasjabs))
_RESUME: Final = _numbers("RESUME")
_NO_BEGIN: Final = _numbers(
    *("FOR_ITER", "END_FOR", "SEND", "END_SEND", "GET_ANEXT", "END_ASYNC_FOR", "POP_ITER"),
    *("WITH_EXCEPT_START", "POP_EXCEPT", "RERAISE", "COPY", "CLEANUP_THROW"),
)
"""A stretch that begins with one of these goes on with a loop, leaves a block, or cleans up."""
_ENTERS: Final = _numbers("BEFORE_WITH", "BEFORE_ASYNC_WITH", "LOAD_SPECIAL")
_CATCHES: Final = _numbers("PUSH_EXC_INFO")
_CLEANS: Final = _CATCHES | _numbers("WITH_EXCEPT_START", "CLEANUP_THROW")
_TURNS: Final = _numbers("FOR_ITER")
_PREFIX: Final = _CATCHES | _numbers("EXTENDED_ARG")


_RESUMED: Final = 0x20 | 0x80 | 0x200
"""Flags of generators and coroutines; `inspect` knows them, but is much to import for that."""


class Step(NamedTuple):
    """One instruction; `line` is 0 if it has none, `target` -1 if it does not jump."""

    offset: int
    opcode: int
    line: int
    target: int


class Flow:
    """The instructions of a code object, and how control goes from one to the next."""

    def __init__(self, code: CodeType) -> None:
        self.steps: list[Step] = list(_steps(code))
        self.returns: frozenset[int] = frozenset(
            step.offset for step in self.steps if step.opcode in _RETURNS
        )
        self.entry = self._entry(code)
        self._index = {step.offset: index for index, step in enumerate(self.steps)}

    def _entry(self, code: CodeType) -> int:
        """Offset of the first instruction if it runs once in each call, else -1."""
        first = self.steps[0].offset if self.steps else -1
        is_target = any(step.target == first for step in self.steps)
        return -1 if is_target or code.co_flags & _RESUMED else first

    def inside(self, first: int, last: int) -> frozenset[int]:
        """Offsets of the instructions of the lines from `first` to `last`."""
        return frozenset(step.offset for step in self.steps if first <= step.line <= last)

    def begins(self, first: int, last: int) -> frozenset[int]:
        """Offsets at which the statement that has these lines begins."""
        runs = list(self._runs(first, last))
        headers = [run for run in runs if any(step.opcode in _ENTERS for step in run)]
        found: set[int] = set()
        for run in headers or runs:
            head = _head(run)
            if head and head[-1].opcode not in _NO_BEGIN:
                found.update(step.offset for step in head)
        return frozenset(found)

    def leaves(self, first: int, last: int) -> frozenset[int]:
        """Offsets at which control first is elsewhere once the statement ran without a fault."""
        runs = self._runs(first, last)
        # Why not all: what cleans up after an exception is not the statement's own way.
        entered = [run for run in runs if run[0].opcode not in _CLEANS]
        return self._reached([self._index[s.offset] for run in entered for s in run], first, last)

    def rounds(self, first: int, last: int) -> frozenset[int]:
        """Offsets at which the body of a loop over something begins, once for each turn."""
        steps = (step for run in self._runs(first, last) for step in run)
        turns = [self._index[step.offset] + 1 for step in steps if step.opcode in _TURNS]
        return self._reached(turns, first, last)

    def _reached(self, todo: list[int], first: int, last: int) -> frozenset[int]:
        """Where control first gets to other lines, coming from these instructions."""
        seen, found = set(todo), set()
        while todo:
            step = self.steps[todo.pop()]
            if step.line and not first <= step.line <= last:
                found.add(step.offset)
                continue
            for index in self._next(step):
                if index not in seen:
                    seen.add(index)
                    todo.append(index)
        return frozenset(found)

    def _runs(self, first: int, last: int) -> Iterator[list[Step]]:
        """Stretches of instructions of these lines, without what every function begins with."""
        run: list[Step] = []
        for step in self.steps:
            if step.opcode in _CATCHES and run:
                # Why: a second copy, for exceptions, may follow the first without another line.
                yield run
                run = []
            if not step.line:
                continue
            if first <= step.line <= last:
                run.append(step)
            elif run:
                yield run
                run = []
        if run:
            yield run

    def _next(self, step: Step) -> Iterator[int]:
        if step.target >= 0 and step.target in self._index:
            yield self._index[step.target]
        if step.opcode not in _ENDS:
            index = self._index[step.offset] + 1
            if index < len(self.steps):
                yield index


def _head(run: Sequence[Step]) -> list[Step]:
    """The first instruction of a stretch, after those prefixes that may stand for it."""
    found = []
    for step in run:
        found.append(step)
        if step.opcode not in _PREFIX:
            return found
    return []


def _steps(code: CodeType) -> Iterator[Step]:
    """The instructions from the end of the prologue on."""
    lines = [line or 0 for start, end, line in code.co_lines() for _ in range(start, end, 2)]
    every = list(dis.get_instructions(code))
    first = next((at for at, one in enumerate(every, 1) if one.opcode in _RESUME), 0)
    for one in every[first:]:
        target = one.argval if one.opcode in _JUMPS else -1
        yield Step(one.offset, one.opcode, lines[one.offset // 2], target)
