"""Tracebacks without frames of ours."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from types import CodeType

from racecheck.runtime import tracebacks


def ours(call: Callable[[], None]) -> None:
    """Call it from a frame that stands in a file of racecheck."""
    source = "def run(call):\n    call()\n"
    space: dict[str, Callable[[Callable[[], None]], None]] = {}
    code: CodeType = compile(source, tracebacks.__file__, "exec")
    exec(code, space)
    space["run"](call)


def names(error: BaseException) -> list[str]:
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def fails() -> None:
    raise ValueError("x")


def test_our_frames_go_wherever_they_are() -> None:
    try:
        ours(lambda: ours(fails))
    except ValueError as error:
        assert names(error).count("run") == 2
        tracebacks.trim(error)
        assert "run" not in names(error)
        assert names(error)[-1] == "fails"


def test_causes_contexts_and_groups_are_trimmed_as_well() -> None:
    def chained() -> None:
        try:
            ours(fails)
        except ValueError as error:
            raise ExceptionGroup("both", [error]) from error

    try:
        ours(chained)
    except ExceptionGroup as group:
        tracebacks.trim(group)
        assert "run" not in names(group)
        assert "run" not in names(group.exceptions[0])
        assert group.__cause__ is group.exceptions[0]


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError(1), ValueError(2)
    first.__context__, second.__context__ = second, first
    tracebacks.trim(first)
    assert first.__context__ is second
    assert second.__context__ is first


def test_nothing_is_left_of_what_is_only_ours() -> None:
    try:
        ours(None)  # type: ignore[arg-type]
    except TypeError as error:
        while error.__traceback__ is not None and "run" in names(error)[1:]:
            error.__traceback__ = error.__traceback__.tb_next
        tracebacks.trim(error)
        assert names(error) == []
