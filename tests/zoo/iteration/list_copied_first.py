"""A copy is iterated; it was made under the lock."""

import threading


class Feed:
    def __init__(self):
        self.lock = threading.Lock()
        self.readers = ["a", "b"]
        self.told = []

    def tell(self):
        with self.lock:
            readers = list(self.readers)
        for reader in readers:
            self.told.append(reader)

    def join(self):
        with self.lock:
            self.readers.append("c")


def main():
    feed = Feed()
    threads = [threading.Thread(target=feed.tell), threading.Thread(target=feed.join)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert feed.told[:2] == ["a", "b"]


if __name__ == "__main__":
    main()
