"""Each thread sums up locally; the sums are added under the lock, once."""

import threading


class Sum:
    def __init__(self):
        self.lock = threading.Lock()
        self.total = 0

    def add_all(self):
        mine = 0
        for number in range(100):
            mine += number
        with self.lock:
            self.total += mine


def main():
    total = Sum()
    threads = [threading.Thread(target=total.add_all) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total.total == 9900


if __name__ == "__main__":
    main()
