"""Each thread has a lock of its own: they exclude nobody."""

import threading


class Counter:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.value = 0

    def add_left(self):
        with self.left:
            self.value += 1  # expect: RC101 Counter.value

    def add_right(self):
        with self.right:
            self.value += 1  # expect: RC101 Counter.value


def main():
    counter = Counter()
    threads = [
        threading.Thread(target=counter.add_left),
        threading.Thread(target=counter.add_right),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
