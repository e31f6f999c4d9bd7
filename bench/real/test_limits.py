"""limits 5.8.0."""

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from together import together


def test_a_limit_of_one() -> None:
    """Up to 5.8.0, the newest.

    `MemoryStorage.incr` first calls `get`, which finds no expiry (memory.py:119) and removes the
    counter and its lock (memory.py:120, 122), though another thread has counted under that lock
    (memory.py:95) and is about to store the expiry (memory.py:97). Symptom: the assertion.
    """
    storage = MemoryStorage()
    limiter = FixedWindowRateLimiter(storage)
    once = RateLimitItemPerHour(1)
    allowed: list[bool] = []

    def request() -> None:
        allowed.append(limiter.hit(once, "client"))

    together(request, request)
    storage.timer.cancel()
    assert sorted(allowed) == [False, True]
