"""Something with an `await` in its middle: what is part of it, and who came in between."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from racecheck.runtime.analysis.source import table_of
from racecheck.runtime.sites import Role
from racecheck.runtime.spans import Spans, running_task


def marked(*lines: str) -> set[int]:
    """Lines (from 1) of a coroutine's body that are part of such a thing."""
    text = "class C:\n    async def f(self, other):\n" + "".join(f"        {x}\n" for x in lines)
    table = table_of("spans.py", text.encode())
    if table is None:
        raise AssertionError(text)
    return {access.line - 2 for site in table.sites for access in site.accesses if access.spans}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["n = self.n", "await other()", "self.n = n + 1"], {1, 3}),
        (["self.n = await other(self.n)"], {1}),
        (["if self.c is None:", "    self.c = await other()"], {1, 2}),
        (["if 1 not in self.d:", "    v = await other()", "    self.d[1] = v"], {1, 3}),
        (["async with other:", "    self.n += 1"], set()),
        (["await other()", "n = self.n", "self.n = n + 1"], set()),
        (["n = self.n", "self.n = n + 1", "await other()"], set()),
        (["if self.c is None:", "    self.c = other()", "await self.c"], set()),
        (["n = self.n", "async with other:", "    self.n = n + 1"], {1, 3}),
    ],
)
def test_what_an_await_is_in_the_middle_of(lines: list[str], expected: set[int]) -> None:
    assert marked(*lines) == expected


def touch(write: bool, role: Role = Role.UPDATE, spans: bool = True) -> Any:
    return SimpleNamespace(write=write, role=role, access=SimpleNamespace(spans=spans))


class Task:
    """Something that can be referenced weakly."""


def test_a_write_of_another_task_between_read_and_write_is_told() -> None:
    one, two, spans = Task(), Task(), Spans()
    read, other = touch(False), touch(True)
    assert spans.met(one, read) is None
    assert spans.met(two, touch(False)) is None
    assert spans.met(two, other) is None
    assert spans.met(one, touch(True)) == (read, other)


def test_own_writes_and_earlier_ones_are_not() -> None:
    one, two, spans = Task(), Task(), Spans()
    spans.met(two, touch(True))
    spans.met(one, touch(False))
    assert spans.met(one, touch(True)) is None
    spans.met(one, touch(False))
    spans.met(one, touch(True, spans=False))
    assert spans.met(one, touch(True)) is None


def test_a_task_that_is_gone_has_begun_nothing() -> None:
    spans = Spans()
    one = Task()
    spans.met(one, touch(False))
    spans._begun[id(spans)] = spans._begun.pop(id(one))
    two = Task()
    spans._begun[id(two)] = spans._begun.pop(id(spans))
    spans.met(one, touch(True))
    assert spans.met(two, touch(True)) is None


def test_outside_of_a_loop_there_is_no_task() -> None:
    assert running_task() is None
