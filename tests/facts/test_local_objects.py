"""Uses of new objects: RC404 must see when a local goes anywhere."""

from __future__ import annotations

import pytest

from racecheck.facts.read import read

SOURCE = """
import threading
def f(pool, table):
    worker = threading.Thread(target=print)
    {use}
"""


def uses(use: str) -> list[str]:
    facts = read(SOURCE.format(use=use).encode())
    function = next(f for f in facts.functions if f.name == "f")
    return [a.kind for a in function.accesses if a.path == "worker"]


@pytest.mark.parametrize(
    "use",
    [
        "pool.add(worker)",
        "table['a'] = worker",
        "return {'thread': worker}",
        "other = worker",
        "return [worker][0]",
        "print(worker or None)",
    ],
)
def test_a_use_as_a_whole_is_kept(use: str) -> None:
    assert len(uses(use)) > 1


@pytest.mark.parametrize("use", ["worker.start()", "worker.daemon = True", "print(pool)"])
def test_a_use_as_a_receiver_is_not(use: str) -> None:
    assert uses(use) == ["write"]
