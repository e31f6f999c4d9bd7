"""A list is iterated and changed by one thread only, while another one is busy elsewhere."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.other = 0

    def tidy(self):
        for reader in self.readers[:]:
            self.readers.remove(reader)

    def count(self):
        self.other += 1


def main():
    feed = Feed()
    threads = [threading.Thread(target=feed.tidy), threading.Thread(target=feed.count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert feed.readers == []


if __name__ == "__main__":
    main()
