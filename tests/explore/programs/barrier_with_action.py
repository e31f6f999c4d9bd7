"""The barrier's action runs while all wait, and what it worked out is read by all."""
# expect: passes
# switches: 0

import threading


class Vote:
    def __init__(self):
        self.meeting = threading.Barrier(2, action=self.count)
        self.lock = threading.Lock()
        self.ballots = []
        self.total = 0

    def count(self):
        self.total = sum(self.ballots)

    def vote(self, ballot):
        with self.lock:
            self.ballots.append(ballot)
        self.meeting.wait()
        assert self.total == 3


def test():
    vote = Vote()
    threads = [threading.Thread(target=vote.vote, args=(ballot,)) for ballot in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
