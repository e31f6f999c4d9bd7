"""A generator iterates over the list while its consumer is suspended between two items."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.told = []

    def each(self):
        for reader in self.readers:  # expect: RC115 Feed.readers
            yield reader

    def tell(self):
        for reader in self.each():
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
