"""`enumerate` iterates as the loop goes on."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]
        self.told = 0

    def tell(self):
        for number, _ in enumerate(self.readers):  # expect: RC115 Feed.readers
            self.told = number

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
