"""The parser without LibCST around it, and LibCST all the same when it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

ALONE = """
import sys
from racecheck.facts import nodes
"""
WHOLE = """
import libcst
from libcst import native
assert libcst.native is native is sys.modules["libcst.native"]
assert sys.modules["libcst"] is libcst is not nodes.cst
assert type(libcst.parse_module("x")) is libcst.Module
assert isinstance(nodes.parse("x"), nodes.cst.Module)
"""
QUIET = (0, "")


def run(code: str) -> tuple[int, str]:
    """Exit code and errors of a process that knows nothing of LibCST yet."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_a_parse_needs_the_parser_alone() -> None:
    code = f"""{ALONE}
tree = nodes.parse("x = f(1)")
assert isinstance(tree, nodes.cst.Module)
assert not [name for name in sys.modules if name.startswith("libcst")]
"""
    assert run(code) == QUIET


@pytest.mark.parametrize(
    "use",
    [
        "nodes.code(nodes.parse('x  =  1\\n'))",
        "assert type(caught(nodes.parse, '(')).__name__ == 'ParserSyntaxError'",
        "caught(nodes.parse, b'x')",
        "caught(nodes.parse, 'x = \\ud800')",
        "import libcst",
        "from racecheck.facts import positions",
    ],
)
def test_libcst_is_whole_for_whoever_comes_later(use: str) -> None:
    code = f"""{ALONE}
def caught(work, given):
    try:
        work(given)
    except BaseException as error:
        return error
nodes.parse("x = 1")
{use}
{WHOLE}
"""
    assert run(code) == QUIET


def test_libcst_that_was_there_first_is_used() -> None:
    code = f"""import libcst
{ALONE}
nodes.parse("x")
{WHOLE}
"""
    assert run(code) == QUIET


def test_beside_another_thread_all_of_libcst_is_imported() -> None:
    code = f"""import threading
end = threading.Event()
other = threading.Thread(target=end.wait)
other.start()
{ALONE}
try:
    assert sys.modules["libcst"].Module
    assert isinstance(nodes.parse("x"), nodes.cst.Module)
finally:
    end.set()
    other.join()
{WHOLE}
"""
    assert run(code) == QUIET


def test_a_class_of_a_later_libcst_is_taken_from_there() -> None:
    code = f"""{ALONE}
del vars(nodes.cst)["Name"]
tree = nodes.parse("x")
name = tree.body[0].body[0].value
assert isinstance(name, nodes.cst.Name) and name.value == "x"
assert nodes.field_names(type(name)) == ("value", "lpar", "rpar")
{WHOLE}
"""
    assert run(code) == QUIET


def test_a_field_of_a_later_libcst_is_left_out() -> None:
    code = f"""{ALONE}
nodes.cst.Name = nodes._record("Name", {{"value": None}})
tree = nodes.parse("x")
name = tree.body[0].body[0].value
assert type(name) is nodes.cst.Name and name.value == "x"
{WHOLE}
"""
    assert run(code) == QUIET


def test_a_field_that_an_older_libcst_lacks_is_left_out() -> None:
    code = f"""{ALONE}
nodes.cst.Name = nodes._record("Name", {{"value": None, "later": None}})
tree = nodes._copied("x")
name = tree.body[0].body[0].value
assert (name.value, name.later) == ("x", None)
{WHOLE}
"""
    assert run(code) == QUIET


def test_the_parser_is_called_from_where_an_import_does_nothing() -> None:
    code = f"""{ALONE}
import builtins
asked = []
before = builtins.__import__
builtins.__import__ = lambda name, *rest: asked.append(name) or before(name, *rest)
nodes.parse("x = f(1)")
builtins.__import__ = before
assert asked == []
"""
    assert run(code) == QUIET
