from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from racecheck.core.errors import RacecheckError

ROOT = Path(__file__).parents[2]


def kinds(base: type[RacecheckError] = RacecheckError) -> Iterator[type[RacecheckError]]:
    yield base
    for sub in base.__subclasses__():
        yield from kinds(sub)


def test_every_slug_has_a_paragraph_and_every_paragraph_a_slug():
    text = (ROOT / "docs" / "messages.md").read_text("utf-8")
    paragraphs = re.findall(r"^## (\S+)\n\n\S", text, re.MULTILINE)
    assert sorted(paragraphs) == sorted({kind.slug for kind in kinds()})


def test_every_slug_in_the_source_is_one_of_them():
    known = {kind.slug for kind in kinds()}
    used = {
        slug
        for path in (ROOT / "racecheck").rglob("*.py")
        for slug in re.findall(r"Problem\(\s*\"([a-z-]+)\"", path.read_text("utf-8"))
    }
    reading = {"syntax", "encoding", "size", "nesting", "io", "internal"}
    assert used - reading <= known
