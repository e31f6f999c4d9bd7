"""wait() for the first of two; the other one ends in its own time."""
# expect: passes
# switches: 0

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


def answer(number):
    return number


def test():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(answer, number) for number in range(2)]
        done, _ = wait(futures, return_when=FIRST_COMPLETED)
        assert done
    assert sum(future.result() for future in futures) == 1
