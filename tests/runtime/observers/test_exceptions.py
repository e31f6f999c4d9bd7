"""Exceptions that end threads."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from racecheck.core.finding import Finding
from racecheck.runtime.observers import exceptions
from tests.runtime.observers.watching import watched


@pytest.fixture(autouse=True)
def as_in_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest's hook would make a warning of it, and that an error."""
    hook: Any = lambda args: None  # noqa: E731
    hook.__module__ = "_pytest.threadexception"
    monkeypatch.setattr(threading, "excepthook", hook)


def died(*bodies: Callable[[], object]) -> list[Finding]:
    with watched("exceptions") as session:
        for body in bodies:
            thread = threading.Thread(target=body, name="w")
            thread.start()
            thread.join()
        found = session.findings()
        assert session.take() == found
        assert session.take() == []
    return found


def parse() -> int:
    return int("two")


def test_the_place_is_that_of_the_user() -> None:
    (finding,) = died(parse)
    assert (finding.code, finding.subject) == ("RC426", "ValueError in parse")
    assert finding.message.startswith("A thread died of ValueError: invalid literal for int()")
    assert finding.place.path.endswith("test_exceptions.py")
    assert finding.evidence[0].startswith("w: started at ")


def test_the_same_place_is_told_once() -> None:
    (finding,) = died(parse, parse)
    assert finding.evidence[-1] == "2 threads ended like this"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_what_threading_does_not_print(error: type[BaseException]) -> None:
    def body() -> None:
        raise error

    assert died(body) == []


def test_a_hook_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    assert died(parse) == []
    assert len(heard) == 1


def test_texts_are_the_same_in_each_run() -> None:
    assert exceptions.text_of(ValueError(f"no {object()}\nmore")) == "no <object object ...>"

    class OddError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert exceptions.text_of(OddError()) == ""


def test_no_object_of_the_program_is_kept() -> None:
    class Big:
        pass

    big = Big()

    def body() -> None:
        local = big
        raise ValueError(local is None)

    with watched("exceptions") as session:
        before = sys.getrefcount(big)
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        assert len(session.findings()) == 1
        assert sys.getrefcount(big) == before
