"""How to get there again: where a run left the default order, and its one-line text form.

A run under control goes on with the agent that runs, as long as it can. A schedule lists the
moments at which it did something else, so it stays short, and it names them by what the program was
about to do and not by counting steps, so it holds on every version of Python.

The text form, `rc1:` and base32, holds no words: operations and the target are known by the 24
bits of a digest, and everything here is matched by those.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final, TypeAlias

from racecheck.core.errors import ScheduleError

ANY: Final = ""
"""Instead of a path: the eldest other agent that can go on."""

PREFIX: Final = "rc1:"

_MARK_BYTES = 3
_MARKED = re.compile(r"#[0-9A-F]{6}")
_PATH = re.compile(r"0(?:[./][0-9]+)*")
_INSTALLED = re.compile(r"(?<= ).*[/\\](?:site|dist)-packages[/\\]")
_COPIED = "copy the whole token as racecheck printed it"

Body: TypeAlias = "tuple[tuple[Switch, ...], tuple[Pick, ...], str]"


@lru_cache(maxsize=4096)
def mark(text: str) -> int:
    """What `text` is known by: 24 bits of a digest. "#0A1B2C", read from a token, is its own.

    Where an installed library lies is left out: it lies elsewhere for another interpreter.
    """
    if _MARKED.fullmatch(text):
        return int(text[1:], 16)
    known = _INSTALLED.sub("", text).replace("\\", "/")
    return int.from_bytes(blake2b(known.encode("utf-8", "surrogatepass"), digest_size=3).digest())


@dataclass(frozen=True, slots=True)
class Switch:
    """At its `nth` stand (from 0) before the operation `key`, `agent` gave way to `to`.

    Read from a token, `key` is a digest such as "#0A1B2C". Equality goes by `mark`.
    """

    agent: str
    key: str = field(compare=False)
    nth: int
    to: str
    mark: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", mark(self.key))


@dataclass(frozen=True, slots=True)
class Pick:
    """The `nth` choice of another kind (from 0) of the run was `value`, and not 0."""

    nth: int
    value: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a run did otherwise than by default, in order. `target`: which test it belongs to."""

    switches: tuple[Switch, ...] = ()
    target: str = field(default="", compare=False)
    picks: tuple[Pick, ...] = ()
    aim: int | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "aim", mark(self.target) if self.target else None)

    def __str__(self) -> str:
        return self.token

    @property
    def token(self) -> str:
        """The text form."""
        body = _written(self)
        return PREFIX + b32encode(body + bytes([_check(body)])).decode().rstrip("=")

    @property
    def name(self) -> str:
        """Eight letters and digits made from the content, for a file."""
        return b32encode(blake2b(_written(self), digest_size=5).digest()).decode()

    def belongs_to(self, target: str) -> bool:
        """Whether it was recorded of `target`, as far as it says so."""
        return self.aim is None or self.aim == mark(target)

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read a text form; ScheduleError says in one line what is wrong with it."""
        text = text.strip()
        shown = text if len(text) <= 24 else f"{text[:20]}..."
        body = _decoded(text, shown)
        try:
            switches, picks, target = _Reader(body[:-1]).whole()
        except _EndError:
            raise _cut(shown) from None
        found = cls(switches, target, picks)
        if body != (written := _written(found)) + bytes([_check(written)]):
            raise _mistyped(shown)
        return found


def _mistyped(shown: str) -> ScheduleError:
    return ScheduleError(f"'{shown}' is mistyped: its last letters do not fit the others", _COPIED)


def _cut(shown: str) -> ScheduleError:
    return ScheduleError(f"'{shown}' is cut short or mistyped", _COPIED)


def _decoded(text: str, shown: str) -> bytes:
    head, colon, letters = text.partition(":")
    if not colon or not re.fullmatch(r"rc[0-9]+", head.lower()):
        raise ScheduleError(f"'{shown}' is no schedule: it does not begin with {PREFIX}", _COPIED)
    if f"{head.lower()}:" != PREFIX:
        raise ScheduleError(
            f"'{shown}' is of version {head.lower()}; this racecheck reads {PREFIX[:-1]}",
            "run it with the racecheck that made it, or explore again",
        )
    letters = letters.upper()
    if wrong := re.search(r"[^A-Z2-7]", letters):
        raise ScheduleError(f"'{shown}' is mistyped: no schedule has a {wrong[0]!r} in it", _COPIED)
    if len(letters) % 8 in (1, 3, 6) or len(letters) < 4:
        raise _cut(shown)
    body = b32decode(letters + "=" * (-len(letters) % 8))
    if b32encode(body).decode().rstrip("=") != letters:
        raise _mistyped(shown)
    if _check(body[:-1]) != body[-1]:
        try:
            _Reader(body).whole()
        except _EndError:
            raise _cut(shown) from None
        raise _mistyped(shown)
    return body


def _check(body: bytes) -> int:
    """CRC-8: any one letter that is wrong (five bits in a row) is noticed."""
    found = 0xFF
    for byte in body:
        found ^= byte
        for _ in range(8):
            found = (found << 1) ^ (0x107 if found & 0x80 else 0)
    return found


# The body: a number that counts switches and says whether picks and a target follow; the target's
# mark; for each switch its agent, nth, mark and `to`; for each pick nth and value. A mark that came
# before is said by its place among the marks. Numbers are little-endian, seven bits a byte.


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _path(path: str) -> bytes:
    if path == ANY:
        return b"\0"
    if not _PATH.fullmatch(path):
        raise ValueError(f"not the path of an agent: {path!r}")
    steps = [(int(part[1:]), part[0] == "/") for part in re.findall(r"[./][0-9]+", path)]
    if not steps:
        return b"\1"
    # Why plus 2 for the first alone: it is where ANY and "0" have to be told apart.
    last = len(steps) - 1
    return b"".join(
        _number((number * 2 + task) * 2 + (at < last) + (2 if at == 0 else 0))
        for at, (number, task) in enumerate(steps)
    )


def _written(schedule: Schedule) -> bytes:
    picks = schedule.picks
    head = len(schedule.switches) * 4 + bool(picks) * 2 + (schedule.aim is not None)
    found = [_number(head)]
    if schedule.aim is not None:
        found.append(schedule.aim.to_bytes(_MARK_BYTES))
    marks: dict[int, int] = {}
    for switch in schedule.switches:
        known = marks.get(switch.mark)
        found += [_path(switch.agent), _number(switch.nth * 2 + (known is not None))]
        if known is None:
            marks[switch.mark] = len(marks)
            found.append(switch.mark.to_bytes(_MARK_BYTES))
        else:
            found.append(_number(known))
        found.append(_path(switch.to))
    if picks:
        found.append(_number(len(picks)))
        found += [_number(pick.nth) + _number(pick.value) for pick in picks]
    return b"".join(found)


class _EndError(Exception):
    """The body ends in the middle."""


class _Reader:
    """Reads a body from its beginning."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def whole(self) -> Body:
        """All that is in it. What is left over is told by whoever writes it again."""
        head = self._number()
        target = self._mark() if head & 1 else ""
        marks: list[str] = []
        switches = tuple(self._switch(marks) for _ in range(head >> 2))
        count = self._number() if head & 2 else 0
        return switches, tuple(Pick(self._number(), self._number()) for _ in range(count)), target

    def _switch(self, marks: list[str]) -> Switch:
        agent, count = self._path(), self._number()
        if count & 1:
            place = self._number()
            key = marks[place] if place < len(marks) else ""
        else:
            marks.append(key := self._mark())
        return Switch(agent, key, count >> 1, self._path())

    def _bytes(self, length: int) -> bytes:
        found = self._body[self._at : self._at + length]
        if len(found) < length:
            raise _EndError
        self._at += length
        return found

    def _mark(self) -> str:
        return f"#{self._bytes(_MARK_BYTES).hex().upper()}"

    def _number(self) -> int:
        found = shift = 0
        while True:
            byte = self._bytes(1)[0]
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7

    def _path(self) -> str:
        value = self._number()
        if value < 2:
            return "0" if value else ANY
        value -= 2
        steps = ["0"]
        while True:
            steps.append(f"{'/' if value & 2 else '.'}{value >> 2}")
            if not value & 1:
                return "".join(steps)
            value = self._number()
