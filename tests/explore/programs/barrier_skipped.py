"""Who sees the flag before the barrier does not come to it, and the other one waits for ever."""
# expect: fails deadlock
# switches: 1

import threading


class Round:
    def __init__(self):
        self.cancelled = False
        self.meeting = threading.Barrier(2)

    def play(self):
        if not self.cancelled:
            self.meeting.wait()

    def cancel(self):
        self.cancelled = True


def test():
    game = Round()
    targets = [game.play, game.play, game.cancel]
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
