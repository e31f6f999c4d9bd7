"""How people call what a change is about."""

from __future__ import annotations

from typing import Any

import pytest

from racecheck.runtime.changes import subject_of
from racecheck.runtime.containers import SHAPE


@pytest.mark.parametrize(
    ("label", "field", "subject"),
    [
        ("Cart", "items", "Cart.items"),
        ("", "total", "total"),
        ("Cart.items", SHAPE, "Cart.items"),
        ("Cart.items", ("item", "a"), "Cart.items['a']"),
        ("rows", ("item", 12), "rows[12]"),
        ("rows", ("item", (1, "b")), "rows[(1, 'b')]"),
        ("rows", ("item", ("b",)), "rows[('b',)]"),
        ("rows", ("item", 140_597_865_524_160), "rows[...]"),
        ("rows", ("item", (140_597_865_524_160, 2)), "rows[(..., 2)]"),
    ],
)
def test_subjects(label: str, field: Any, subject: str) -> None:
    assert subject_of(label, field) == subject
