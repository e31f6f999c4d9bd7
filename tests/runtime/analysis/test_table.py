"""Numbers of sites, and the table as a whole."""

from __future__ import annotations

import ast
import gc

from racecheck.runtime.analysis import analyse, table_of
from racecheck.runtime.sites import sites
from tests.testing.told import table

SOURCE = "def f(self):\n    self.a = 1\n"


def test_numbers_depend_on_the_text_and_the_path_only() -> None:
    first = table(SOURCE)
    again = analyse(ast.parse(SOURCE), "module.py", SOURCE.encode())
    other = analyse(ast.parse(SOURCE), "other.py", SOURCE.encode())
    longer = table(SOURCE + "\n")
    main = table(SOURCE, is_main=True)
    assert first.base == again.base
    assert len({first.base, other.base, longer.base, main.base}) == 4
    assert [site.number for site in first.sites] == [first.base]
    assert sites[longer.base].path == "module.py"


def test_a_file_is_analysed_once() -> None:
    assert table_of("module.py", SOURCE.encode()) is table_of("module.py", SOURCE.encode())


def test_what_cannot_be_read_or_parsed_has_no_table() -> None:
    assert table_of("nowhere.py") is None
    assert table_of("module.py", b"def f(:") is None
    assert table_of("module.py", b"\0") is None


def test_functions_that_touch_nothing_are_not_in_it() -> None:
    assert table("def f():\n    return 1\n").functions == {}


def test_nothing_is_left_to_the_garbage_collector() -> None:
    source = "class C:\n    def f(self):\n        g = lambda: self\n        self.a = g\n"
    analyse(ast.parse(source), "module.py", source.encode())
    gc.collect()
    gc.disable()
    try:
        made = analyse(ast.parse(source), "module.py", source.encode())
        assert made.sites
        assert gc.collect() == 0
    finally:
        gc.enable()
