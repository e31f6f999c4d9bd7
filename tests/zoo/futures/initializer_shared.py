"""The initializers of two workers add to one global."""

import threading
from concurrent.futures import ThreadPoolExecutor

workers = 0


def prepare():
    global workers
    workers += 1  # expect: RC101 initializer_shared.workers


def main():
    together = threading.Barrier(2)
    with ThreadPoolExecutor(2, initializer=prepare) as pool:
        pool.submit(together.wait)
        pool.submit(together.wait)


if __name__ == "__main__":
    main()
