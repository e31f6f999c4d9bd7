"""The quick way past the shadow: while all that happens to an object is in one order.

A *lane* is a site that meets certain objects. Each pass is one comparison for each object: is the
last one who came here ordered before us? If so, the pass itself is all that is kept, and fields are
not looked at. Only when somebody comes whom nothing orders, the objects' last passes are laid out
field by field (`Record.expand`), and from then on each field is looked at by itself.

No pass is lost by that: an earlier pass of a lane is ordered before its last one, so whatever races
with the earlier one races with the last one as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from racecheck.runtime.chains import Link
    from racecheck.runtime.shadow import Record, Spot
    from racecheck.runtime.stacks import Stack
    from racecheck.runtime.threads import Origin, ThreadState

Fields: TypeAlias = "tuple[tuple[Any, Spot], ...]"


class Lane:
    """What a site comes to with certain objects, and who passed last.

    `stacks`: by thread, of its first pass. `order` counts passes. `one`, `two`: the records, of a
    lane with no more than two, which can be passed without a lock; of others `one` is nobody's.
    """

    __slots__ = ("chain", "clock", "job", "key", "one", "order", "parts", "stacks", "thread", "two")

    def __init__(self, key: Any, parts: Sequence[tuple[Record, Fields]]) -> None:
        self.key = key
        self.parts = tuple(parts)
        self.one: Record | Nobody = parts[0][0] if len(parts) <= 2 else NOBODY
        self.two: Record | None = parts[1][0] if len(parts) == 2 else None
        self.thread: ThreadState | None = None
        self.clock = 0
        self.job: Origin | None = None
        self.chain: Link | None = None
        self.order = 0
        self.stacks: dict[int, Stack] = {}

    def leave(self, record: Record) -> None:
        """The object of `record` is gone: nobody comes here again, but others of it live on.

        For each of those the last pass of a site is enough, whatever it met there besides.
        """
        parts, self.parts = self.parts, ()
        self.one, self.two = NOBODY, None
        for part in parts:
            other = part[0]
            if other is record:
                continue
            other.through.pop(self.key, None)
            last = other.through.get(self.key[:1])
            if self.thread is not None and (last is None or last.order < self.order):
                other.through[self.key[:1]] = self
                self.parts += (part,)

    def fields_of(self, record: Record) -> Fields:
        """What it touches of one of its objects."""
        return next(fields for one, fields in self.parts if one is record)


class Nobody:
    """In place of a record: its object is never in order, so that the quick way is not taken."""

    slot = -1
    clock = 0
    ordered = False


NOBODY: Final = Nobody()

lanes: Final[dict[Any, Lane]] = {}
"""All lanes, by what a backend knows a site and its objects by."""

single: Final[dict[int, dict[int, Lane]]] = {}
"""Those of one object, by site and the object's id: twice as fast as by a tuple.

The dictionary of a site stays the same, so a backend may keep it."""


def enter(lane: Lane) -> None:
    """From now on the lane is found."""
    lanes[lane.key] = lane
    if len(lane.key) == 2:
        number, one = lane.key
        single.setdefault(number, {})[one] = lane


def remove(key: Any) -> None:
    """Nobody comes there again."""
    if lanes.pop(key, None) is not None and len(key) == 2:
        single[key[0]].pop(key[1], None)


def remove_all() -> None:
    """What happened so far lies before whatever comes."""
    lanes.clear()
    for own in list(single.values()):
        own.clear()


class Passes:
    """Counts all passes, so that the last passes of several lanes can be put in order."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


passes: Final = Passes()


def passed(thread: ThreadState, lane: Lane) -> bool:
    """Pass a lane, if its objects are in order and `thread` has passed it before.

    Straight-line code without calls: CPython with a lock of its own switches threads nowhere in
    here, so that what is compared is still true when it is stored.
    """
    one, two, slot, clock = lane.one, lane.two, thread.slot, thread.clock
    if lane.thread is thread and one.slot == slot and two is None:
        one.clock = clock
    else:
        if lane.thread is not thread and thread.number not in lane.stacks:
            return False
        known = thread.known
        last = one.slot
        if last != slot and (last not in known or known[last] < one.clock):
            return False
        if two is not None:
            last = two.slot
            if last != slot and (last not in known or known[last] < two.clock):
                return False
            two.slot = slot
            two.clock = clock
        one.slot = slot
        one.clock = clock
        lane.thread = thread
    lane.clock = clock
    lane.chain = thread.chain
    lane.job = thread.job
    order = passes.count + 1
    passes.count = order
    lane.order = order
    return True
