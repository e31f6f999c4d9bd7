"""The method `copy` gives a snapshot as well."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.told = []

    def tell(self):
        for reader in self.readers.copy():
            self.told.append(reader)

    def join(self):
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
