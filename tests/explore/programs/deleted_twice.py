"""Both threads find the session, both delete it."""
# expect: fails exception KeyError
# switches: 1
# expect: fails race RC214 Sessions.open['s']
# switches: 0

import threading


class Sessions:
    def __init__(self):
        self.open = {"s": "session"}

    def end(self, key):
        if key in self.open:
            del self.open[key]


def test():
    sessions = Sessions()
    threads = [threading.Thread(target=sessions.end, args=("s",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
