"""Jobs of a pool that share nothing."""
# expect: passes
# switches: 0

from concurrent.futures import ThreadPoolExecutor


def square(number):
    return number * number


def test():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(square, number) for number in range(3)]
        assert [future.result() for future in futures] == [0, 1, 4]
