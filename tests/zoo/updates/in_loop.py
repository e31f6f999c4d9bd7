"""A loop of updates on two threads."""

import threading


class Counter:
    def __init__(self):
        self.value = 0

    def run(self):
        for _ in range(50):
            self.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
