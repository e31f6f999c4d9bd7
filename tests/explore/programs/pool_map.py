"""map() gives results in the order of what was asked, in whatever order they come."""
# expect: passes
# switches: 0

from concurrent.futures import ThreadPoolExecutor


def measure(text):
    return len(text)


def test():
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(measure, ["one", "three", "seventeen"])) == [3, 5, 9]
