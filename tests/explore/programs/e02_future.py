"""The job of a pool fills an object, whoever asks for its result goes on with it."""
# expect: passes
# switches: 0

from concurrent.futures import ThreadPoolExecutor


class Report:
    def __init__(self):
        self.lines = 0

    def fill(self):
        self.lines += 1
        return self


def test():
    with ThreadPoolExecutor(2) as pool:
        reports = [pool.submit(Report().fill).result() for _ in range(2)]
        for report in reports:
            report.lines += 1
    assert [report.lines for report in reports] == [2, 2]
