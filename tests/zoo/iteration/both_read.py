"""Two threads iterate, nobody changes anything."""

import threading


class Feed:
    def __init__(self):
        self.readers = ["a", "b"]

    def tell(self, told):
        for reader in self.readers:
            told.append(reader)


def main():
    feed = Feed()
    told = ([], [])
    threads = [
        threading.Thread(target=lambda: feed.tell(told[0])),
        threading.Thread(target=lambda: feed.tell(told[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told[0] == told[1] == ["a", "b"]


if __name__ == "__main__":
    main()
