"""Memory that grows with every repetition."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from racecheck.runtime.observers.memory import Observer
from tests.runtime.observers.scene import OPTIONS

kept: list[Any] = []


def keeps() -> None:
    kept.append(["x"] * 100)


def keeps_nothing() -> None:
    assert ["x"] * 100


@lru_cache(maxsize=4)
def table(size: int) -> list[int]:
    return list(range(size))


def test_what_is_kept_each_time() -> None:
    observer = Observer(OPTIONS)
    observer.repeat(keeps)
    kept.clear()
    found = list(observer.findings(OPTIONS))
    assert {finding.code for finding in found} == {"RC442"}
    assert found[0].subject == "keeps"
    assert found[0].place.line == keeps.__code__.co_firstlineno + 1
    observer.forget()
    assert list(observer.findings(OPTIONS)) == []


@pytest.mark.parametrize("function", [keeps_nothing, lambda: table(1000), kept.clear])
def test_what_is_not(function: Any) -> None:
    observer = Observer(OPTIONS)
    observer.repeat(function)
    assert list(observer.findings(OPTIONS)) == []


def test_an_exception_comes_out_and_nothing_is_said() -> None:
    observer = Observer(OPTIONS)
    with pytest.raises(ValueError, match="invalid literal"):
        observer.repeat(lambda: int("two"))
    assert list(observer.findings(OPTIONS)) == []
