"""cachetools 4.1.1."""

from threading import RLock

from cachetools import LRUCache, TTLCache, cached
from together import together


def test_all_callers_get_the_cached_object() -> None:
    """Up to 4.1.1; fixed in 4.2.0 (issue 188).

    `cached` takes its lock to look (decorators.py:33) and again to store (decorators.py:40), and
    stores over what another thread has stored meanwhile: two callers hold two different objects
    for one key. Symptom: the assertion.
    """
    tokens: list[object] = []

    @cached({}, lock=RLock())
    def token() -> object:
        return object()

    together(lambda: tokens.append(token()), lambda: tokens.append(token()))
    assert tokens[0] is tokens[1]


def test_function_with_a_full_cache() -> None:
    """All versions (a lock is left to the caller; without one the documentation warns).

    `LRUCache.popitem` chooses the oldest key (lru.py:29) and removes it later (lru.py:34); another
    thread has removed it. Symptom: the decorated function raises KeyError to its caller.
    """

    @cached(LRUCache(maxsize=1))
    def square(number: int) -> int:
        return number * number

    square(1)
    together(lambda: square(2), lambda: square(3))


def test_size_of_a_ttl_cache() -> None:
    """All versions: looking at `currsize` writes.

    Every reading counts how deep it is nested (ttl.py:42 up, ttl.py:46 down) without a lock. A
    lost step down leaves the clock of the cache frozen: nothing expires any more. Symptom: a data
    race on `_Timer.__nesting`.
    """
    cache: TTLCache[str, int] = TTLCache(maxsize=10, ttl=60)
    cache["answer"] = 42
    together(lambda: cache.currsize, lambda: cache.currsize)
