"""The loop itself starts the thread that appends, and waits for it before its next turn."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b", "c"]

    def tell(self):
        for reader in self.readers:
            if reader == "a":
                thread = threading.Thread(target=self.join)
                thread.start()
                thread.join()

    def join(self):
        self.readers.append("d")


def main():
    feed = Feed()
    feed.tell()
    assert len(feed.readers) == 4


if __name__ == "__main__":
    main()
