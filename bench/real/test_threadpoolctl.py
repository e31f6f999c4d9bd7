"""threadpoolctl 3.6.0, with numpy so that there is a pool to limit."""

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits
from together import together


def pools() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info()]


def test_two_threads_ask_for_the_pools() -> None:
    """Up to 3.8.0, the newest.

    `_get_libc` looks for the C library in a table of the class (threadpoolctl.py:1231) and, if it
    is not there, loads it and puts it there (threadpoolctl.py:1240), without a lock. Symptom: a
    data race (two handles are opened, one is kept).
    """
    together(threadpool_info, threadpool_info)


def test_limits_end_with_their_block() -> None:
    """Up to 3.8.0, the newest.

    A limit saves what it finds (threadpoolctl.py:586), and that is what it puts back: if two
    overlap, the one that began later puts the limit of the other back for good. Symptom: the
    assertion.
    """
    threadpool_limits(limits=2)
    before = pools()
    found: list[float] = []

    def work() -> None:
        with threadpool_limits(limits=1):
            found.append(float(np.ones(3) @ np.ones(3)))

    together(work, work)
    assert pools() == before
