"""The loop itself starts the thread that appends, and goes on beside it."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b", "c"]
        self.threads = []

    def tell(self):
        for reader in self.readers:  # expect: RC115 Feed.readers
            if reader == "a":
                self.threads.append(threading.Thread(target=self.join))
                self.threads[0].start()

    def join(self):
        self.readers.append("d")  # expect: RC115 Feed.readers


def main():
    feed = Feed()
    feed.tell()
    feed.threads[0].join()


if __name__ == "__main__":
    main()
