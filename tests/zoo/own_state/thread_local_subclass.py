"""A subclass of threading.local sets itself up in each thread."""

import threading


class Mine(threading.local):
    def __init__(self):
        self.count = 0

    def add(self):
        self.count += 1


def work(mine, results):
    for _ in range(5):
        mine.add()
    results.append(mine.count)


def main():
    mine = Mine()
    results = ([], [])
    threads = [
        threading.Thread(target=lambda: work(mine, results[0])),
        threading.Thread(target=lambda: work(mine, results[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ([5], [5])


if __name__ == "__main__":
    main()
