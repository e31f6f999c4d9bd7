"""What a witness sees: arrivals at sites, told by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from racecheck.explore.confirming import witness as module
from racecheck.explore.confirming.witness import Witness
from racecheck.runtime.sites import VALUE, Access, Mode, Role, Root, Site, What

Arrive = Callable[..., None]


class Account:
    def __init__(self) -> None:
        self.balance = 0


def site(number: int, mode: Mode, name: str = "balance", *, after: bool = False) -> Site:
    access = Access(0, (), What.ATTRIBUTE, name, mode, Role.PLAIN, number, name)
    return Site(number, "m.py", "f", number, (Root(VALUE, "self"),), (access,), after)


READ, WRITE, OTHER = site(100, Mode.READ), site(200, Mode.WRITE), site(300, Mode.WRITE)


class Stage:
    """Agents that arrive, one inside another's stand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, witness: Witness) -> None:
        local = SimpleNamespace(agent=None)
        self.lab: Any = SimpleNamespace(controller=SimpleNamespace(local=local, active=True))
        self.witness = witness
        self._meanwhile: list[Callable[[], None]] = []

        @contextmanager
        def listening(lab: Any, around: Callable[[Arrive], Arrive]) -> Iterator[None]:
            self.told = around(self._arrive)
            yield

        monkeypatch.setattr(module, "listening", listening)

    def _arrive(self, *_: object) -> None:
        while self._meanwhile:
            self._meanwhile.pop()()

    def go(self, path: str, where: Site, what: object, *meanwhile: Callable[[], None]) -> None:
        """An agent comes to a site, others go on while it stands there, then it goes on."""
        local = self.lab.controller.local
        before, local.agent = local.agent, SimpleNamespace(path=path, task=None)
        self._meanwhile += meanwhile
        with self.witness.watching(self.lab):
            self.told(where, (what,))
        local.agent = before


def meeting(monkeypatch: pytest.MonkeyPatch) -> Stage:
    numbers = [{READ.number}, {WRITE.number}]
    return Stage(monkeypatch, Witness(together=[(numbers[1], one) for one in numbers]))


def test_two_stand_before_one_field(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, account = meeting(monkeypatch), Account()
    stage.go("0.1", READ, account, lambda: stage.go("0.2", WRITE, account))
    seen = stage.witness.seen
    assert seen is not None
    assert (seen.places, seen.agents) == (("m.py:100", "m.py:200"), ("0.1", "0.2"))
    stage.witness.begin()
    assert stage.witness.seen is None


def test_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, account = meeting(monkeypatch), Account()
    stage.go("0.1", READ, account)
    stage.go("0.2", WRITE, account)
    assert stage.witness.seen is None


def test_two_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = meeting(monkeypatch)
    stage.go("0.1", READ, Account(), lambda: stage.go("0.2", WRITE, Account()))
    assert stage.witness.seen is None


def test_two_that_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, account = meeting(monkeypatch), Account()
    stage.go("0.1", READ, account, lambda: stage.go("0.2", READ, account))
    assert stage.witness.seen is None


def test_sites_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, account = meeting(monkeypatch), Account()
    stage.go("0.1", OTHER, account, lambda: stage.go("0.2", WRITE, account))
    assert stage.witness.seen is None


def test_whoever_has_done_it_does_not_stand_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    done = site(400, Mode.WRITE, after=True)
    stage = Stage(monkeypatch, Witness(together=[({400}, {200})]))
    account = Account()
    stage.go("0.1", done, account, lambda: stage.go("0.2", WRITE, account))
    assert stage.witness.seen is None


def checking(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch, Witness(checks={READ.number}, acts={WRITE.number}, others={300}))


def test_a_check_that_another_makes_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, account = checking(monkeypatch), Account()
    stage.go("0.1", READ, account)
    stage.go("0.2", OTHER, account)
    assert stage.witness.seen is None
    stage.go("0.1", WRITE, account)
    seen = stage.witness.seen
    assert seen is not None
    assert (seen.places, seen.agents) == (
        ("m.py:100", "m.py:300", "m.py:200"),
        ("0.1", "0.2", "0.1"),
    )


@pytest.mark.parametrize(
    "steps",
    [
        [("0.1", READ), ("0.1", WRITE)],
        [("0.1", READ), ("0.1", WRITE), ("0.2", READ), ("0.2", WRITE)],
        [("0.1", READ), ("0.2", OTHER), ("0.1", READ), ("0.1", WRITE)],
        [("0.2", OTHER), ("0.1", READ), ("0.1", WRITE)],
        [("0.1", READ), ("0.1", OTHER), ("0.1", WRITE)],
        [("0.1", WRITE), ("0.2", OTHER), ("0.1", WRITE)],
    ],
)
def test_a_check_that_holds(monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, Site]]) -> None:
    stage, account = checking(monkeypatch), Account()
    for path, where in steps:
        stage.go(path, where, account)
    assert stage.witness.seen is None


def test_another_object_makes_no_check_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, account = checking(monkeypatch), Account()
    stage.go("0.1", READ, account)
    stage.go("0.2", OTHER, Account())
    stage.go("0.1", WRITE, account)
    assert stage.witness.seen is None
