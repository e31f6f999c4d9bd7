"""Several observers listen; the faults of one are nobody's trouble."""

from __future__ import annotations

from racecheck.runtime.hooks import NAMES, Hooks


def test_nobody_listens() -> None:
    hooks = Hooks()
    for name in NAMES:
        getattr(hooks, name)(1, 2, 3)
    assert hooks.failures == []


def test_several_are_told_in_their_order() -> None:
    hooks, heard = Hooks(), []
    for number in range(3):
        hooks.listen(made=lambda kind, thing, number=number: heard.append((number, kind, thing)))
    hooks.made("Timer", 1)
    assert heard == [(number, "Timer", 1) for number in range(3)]
    hooks.clear()
    hooks.made("Timer", 1)
    assert len(heard) == 3


def test_a_fault_is_kept_and_the_others_hear_all_the_same() -> None:
    hooks, heard = Hooks(), []

    def fails(*_: object) -> None:
        raise ValueError("no")

    hooks.listen(got=fails)
    hooks.listen(got=lambda thread, lock: heard.append(lock))
    for number in range(30):
        hooks.got(None, number)  # type: ignore[arg-type]
    assert len(heard) == 30
    assert hooks.failures == ["got: ValueError: no"] * 20
