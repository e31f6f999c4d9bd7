"""What facts depend on besides the source: our own code and the parser. Part of every cache key."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from racecheck.facts.schema import SCHEMA_VERSION

DIGEST: Final = 16
"""Bytes of a digest: no two sources of a project will ever share one by chance."""

_FACTS: Final = ("facts/*.py", "source/prefilter.py", "core/limits.py")


def digest(data: bytes) -> bytes:
    """Identity of some bytes."""
    return blake2b(data, digest_size=DIGEST).digest()


@cache
def facts_stamp() -> bytes:
    """Changes whenever the same source could give other facts.

    Why by content: a version number would let whoever works on racecheck read stale facts.
    """
    state = blake2b(digest_size=DIGEST)
    versions = (SCHEMA_VERSION, distribution("libcst"), sys.version_info[:2])
    state.update(repr(versions).encode())
    for path in sorted(own_files(_FACTS)):
        state.update(path.name.encode() + b"\0" + path.read_bytes())
    return state.digest()


def own_files(patterns: tuple[str, ...]) -> list[Path]:
    """Files of this package; the archive when it is run from one."""
    home = Path(__file__).parent.parent
    found = [path for pattern in patterns for path in home.glob(pattern)]
    return found or [path for path in home.parents if path.is_file()]


def distribution(name: str) -> str:
    """The installed version, without importing the package or all of importlib.metadata."""
    spec = find_spec(name)
    if spec is None or not spec.origin:
        return ""
    folder = Path(spec.origin).parent.parent
    found = sorted(path.name for path in folder.glob(f"{name}-*.dist-info"))
    if found:
        return found[-1]
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return spec.origin
