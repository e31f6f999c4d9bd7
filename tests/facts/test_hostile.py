"""Source that nobody writes by hand: one problem in plain words, never a crash or a hang."""

from __future__ import annotations

import pytest

from racecheck.facts.read import read

CHAINS = {
    "not": "not " * 3000 + "a",
    "minus": "-" * 3000 + "1",
    "lambda": "lambda:" * 3000 + "1",
    "attributes": "a" + ".b" * 20_000,
    "calls": "f" + "()" * 20_000,
    "sum": "+".join(["a"] * 50_000),
    "sum over lines": "(" + "\n+".join(["a"] * 50_000) + ")",
    "conditions": "1 if a else " * 5000 + "2",
    "brackets": "(" * 2000 + "1" + ")" * 2000,
}


@pytest.mark.parametrize("expression", CHAINS.values(), ids=CHAINS.keys())
def test_endless_expressions_are_a_problem(expression: str) -> None:
    facts = read(f"x = {expression}\n".encode())
    assert facts.problem is not None
    assert facts.problem.kind == "nesting"
    assert "\n" not in facts.problem.message


def test_deep_but_honest_source_is_read() -> None:
    branches = "if a == 0:\n    pass\n" + "".join(f"elif a == {n}:\n    pass\n" for n in range(400))
    words = "x = (" + "\n".join('"word"' for _ in range(600)) + ")\n"
    numbers = "y = [" + ", ".join("1" for _ in range(5000)) + "]\n"
    total = "z = " + " + ".join(f"v{n}" for n in range(300)) + "\n"
    facts = read((branches + words + numbers + total).encode())
    assert facts.problem is None


BROKEN = {
    "latin-1 without a coding": (b"x = '\xe9'\n", "encoding"),
    "unknown coding": (b"# -*- coding: klingon -*-\nx = 1\n", "encoding"),
    "null byte": (b"x = 1\n\0\n", "syntax"),
    "half a statement": (b"def f(:\n    pass\n", "syntax"),
    "open string": (b"x = '''abc\n", "syntax"),
    "template": (b"class {{name}}:\n    pass\n", "syntax"),
}


@pytest.mark.parametrize(("data", "kind"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_source_is_a_problem(data: bytes, kind: str) -> None:
    facts = read(data)
    assert facts.problem is not None
    assert facts.problem.kind == kind
    assert facts.problem.message


def test_declared_codings_are_honoured() -> None:
    source = "# -*- coding: latin-1 -*-\nself = 1\nself.ä = 'é'\n".encode("latin-1")
    assert read(source).problem is None
    assert read(b"\xef\xbb\xbfx = 1\n").problem is None


def test_empty_and_comment_only_files() -> None:
    assert read(b"").problem is None
    assert read(b"# nothing\n").lines == 1
