"""`sorted` copies first, in one step of the interpreter."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["b", "a"]
        self.told = []

    def tell(self):
        for reader in sorted(self.readers):
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
