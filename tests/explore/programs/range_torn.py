"""Two fields that belong together are stored one after the other, and read in between.

CPython with its lock switches threads only at calls, at backward jumps and when a function is
entered, and there is none between the two stores: no order of this interpreter shows it.
`range_torn_by_call` has a call there.
"""
# expect: passes
# switches: 0

import threading


class Range:
    def __init__(self):
        self.low = 0
        self.high = 5

    def move(self):
        self.low = 10
        self.high = 15

    def check(self):
        high = self.high
        low = self.low
        assert low <= high


def test():
    window = Range()
    threads = [threading.Thread(target=window.move), threading.Thread(target=window.check)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
