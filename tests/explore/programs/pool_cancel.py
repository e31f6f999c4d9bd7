"""A job that has not begun may be cancelled; one that has gives its result."""
# expect: passes
# switches: 0

from concurrent.futures import ThreadPoolExecutor


def answer():
    return 42


def test():
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(answer)
        if not future.cancel():
            assert future.result() == 42
