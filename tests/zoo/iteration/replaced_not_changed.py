"""The list is never changed: a new one is stored in its place; who iterates keeps the old one."""

import threading


class Feed:
    def __init__(self):
        self.lock = threading.Lock()
        self.readers = ("a", "b")
        self.told = []

    def tell(self):
        for reader in self.readers:
            self.told.append(reader)

    def join(self):
        with self.lock:
            self.readers = (*self.readers, "c")


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
