"""A list display with a star copies in one step of the interpreter."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.told = 0

    def tell(self):
        copied = [*self.readers]
        self.told = len(copied)

    def join(self):
        self.readers.append("c")


def main():
    feed = Feed()
    threads = [threading.Thread(target=feed.tell), threading.Thread(target=feed.join)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert feed.told in (2, 3)


if __name__ == "__main__":
    main()
