"""One thread walks through a set while another adds to it."""
# expect: fails exception RuntimeError
# switches: 1
# expect: fails race RC115 Feed.readers
# switches: 0

import threading


class Feed:
    def __init__(self):
        self.readers = {"ann", "bob"}
        self.sent = []

    def send(self):
        for reader in self.readers:
            self.sent.append((reader, len(self.readers)))

    def subscribe(self):
        self.readers.add("cid")


def test():
    feed = Feed()
    threads = [threading.Thread(target=feed.send), threading.Thread(target=feed.subscribe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
