"""Sites as bytes, so that code with their numbers can be cached and its sites made when needed."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from racecheck.runtime.sites import SPAN, Access, Key, Mode, Role, Root, Site, What, sites


def pack(base: int, found: Iterable[Site]) -> bytes:
    """All sites of one file, which begin at number `base`."""
    rows = [
        (site.function, site.line, tuple(map(tuple, site.roots)), _accesses(site), site.after)
        for site in found
    ]
    return marshal.dumps((base, rows))


def _accesses(site: Site) -> tuple[Any, ...]:
    return tuple(
        (
            a.root,
            a.path,
            a.what.value,
            a.name,
            a.mode.value,
            a.role.value,
            a.line,
            a.text,
            None if a.key is None else tuple(a.key),
            a.idempotent,
            a.clears,
        )
        for a in site.accesses
    )


def register(blob: bytes, path: str) -> None:
    """The sites in `blob` are those of the file at `path`; they are made when one is asked for."""
    base, _ = marshal.loads(blob)  # noqa: S302 - written by us, and checked against the source
    sites.loaders[base // SPAN] = partial(unpack, blob, path)


def unpack(blob: bytes, path: str) -> Iterator[Site]:
    """The sites of `pack`."""
    base, rows = marshal.loads(blob)  # noqa: S302 - see register
    for offset, (function, line, roots, accesses, after) in enumerate(rows):
        yield Site(
            base + offset,
            path,
            function,
            line,
            tuple(Root(*root) for root in roots),
            tuple(map(_access, accesses)),
            after,
        )


def _access(row: tuple[Any, ...]) -> Access:
    root, path, what, name, mode, role, line, text, key, idempotent, clears = row
    return Access(
        root,
        path,
        What(what),
        name,
        Mode(mode),
        Role(role),
        line,
        text,
        None if key is None else Key(*key),
        idempotent,
        clears,
    )
