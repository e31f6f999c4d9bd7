from __future__ import annotations

import pytest

from racecheck.core.place import Place
from racecheck.source.columns import locate


def found(text: str, mark: str, line: int = 1) -> str:
    """What is underlined, with `|` at line breaks; checked against line and column."""
    place = locate(Place("a.py", line, mark=mark), text)
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    parts = [lines[place.line - 1][place.column - 1 :]]
    parts += lines[place.line : place.end_line - 1]
    parts.append(lines[place.end_line - 1][: place.end_column - 1])
    return "|".join(parts)


def at(text: str, mark: str, line: int = 1) -> tuple[int, int, int, int]:
    place = locate(Place("a.py", line, mark=mark), text)
    return place.line, place.column, place.end_line, place.end_column


def test_a_mark_on_the_line() -> None:
    text = "class A:\n    def f(self):\n        self.balance -= fee\n"
    assert at(text, "self.balance", 3) == (3, 9, 3, 21)
    assert at(text, "self.balance -= fee", 3) == (3, 9, 3, 28)


def test_the_line_moves_to_the_mark() -> None:
    text = "x = f(\n    1,\n    self.balance,\n)\ny = self.balance\n"
    assert at(text, "self.balance", 1) == (3, 5, 3, 17)
    assert at(text, "self.balance", 5) == (5, 5, 5, 17)


def test_the_search_ends_with_the_statement() -> None:
    assert found("x = 1\nself.balance = 2\n", "self.balance") == "x = 1"
    assert found("if a:\n    b = 1\n", "b") == "if a:"


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("x.self.balance + self.balance", "self.balance", 18),
        ("self.balance_of + self.balance", "self.balance", 19),
        ("self.balances + self.balance", "self.balance", 17),
        ("self.count = count", "count", 14),
        ("myself.a + self.a", "self.a", 12),
        ("'self.a' + self.a", "self.a", 12),
        ("'''\nself.a''' + self.a", "self.a", 13),
        ("f(  # self.a\n  self.a)", "self.a", 3),
        (r"'\'self.a' + self.a", "self.a", 14),
        (r"r'\' + self.a' + self.a", "self.a", 18),
        ("'{self.a}' + self.a", "self.a", 14),
        ("'{{' + f'{{self.a}}{self.a}'", "self.a", 21),
        ("f'{x[\"self.a\"]} {self.a}'", "self.a", 18),
        ("rf'''{\n self.a!r:>{self.b}}'''", "self.b", 13),
        ("t'{self.a}'", "self.a", 4),
        ("a = b'self.a' and self.a", "self.a", 19),
        ("x = a \\\n    + self.a", "self.a", 7),
        ("\tself.a = 1", "self.a", 2),
        ("é = self.a", "self.a", 5),
    ],
)
def test_whole_words_outside_of_strings_and_comments(text: str, mark: str, expected: int) -> None:
    assert at(text, mark)[1] == expected
    assert found(text, mark) == mark


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        (
            "t = Thread( target = self._run )",
            "Thread(target=self._run)",
            "Thread( target = self._run )",
        ),
        ("t = Thread(\n  target=self._run,\n)", "Thread(target=self._run)", "Thread"),
        ("t = Thread(target=self._run, daemon=True)", "Thread(target=self._run)", "Thread"),
        ("with self._locks[f(k)[0]]: pass", "self._locks[*]", "self._locks[f(k)[0]]"),
        ('self.d[")"] = 1', "self.d[*]", 'self.d[")"]'),
        ('self.d["key"].x = 1', "self.d['key'].x", 'self.d["key"].x'),
        ("make(a, (b))\\\n  .start()", "make().start()", "make(a, (b))\\|  .start()"),
        ("make(a).start()", "make().start", "make(a).start"),
        ("self .  a = 1", "self.a", "self .  a"),
        ("q.get(timeout=1)", "q.get()", "q.get(timeout=1)"),
        ("call(q.get)", "q.get()", "q.get"),
        ("f(lock.acquire())", "acquire()", "acquire()"),
        ("self.a.b += 1", "a.b", "a.b"),
        ("async  with lock: pass", "async with", "async  with"),
        ("x = (a,\n     b)", "(a, b)", "(a,|     b)"),
        ("lambda: self.x(", "self.x()", "self.x"),
    ],
)
def test_marks_in_normal_form(text: str, mark: str, expected: str) -> None:
    assert found(text, mark) == expected


def test_a_comment_can_be_meant() -> None:
    text = "x = f(\n    1,  # racecheck: ignore[RC101]\n)\n"
    assert at(text, "racecheck: ignore") == (2, 11, 2, 28)
    assert found("# racecheck:ignore", "racecheck: ignore") == "racecheck:ignore"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("    x = 1  # why\n", "x = 1"),
        ("    # why  \n", "# why"),
        ("x = f(1,\n  2)\n", "x = f(1,"),
        ("x = '''a\nb'''\n", "x = '''a"),
        ("\n", ""),
        ("   \n", ""),
    ],
)
def test_without_the_mark_the_first_line_is_meant(text: str, expected: str) -> None:
    assert found(text, "nowhere") == expected
    assert found(text, "") == expected


@pytest.mark.parametrize("line", [0, -1, 9])
def test_a_line_that_is_not_there_changes_nothing(line: int) -> None:
    place = Place("a.py", line, mark="x")
    assert locate(place, "x\n") == place


@pytest.mark.parametrize(
    "text", ["x = 'unterminated", "x = '''un\nterminated", "f'{", "f'{x", "(((", ")))", "\\", "'\\"]
)
def test_broken_source_is_no_reason_to_fail(text: str) -> None:
    place = locate(Place("a.py", 1, mark="nowhere()"), text)
    assert (place.line, place.column) == (1, 1)


def test_other_line_ends_and_a_byte_order_mark() -> None:
    text = "\ufeffa = 1\r\nf(\r\n  self.a)\r\n"
    assert at(text, "self.a", 2) == (3, 3, 3, 9)
    assert at(text, "a", 1) == (1, 1, 1, 2)
    assert at("a\rf(\r self.a)", "self.a", 2) == (3, 2, 3, 8)


def test_a_path_and_a_mark_stay() -> None:
    place = locate(Place("dir/a.py", 1, mark="b"), "a = b")
    assert place == Place("dir/a.py", 1, 5, 1, 6, "b")
