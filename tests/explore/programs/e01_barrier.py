"""Each writes its own part, all meet, each reads the other's part."""
# expect: passes
# switches: 0

import threading


class Phases:
    def __init__(self):
        self.meeting = threading.Barrier(2)
        self.left = 0
        self.right = 0
        self.sums = []

    def work_left(self):
        self.left += 1
        self.meeting.wait()
        self.sums.append(self.left + self.right)

    def work_right(self):
        self.right += 2
        self.meeting.wait()
        self.sums.append(self.left + self.right)


def test():
    phases = Phases()
    threads = [threading.Thread(target=work) for work in (phases.work_left, phases.work_right)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert phases.sums == [3, 3]
