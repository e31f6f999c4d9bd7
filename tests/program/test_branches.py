"""Branches that a constant of the module rules out."""

from __future__ import annotations

import pytest

from racecheck.facts.read import read
from racecheck.program import branches


def called(text: str, others: str = "") -> list[str]:
    files = {"a.py": read(text.encode()), "b.py": read(others.encode())}
    facts = branches.living(files)["a.py"]
    return [call.path for function in facts.functions for call in function.calls]


CONSTANT = "_SYNC = False\n\n\ndef f(x):\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    if _SYNC:\n        a()\n    else:\n        b()\n", ["b"]),
        ("    if not _SYNC:\n        a()\n    else:\n        b()\n", ["a"]),
        ("    return a() if _SYNC else b()\n", ["b"]),
        ("    if not _SYNC:\n        return a()\n    b()\n", ["a"]),
        ("    if _SYNC and x.ready:\n        a()\n    b()\n", ["b"]),
        ("    if _SYNC and x.ready():\n        a()\n    b()\n", ["b"]),
        ("    if _SYNC or x.ready:\n        a()\n    b()\n", ["a", "b"]),
        ("    if not _SYNC and x.ready:\n        a()\n    b()\n", ["a", "b"]),
        ("    if x.ready and not _SYNC:\n        a()\n    b()\n", ["a", "b"]),
        ("    if _SYNC and x:\n        a()\n    b()\n", ["b"]),
        ("    if _SYNC and x and x.y:\n        a()\n    b()\n", ["b"]),
        ("    if _SYNC and 1:\n        a()\n    b()\n", ["b"]),
        ("    if _SYNC and x or x.y:\n        a()\n    b()\n", ["a", "b"]),
        ("    if (_SYNC or x) and x.y:\n        a()\n    b()\n", ["a", "b"]),
        ("    if not (_SYNC and x):\n        a()\n    b()\n", ["a", "b"]),
        ("    while _SYNC:\n        a()\n    b()\n", ["a", "b"]),
        ("    _SYNC = x\n    if _SYNC:\n        a()\n", ["a"]),
    ],
)
def test_what_is_left(body: str, expected: list[str]) -> None:
    assert called(CONSTANT + body) == expected


BODY = "\n\ndef f():\n    if _SYNC:\n        a()\n    else:\n        b()\n"


@pytest.mark.parametrize(
    "top",
    [
        "_SYNC = False\n_SYNC = True\n",
        "_SYNC = None\n",
        "_SYNC = compute()\n",
        "if x:\n    _SYNC = False\n",
        "try:\n    _SYNC = False\nexcept E:\n    pass\n",
        "_SYNC = False\n\n\ndef g():\n    global _SYNC\n    _SYNC = True\n",
        "SYNC = False\n",
        "from b import _SYNC\n",
    ],
)
def test_what_may_change_says_nothing(top: str) -> None:
    assert called(top + BODY)[-2:] == ["a", "b"]


def test_a_name_that_another_file_sets_says_nothing() -> None:
    assert called("_SYNC = False" + BODY) == ["b"]
    assert called("_SYNC = False" + BODY, "import a\n\na._SYNC = True\n") == ["a", "b"]
