"""Sites as bytes, so that code with their numbers can be cached and its sites made when needed."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import partial
from typing import Any

from racecheck.runtime.sites import SPAN, Access, Asked, Key, Mode, Role, Root, Site, What, sites


def pack(base: int, found: Iterable[Site]) -> bytes:
    """All sites of one file, which begin at number `base`."""
    rows = [
        (
            site.function,
            site.line,
            tuple(map(tuple, site.roots)),
            _accesses(site.accesses),
            site.after,
            _accesses(site.maybe),
        )
        for site in found
    ]
    return marshal.dumps((base, rows))


def _accesses(found: Iterable[Access]) -> tuple[Any, ...]:
    return tuple(tuple(map(_plain, access)) for access in found)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Key):
        return tuple(value)
    # Why only tuples: a path, whose steps may be keys.
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def register(blob: bytes, path: str) -> None:
    """The sites in `blob` are those of the file at `path`; they are made when one is asked for."""
    base, _ = marshal.loads(blob)  # noqa: S302 - written by us, and checked against the source
    sites.loaders[base // SPAN] = partial(unpack, blob, path)


def unpack(blob: bytes, path: str) -> Iterator[Site]:
    """The sites of `pack`."""
    base, rows = marshal.loads(blob)  # noqa: S302 - see register
    for offset, (function, line, roots, accesses, after, maybe) in enumerate(rows):
        yield Site(
            base + offset,
            path,
            function,
            line,
            tuple(Root(*root) for root in roots),
            tuple(map(_access, accesses)),
            after,
            tuple(map(_access, maybe)),
        )


def _access(row: tuple[Any, ...]) -> Access:
    access = Access(*row)
    return access._replace(
        path=tuple(step if isinstance(step, str) else Key(*step) for step in access.path),
        what=What(access.what),
        mode=Mode(access.mode),
        role=Role(access.role),
        key=None if access.key is None else Key(*access.key),
        asked=tuple(Asked(*one) for one in access.asked),
    )
