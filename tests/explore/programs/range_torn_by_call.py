"""Two fields that belong together are stored one after the other, with a call in between."""
# expect: fails assertion
# switches: 1

import threading


class Range:
    def __init__(self):
        self.low = 0
        self.high = 5

    def move(self):
        self.low = self.scaled(10)
        self.high = self.scaled(15)

    def scaled(self, value):
        return value * 1

    def check(self):
        high = self.high
        low = self.scaled(self.low)
        assert low <= high


def test():
    window = Range()
    threads = [threading.Thread(target=window.move), threading.Thread(target=window.check)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
