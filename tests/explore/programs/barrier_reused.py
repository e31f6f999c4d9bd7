"""One barrier for three rounds of two threads."""
# expect: passes
# switches: 0

import threading


class Rounds:
    def __init__(self):
        self.meeting = threading.Barrier(2)
        self.lock = threading.Lock()
        self.done = [0, 0, 0]

    def play(self):
        for number in range(3):
            with self.lock:
                self.done[number] += 1
            self.meeting.wait()
            assert self.done[number] == 2


def test():
    rounds = Rounds()
    threads = [threading.Thread(target=rounds.play) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
