"""Potential deadlocks, from runs that had none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from racecheck.core.finding import Confidence
from racecheck.runtime.hooks import hooks
from racecheck.runtime.observers import lock_order
from racecheck.runtime.observers.lock_order import Observer
from tests.runtime.observers.scene import OPTIONS, Scene, codes, give, take


@pytest.fixture
def observer() -> Observer:
    return Observer(OPTIONS)


@pytest.fixture
def scene(observer: Observer) -> Iterator[Scene]:
    made = Scene(observer)
    yield made
    hooks.clear()
    assert hooks.failures == []


def found(observer: Observer) -> list[tuple[str, str]]:
    return codes(observer.findings(OPTIONS))


def inverted(scene: Scene) -> tuple[Any, Any, Any, Any]:
    one, two = scene.start("one"), scene.start("two")
    a = scene.lock()
    b = scene.lock()
    scene.nested(one, a, b)
    scene.nested(two, b, a)
    return one, two, a, b


def test_both_orders(scene: Scene, observer: Observer) -> None:
    inverted(scene)
    (finding,) = observer.findings(OPTIONS)
    assert (finding.code, finding.confidence) == ("RC309", Confidence.OBSERVED)
    assert finding.message == "`inverted.b` and `inverted.a` are taken in both orders"
    assert [(step.role, step.thread) for step in finding.steps] == [
        ("asks for", "two"),
        ("holds", "two"),
        ("asks for", "one"),
        ("holds", "one"),
    ]
    assert finding.steps[0].held == ("inverted.b",)
    assert finding.steps[0].place == finding.place
    assert any(line.startswith("one: started at ") for line in finding.evidence)


def test_locks_of_one_place_are_of_one_class(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    forks = [scene.lock() for _ in range(2)]
    scene.nested(one, *forks)
    scene.nested(two, *reversed(forks))
    (finding,) = observer.findings(OPTIONS)
    assert finding.code == "RC310"
    assert finding.message.startswith("Two `test_locks_of_one_place_are_of_one_class.forks`")


def test_the_same_places_are_told_once_with_a_count(scene: Scene, observer: Observer) -> None:
    for _ in range(3):
        inverted(scene)
    (finding,) = observer.findings(OPTIONS)
    assert "seen 3 times in this run, with other objects or threads" in finding.evidence


def test_one_thread_alone_cannot_deadlock(scene: Scene, observer: Observer) -> None:
    one = scene.start("one")
    a, b = scene.lock(), scene.lock()
    scene.nested(one, a, b)
    scene.nested(one, b, a)
    assert found(observer) == []


def test_a_gate_lock(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    gate, a, b = scene.lock(), scene.lock(), scene.lock()
    scene.nested(one, gate, a, b)
    scene.nested(two, gate, b, a)
    assert found(observer) == []


def test_a_join_orders_and_a_mutex_does_not(scene: Scene, observer: Observer) -> None:
    one = scene.start("one")
    a, b = scene.lock(), scene.lock()
    scene.nested(one, a, b)
    scene.end(one)
    scene.join(scene.main, one)
    scene.nested(scene.start("two"), b, a)
    assert found(observer) == []


def test_a_thread_that_starts_later_comes_later(scene: Scene, observer: Observer) -> None:
    a, b = scene.lock(), scene.lock()
    scene.nested(scene.main, a, b)
    two = scene.start("two")
    scene.nested(two, b, a)
    assert found(observer) == []
    scene.nested(scene.main, a, b)
    assert len(found(observer)) == 1


def test_a_lock_that_is_only_tried_does_not_wait(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    a, b = scene.lock(), scene.lock()
    scene.nested(one, a, b)
    with scene.holding(two, b), scene.holding(two, a, bounded=True):
        pass
    assert found(observer) == []
    scene.nested(two, b, a)
    assert len(found(observer)) == 1


def test_a_lock_held_by_a_try_is_held(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    a, b = scene.lock(), scene.lock()
    scene.nested(one, a, b)
    with scene.holding(two, b, bounded=True), scene.holding(two, a):
        pass
    assert len(found(observer)) == 1


def test_releases_in_another_order(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    a, b, c = scene.lock(), scene.lock(), scene.lock()
    take(one, a)
    take(one, b)
    give(one, a)
    take(one, c)
    give(one, b)
    give(one, c)
    scene.nested(two, c, a)
    assert found(observer) == []
    scene.nested(two, c, b)
    assert len(found(observer)) == 1


def test_five_philosophers(scene: Scene, observer: Observer) -> None:
    forks = [scene.lock() for _ in range(5)]
    for seat in range(5):
        scene.nested(scene.start(f"seat {seat}"), forks[seat], forks[(seat + 1) % 5])
    (finding,) = observer.findings(OPTIONS)
    assert finding.code == "RC310"
    assert finding.message.startswith("Five `")
    assert len(finding.steps) == 10


def test_a_circle_of_three_locks(scene: Scene, observer: Observer) -> None:
    a = scene.lock()
    b = scene.lock()
    c = scene.lock()
    for pair in ((a, b), (b, c), (c, a)):
        scene.nested(scene.start("x"), *pair)
    (finding,) = observer.findings(OPTIONS)
    assert finding.message.endswith("are taken in a circle")
    assert finding.code == "RC309"


def test_joining_a_thread_under_a_lock_that_it_takes(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    lock = scene.lock()
    scene.nested(two, lock)
    with scene.holding(one, lock):
        hooks.awaits(one, "join", two)
    (finding,) = observer.findings(OPTIONS)
    assert (finding.code, finding.steps[0].thread) == ("RC312", "two")
    assert "held while waiting for the end of a thread" in finding.message
    assert [step.role for step in finding.steps] == ["asks for", "waits for", "holds"]


def test_joining_it_when_it_is_past_its_last_lock(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    lock = scene.lock()
    scene.nested(two, lock)
    one.learn(two.publish())
    with scene.holding(one, lock):
        hooks.awaits(one, "join", two)
    assert found(observer) == []


class Result:
    """A future, an event."""


@pytest.mark.parametrize("kind", ["future", "event", "queue-get"])
def test_what_only_the_other_thread_gives(scene: Scene, observer: Observer, kind: str) -> None:
    one, two = scene.start("one"), scene.start("two")
    lock, result = scene.lock(), Result()
    scene.nested(two, lock)
    hooks.gave(two, kind, result)
    with scene.holding(one, lock):
        hooks.awaits(one, kind, result)
    assert [code for code, _ in found(observer)] == ["RC312"]


def test_what_somebody_else_gives_as_well(scene: Scene, observer: Observer) -> None:
    one, two, three = scene.start("one"), scene.start("two"), scene.start("three")
    lock, event = scene.lock(), Result()
    scene.nested(two, lock)
    hooks.gave(two, "event", event)
    hooks.gave(three, "event", event)
    with scene.holding(one, lock):
        hooks.awaits(one, "event", event)
    assert found(observer) == []


def test_a_lock_taken_after_it_was_given(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    lock, event = scene.lock(), Result()
    hooks.gave(two, "event", event)
    scene.nested(two, lock)
    with scene.holding(one, lock):
        hooks.awaits(one, "event", event)
    assert found(observer) == []


def test_another_job_of_the_same_worker(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    lock, result = scene.lock(), Result()
    two.job = two.origin
    scene.nested(two, lock)
    two.job = one.origin
    hooks.gave(two, "future", result)
    with scene.holding(one, lock):
        hooks.awaits(one, "future", result)
    assert found(observer) == []


def test_tests_do_not_meet(scene: Scene, observer: Observer) -> None:
    one, two = scene.start("one"), scene.start("two")
    a, b = scene.lock(), scene.lock()
    scene.nested(one, a, b)
    observer.begin_test()
    scene.nested(two, b, a)
    assert found(observer) == []


def test_what_was_reported_is_not_reported_again(scene: Scene, observer: Observer) -> None:
    one, two, a, b = inverted(scene)
    assert len(found(observer)) == len(found(observer)) == 1
    observer.forget()
    scene.nested(one, a, b)
    assert found(observer) == []
    assert two.chain is None and b is not a


def test_memory_is_bounded(
    scene: Scene, observer: Observer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_order, "KINDS", 50)
    one = scene.start("one")
    lock = scene.lock()
    for _ in range(200):
        scene.nested(one, lock, scene.lock())
        one.publish()
    assert sum(map(len, observer._nested.values())) <= 50 * lock_order.ALIKE
    assert observer.limits() == ["too many different lock orders: the oldest were forgotten"]
    for _ in range(100):
        one.publish()
        with scene.holding(one, lock):
            pass
    assert all(len(alike) <= lock_order.ALIKE for alike in observer._single.values())


def test_order_of_sides_does_not_depend_on_who_came_first(observer: Observer) -> None:
    texts = []
    for swapped in (False, True):
        own = Observer(OPTIONS)
        scene = Scene(own)
        one, two = scene.start("one"), scene.start("two")
        a, b = scene.lock(), scene.lock()
        steps = [lambda: scene.nested(one, a, b), lambda: scene.nested(two, b, a)]  # noqa: B023
        for step in reversed(steps) if swapped else steps:
            step()
        texts.append([(f.fingerprint, f.message, f.place) for f in own.findings(OPTIONS)])
    hooks.clear()
    assert texts[0] == texts[1]


def test_real_locks_on_a_real_thread(observer: Observer) -> None:
    """The chains of real locks tell the same story."""
    from racecheck.runtime.locks import Lock
    from racecheck.runtime.threads import Origin, local, threads

    hooks.clear()
    observer.listen(hooks)
    threads.reset()
    main = local.state
    a, b = Lock(), Lock()

    def other() -> None:
        threads.begin(state)
        with b, a:
            pass

    state = threads.fork(main, "other", Origin("thread", "MainThread", ()))
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    with a, b:
        pass
    hooks.clear()
    (finding,) = observer.findings(OPTIONS)
    assert finding.subject == (
        "test_real_locks_on_a_real_thread.b, test_real_locks_on_a_real_thread.a"
    )
    assert finding.place.mark == "a"
