"""Results are taken as they come, and nobody expects an order."""
# expect: passes
# switches: 0

from concurrent.futures import ThreadPoolExecutor, as_completed


def double(number):
    return 2 * number


def test():
    total = 0
    with ThreadPoolExecutor(2) as pool:
        for future in as_completed([pool.submit(double, number) for number in range(3)]):
            total += future.result()
    assert total == 6
