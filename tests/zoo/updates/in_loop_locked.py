"""A loop of locked updates on two threads."""

import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    def run(self):
        for _ in range(50):
            with self.lock:
                self.value += 1


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 100


if __name__ == "__main__":
    main()
