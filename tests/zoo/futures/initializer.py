"""What the initializer of a worker does comes before the jobs of that worker."""

import threading
from concurrent.futures import ThreadPoolExecutor

mine = threading.local()


class Connection:
    def __init__(self):
        self.uses = 0


def prepare():
    mine.connection = Connection()


def work():
    connection = mine.connection
    connection.uses += 1
    return connection.uses


def main():
    with ThreadPoolExecutor(2, initializer=prepare) as pool:
        futures = [pool.submit(work) for _ in range(6)]
    assert all(future.result() >= 1 for future in futures)


if __name__ == "__main__":
    main()
