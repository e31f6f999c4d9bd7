"""Jobs of a process pool work on copies; nothing is shared with them."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


class Total:
    def __init__(self):
        self.value = 0


def main():
    total = Total()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        futures = [pool.submit(pow, 2, 3), pool.submit(pow, 3, 2)]
        for future in futures:
            total.value += future.result()
    assert total.value == 17


if __name__ == "__main__":
    main()
