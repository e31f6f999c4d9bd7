"""A comprehension iterates like a loop."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.told = []

    def tell(self):
        self.told = [reader.upper() for reader in self.readers]  # expect: RC115 Feed.readers

    def leave(self):
        self.readers.remove("a")  # expect: RC115 Feed.readers


def main():
    feed = Feed()
    threads = [threading.Thread(target=feed.tell), threading.Thread(target=feed.leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
