"""Lines by counting agree with LibCST's own positions."""

from __future__ import annotations

import pathlib
import sysconfig

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from racecheck.facts.lines import layout
from racecheck.facts.positions import _HEADED

STDLIB = pathlib.Path(sysconfig.get_paths()["stdlib"])
FILES = [
    "queue.py",
    "threading.py",
    "socketserver.py",
    "sched.py",
    "asyncio/locks.py",
    "inspect.py",
]


def exact_lines(text: str) -> list[int]:
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    spans = [(s.start.line, s.start.column) for n, s in positions.items() if isinstance(n, _HEADED)]
    return [line for line, _ in sorted(spans)]


@pytest.mark.parametrize("name", FILES)
def test_every_statement_line_of_library_code(name: str) -> None:
    text = (STDLIB / name).read_text("utf-8")
    assert layout(text).starts == exact_lines(text)


TRICKY = {
    "docstring with quotes": 'x = """a\n"quoted" \'\'\' # no comment\n"""\ny = 1\n',
    "escapes": "x = 'it\\'s # not a comment'; y = \"\\\"\"\nz = 1\n",
    "brackets": "x = [\n  1, # one ]\n  2,\n]\ny = {\n}\n",
    "continuation": "x = 1 + \\\n    2\ny = 3\n",
    "continuation inside a string": "x = 'a\\\nb'\ny = 3\n",
    "comments only": "# one\n\n    # two\n",
    "no newline at the end": "x = 1\ny = 2",
    "semicolons": "x = 1; y = 2\nz = 3\n",
    "one-line suites": "if x: y = 1\nelse: y = 2\n",
    "decorators": "@a\n@b(\n  1\n)\ndef f():\n    pass\n",
    "carriage returns": "x = 1\r\ny = '''a\r\nb'''\r\nz = 2\r\n",
    "form feed": "x = 1\n\x0c\ny = 2\n",
    "nested f-strings": "x = f\"{a['b']}\"\ny = 1\n",
    "match": "match x:\n    case 1:\n        pass\n    case _:\n        pass\n",
    "try": "try:\n    x\nexcept A:\n    y\nelse:\n    z\nfinally:\n    w\n",
    "raw string that ends in a backslash": "x = r'\\'' \ny = 1\n",
    "unicode": "ä = 'ö'\nß = 1\n",
    "brackets that close on their line": "x = f(a, 'b)', \"\")[1]({}) + [\n1]; y\nz = 1\n",
    "triple quotes in brackets": "x = f('''it's) # ''')\ny = g(\"\"\"\n)\"\"\")\nz = 1\n",
    "many strings on a line": "x = [" + "'a', " * 250 + "]\ny = (" + "('a', b), " * 250 + "\n)\n",
}


@pytest.mark.parametrize("text", TRICKY.values(), ids=TRICKY.keys())
def test_tricky_layout(text: str) -> None:
    assert layout(text).starts == exact_lines(text)


def test_comments_know_their_statement() -> None:
    found = layout("x = [1,\n  2]  # racecheck: ignore\n# racecheck: off\ny = 1\n").comments
    assert [(c.line, c.column, c.own_line) for c in found] == [(2, 7, False), (3, 1, True)]


def test_depth_counts_brackets_outside_strings() -> None:
    assert layout("x = ([{'((((' : 1}])\n").depth == 3


def test_brackets_that_close_on_their_line_count() -> None:
    assert layout("x = '((('\n").depth == 0
    assert layout("x = (1)\n").depth == 1
    assert layout("x = [\n  '((', (1, '))')\n]\n").depth == 2


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("x", 1), ("x\n", 1), ("x\n# end", 2), ("\r\n\r'a\\\nb'", 4)]
)
def test_the_last_line_counts_without_its_end(text: str, lines: int) -> None:
    assert layout(text).lines == lines
