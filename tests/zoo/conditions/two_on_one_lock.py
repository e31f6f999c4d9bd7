"""Two conditions of one lock: not full, not empty."""

import threading


class Buffer:
    def __init__(self):
        self.lock = threading.Lock()
        self.not_empty = threading.Condition(self.lock)
        self.not_full = threading.Condition(self.lock)
        self.items = []

    def put(self):
        for number in range(4):
            with self.not_full:
                while len(self.items) >= 1:
                    self.not_full.wait()
                self.items.append(number)
                self.not_empty.notify()

    def take(self):
        for _ in range(4):
            with self.not_empty:
                while not self.items:
                    self.not_empty.wait()
                self.items.pop()
                self.not_full.notify()


def main():
    buffer = Buffer()
    threads = [threading.Thread(target=buffer.put), threading.Thread(target=buffer.take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert buffer.items == []


if __name__ == "__main__":
    main()
