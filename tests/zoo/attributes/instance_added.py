"""Two threads add to one attribute of one object: an addition can be lost."""

import threading


class Counter:
    def __init__(self):
        self.value = 0

    def add(self):
        self.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
