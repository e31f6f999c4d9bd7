"""Lost notifications. `run` orders threads in time, by a raw lock that orders nothing for us."""

from __future__ import annotations

import threading

import pytest

from racecheck.core.finding import Finding
from racecheck.runtime.hooks import hooks
from tests.runtime.observers.watching import run, watched


class Box:
    """Something that is waited for in several ways."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.full = False

    def put(self) -> None:
        with self.changed:
            self.full = True
            self.changed.notify_all()

    def bare(self) -> None:
        with self.changed:
            self.changed.wait(0.01)

    def tested(self) -> None:
        with self.changed:
            if not self.full:
                self.changed.wait(0.01)

    def tested_after(self) -> None:
        with self.changed:
            self.changed.wait(0.01)
            if self.full:
                self.full = False

    def looped(self) -> None:
        for _ in range(2):
            with self.changed:
                self.changed.wait(0.01)

    def repeated(self) -> None:
        for _ in range(2):
            self.bare()

    def waited_for(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: False, 0.01)


def after_put(way: str) -> list[Finding]:
    with watched("signals") as session:
        box = Box()
        run(box.put, getattr(box, way))
        found = session.findings()
        assert session.take() == found
        assert session.take() == []
    return found


def test_a_wait_in_vain() -> None:
    (finding,) = after_put("bare")
    assert (finding.code, finding.subject) == ("RC337", "Box.changed")
    assert finding.message == (
        "The notification of `Box.changed` came before the wait for it, and was lost"
    )
    assert [(step.role, step.thread) for step in finding.steps] == [
        ("waits", "w2"),
        ("notifies", "w1"),
    ]
    assert "its time ran out" in finding.steps[0].note


@pytest.mark.parametrize("way", ["tested", "tested_after", "looped", "repeated", "waited_for"])
def test_who_looks_loses_nothing(way: str) -> None:
    assert after_put(way) == []


def test_a_join_puts_them_in_order() -> None:
    with watched("signals") as session:
        box = Box()
        run(box.put)
        run(box.bare)
        assert session.findings() == []


def test_a_hang_is_a_wait_in_vain() -> None:
    with watched("signals") as session:
        box = Box()

        def wait() -> None:
            with box.changed:
                hooks.urgent(None)  # type: ignore[arg-type]
                box.changed.wait()

        waiter = threading.Thread(target=wait)
        run(box.put, waiter.start)
        while not box.changed._waiters:  # type: ignore[attr-defined]
            pass
        assert session.findings() == []
        hooks.urgent(None)  # type: ignore[arg-type]
        (finding,) = session.findings()
        assert "it waits for ever" in finding.steps[0].note
        box.put()
        waiter.join()


def test_the_only_notification_came_in_time_by_luck() -> None:
    with watched("signals") as session:
        box = Box()

        def wait() -> None:
            with box.changed:
                box.changed.wait()

        def put() -> None:
            while not box.changed._waiters:  # type: ignore[attr-defined]
                pass
            box.put()

        threads = [threading.Thread(target=wait), threading.Thread(target=put)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (finding,) = session.findings()
    assert finding.message.startswith("The only notification of `Box.changed` is lost if")


def test_an_event_set_under_the_lock_keeps_it_in_time() -> None:
    with watched("signals") as session:
        box, ready = Box(), threading.Event()

        def wait() -> None:
            with box.changed:
                ready.set()
                box.changed.wait()

        def put() -> None:
            ready.wait()
            box.put()

        threads = [threading.Thread(target=wait), threading.Thread(target=put)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert session.findings() == []
