"""A lab, and programs written on the spot that are imported inside it."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from racecheck.core.schedule import Schedule
from racecheck.explore.bounds import Bounds
from racecheck.explore.lab import Lab
from racecheck.explore.outcome import Run
from racecheck.explore.strategies.random_walk import RandomWalk
from racecheck.explore.strategies.replay import Replay
from racecheck.runtime.options import RuntimeOptions

_numbers = count()


@dataclass
class Bench:
    """A lab with what tests ask of it."""

    lab: Lab
    folder: Path

    def load(self, source: str) -> ModuleType:
        """A module of this source, imported inside the lab; its state is what runs begin with."""
        name = f"tried_{next(_numbers)}"
        (self.folder / f"{name}.py").write_text(textwrap.dedent(source), "utf-8")
        module = importlib.import_module(name)
        self.lab.note_state()
        return module

    def once(self, body: Callable[[], Any], schedule: Schedule | None = None) -> Run:
        """One run, by default without any switch that is not needed."""
        strategy = Replay(schedule or Schedule())
        strategy.begin()
        return self.lab.run(strategy, body)

    def often(self, body: Callable[[], Any], times: int = 60, seed: int = 1) -> list[Run]:
        """Runs of a random walk."""
        strategy = RandomWalk(seed, times)
        runs = []
        while strategy.begin():
            runs.append(self.lab.run(strategy, body))
        return runs


Make = Callable[..., Bench]


@pytest.fixture
def make_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a lab with these bounds; it is closed at the end."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    open_labs: list[Lab] = []

    def make(bounds: Bounds | None = None, backend: str = "auto") -> Bench:
        options = RuntimeOptions(
            watch=("races", "lock-order"), backend=backend, trace=(str(tmp_path),)
        )
        lab = Lab(options, bounds)
        open_labs.append(lab.__enter__())
        return Bench(lab, tmp_path)

    yield make
    for lab in open_labs:
        lab.__exit__(None, None, None)
    for name in set(sys.modules) - before:
        if name.startswith("tried_"):
            del sys.modules[name]


@pytest.fixture
def bench(make_bench: Make) -> Bench:
    """A lab with the usual bounds."""
    return make_bench()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One lab for all tests of a module, which then must not open another."""
    folder = tmp_path_factory.mktemp("explored")
    with pytest.MonkeyPatch.context() as patches:
        patches.syspath_prepend(str(folder))
        options = RuntimeOptions(watch=("races", "lock-order"), trace=(str(folder),))
        with Lab(options) as lab:
            yield Bench(lab, folder)


@pytest.fixture(autouse=True, scope="module")
def _small_heap(small_heap: None) -> None:
    pass
