"""append() is one step: nothing is lost, and no order is expected."""
# expect: passes
# switches: 0

import threading


class Log:
    def __init__(self):
        self.lines = []

    def add(self, line):
        self.lines.append(line)


def test():
    log = Log()
    threads = [threading.Thread(target=log.add, args=(line,)) for line in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(log.lines) == ["a", "b"]
