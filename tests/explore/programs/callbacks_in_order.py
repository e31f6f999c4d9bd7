"""Two jobs of a pool are expected to end in the order in which they were submitted."""
# expect: fails assertion
# switches: 1

from concurrent.futures import ThreadPoolExecutor


class Log:
    def __init__(self):
        self.lines = []

    def add(self, future):
        self.lines.append(future.result())


def test():
    log = Log()
    with ThreadPoolExecutor(2) as pool:
        for number in range(2):
            pool.submit(abs, number).add_done_callback(log.add)
    assert log.lines == [0, 1]
