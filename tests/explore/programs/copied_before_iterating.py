"""A copy is made under the lock, and what is iterated is the copy."""
# expect: passes
# switches: 0

import threading


class Feed:
    def __init__(self):
        self.lock = threading.Lock()
        self.readers = ["ann", "bob"]
        self.sent = []

    def send(self):
        with self.lock:
            readers = list(self.readers)
        for reader in readers:
            self.sent.append(reader)

    def subscribe(self):
        with self.lock:
            self.readers.append("cid")


def test():
    feed = Feed()
    threads = [threading.Thread(target=feed.send), threading.Thread(target=feed.subscribe)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert feed.sent[:2] == ["ann", "bob"]
