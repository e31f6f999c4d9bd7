"""What coroutines wait for, and who shares their loop."""

from __future__ import annotations

import pytest

from racecheck.analyses import coroutines
from tests.program.build import program

BODIES = {
    "nothing": "print(1)",
    "clock": "await asyncio.sleep(1)",
    "loop": "while True: await asyncio.sleep(1)",
    "inner": "await self.clock()",
    "inner_stream": "await self.stream()",
    "stream": "await self.reader.read()",
    "future": "await self.done",
    "both": "await asyncio.sleep(1); await self.done",
    "lock": "async with self.lock: await asyncio.sleep(1)",
    "lines": "async for line in self.reader: print(line)",
    "itself": "await self.itself()",
}
HELD = {"nothing", "clock", "loop", "inner"}


@pytest.mark.parametrize("name", BODIES)
def test_what_the_timers_of_the_loop_hold(name: str) -> None:
    methods = "".join(f"        async def {n}(self):\n            {b}\n" for n, b in BODIES.items())
    made = program(app=f"    import asyncio\n    class A:\n{methods}")
    assert coroutines.held_by_timers(made.functions[f"app:A.{name}"]) is (name in HELD)


ALONE = """
    import asyncio

    class A:
        def run(self):
            loop = asyncio.new_event_loop()
            loop.run_until_complete(self.watch())

        async def watch(self):
            await self.look()

        async def look(self):
            print("look")
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("asyncio.new_event_loop()", "asyncio.get_event_loop()"),
        ("loop.run_until_complete(self.watch())", "asyncio.run(self.watch())"),
        ('print("look")', "asyncio.create_task(self.watch())"),
        ('print("look")', "await asyncio.gather(self.watch())"),
        (
            "        async def look(self):",
            "        def other(self):\n"
            "            self.x = self.look()\n\n        async def look(self):",
        ),
    ],
)
def test_who_is_alone_on_a_loop(old: str, new: str) -> None:
    made = program(app=ALONE.replace(old, new) if old else ALONE)
    assert coroutines.is_alone(made.functions["app:A.look"]) is (not old)


def test_an_empty_body_does_nothing() -> None:
    made = program(
        app='    async def a(): pass\n    async def b(): "text"\n    async def c(): a()\n'
    )
    empty = {f.name for f in made.functions.values() if coroutines.does_nothing(f)}
    assert empty >= {"a", "b"}
    assert "c" not in empty
