"""A program, its sites written as comments, under each backend that looks at frames."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from racecheck.runtime.options import RuntimeOptions
from tests.testing.handmade import Told, Watch

FRAMES = ["settrace", *(["monitoring"] if sys.version_info >= (3, 12) else [])]


@pytest.fixture(params=FRAMES)
def backend(request: pytest.FixtureRequest) -> Any:
    """The module of one backend."""
    return import_module(f"racecheck.runtime.backends.{request.param}")


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """To be started by the test; stopped in any case."""
    watch = Watch(tmp_path, monkeypatch)
    yield watch
    watch.stop()


@pytest.fixture
def told(watch: Watch, backend: Any) -> Callable[[str], Told]:
    """What the backend tells while `main` of a program runs."""

    def run(source: str) -> Told:
        space = watch.load(source)
        watch.start(backend, RuntimeOptions())
        try:
            space["main"]()
        finally:
            watch.stop()
        return watch.told

    return run
