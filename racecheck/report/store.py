"""Results as bytes, for the cache of whole runs."""

from __future__ import annotations

import msgspec

from racecheck.core.finding import Finding


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """What a run found, and the files outside the paths named that it looked at, with digests."""

    shown: tuple[Finding, ...]
    hidden: tuple[Finding, ...]
    followed: tuple[tuple[str, bytes], ...] = ()
    linked: int = 0
    unresolved: int = 0
    notes: tuple[str, ...] = ()


def encode(stored: Stored) -> bytes:
    """The bytes of a result."""
    return msgspec.msgpack.encode(stored)


def decode(data: bytes) -> Stored | None:
    """The result, or None if these are not the bytes of one."""
    try:
        return msgspec.msgpack.decode(data, type=Stored)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
