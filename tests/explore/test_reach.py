"""Which accesses are decision points."""

from __future__ import annotations

from typing import Any

BOX = """
    import threading

    class Box:
        def __init__(self):
            self.n = 0

        def first(self):
            self.n = 1

        def second(self):
            self.n = 2

        def look(self):
            return self.n

    def body(name):
        box = Box()
        threads = [threading.Thread(target=one) for one in (getattr(box, name), box.look)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
"""


def lines(bench: Any) -> set[str]:
    reach = bench.lab.reach
    return {reach.places[number].rpartition(":")[2] for number in reach.points & {*reach.places}}


def test_a_site_that_touches_what_is_known_to_be_shared_becomes_one_too(bench: Any) -> None:
    module = bench.load(BOX)
    for _ in range(2):
        bench.once(lambda: module.body("first"))
    assert lines(bench) == {"9", "15"}
    for _ in range(2):
        bench.once(lambda: module.body("second"))
    assert lines(bench) == {"9", "12", "15"}
