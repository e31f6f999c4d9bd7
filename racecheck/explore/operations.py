"""What an agent is about to do: the step that other agents can see, and what it touches."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple, TypeAlias

Touches: TypeAlias = "tuple[tuple[Hashable, bool], ...]"
"""(object, whether it is changed). The object's name holds within one run only: an id, a field."""


_keys: Final[dict[tuple[str, str], str]] = {}


class Operation(NamedTuple):
    """The next visible step of an agent.

    `kind`: begin, access, acquire, release, wait, notify, set, clear, ask, put, get, start, join,
    sleep, step (of an asyncio task), end. `place`: `bank/ledger.py:18`, of the user's code, the
    same on every version of Python; "" if there is none. `touches` is None where nobody knows
    what it touches: it depends on everything.
    """

    kind: str
    place: str = ""
    touches: Touches | None = None

    @property
    def key(self) -> str:
        """What schedules know it by."""
        try:
            return _keys[self[:2]]
        except KeyError:
            found = _keys[self[:2]] = f"{self.kind} {self.place}"
            return found


NOTHING: Final = Operation("end", "", ())


def dependent(one: Operation, other: Operation) -> bool:
    """Whether the order of the two can matter: they touch one object, and one changes it.

    Of two that are independent, each neither blocks nor enables the other, and either order leads
    to the same state (Godefroid, LNCS 1032, 1996).
    """
    if one.touches is None or other.touches is None:
        return True
    changed = {what for what, write in one.touches if write}
    touched = {what for what, _ in one.touches}
    return any(what in changed or (write and what in touched) for what, write in other.touches)
