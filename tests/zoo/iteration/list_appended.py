"""A list is iterated while the other thread appends."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.told = []

    def tell(self):
        for reader in self.readers:  # expect: RC115 Feed.readers
            self.told.append(reader)

    def join(self):
        self.readers.append("c")  # expect: RC115 Feed.readers


def main():
    feed = Feed()
    threads = [threading.Thread(target=feed.tell), threading.Thread(target=feed.join)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
