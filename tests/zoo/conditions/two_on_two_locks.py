"""Two conditions, each with a lock of its own, around one value."""

import threading


class Buffer:
    def __init__(self):
        self.not_empty = threading.Condition()
        self.not_full = threading.Condition()
        self.size = 0

    def put(self):
        with self.not_full:
            self.size += 1  # expect: RC101 Buffer.size

    def take(self):
        with self.not_empty:
            self.size -= 1  # expect: RC101 Buffer.size


def main():
    buffer = Buffer()
    threads = [threading.Thread(target=buffer.put), threading.Thread(target=buffer.take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
