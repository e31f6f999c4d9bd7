"""Two threads draw from one generator: while it runs for one, it refuses the other."""
# expect: fails exception ValueError
# switches: 1

import threading


class Numbers:
    def __init__(self):
        self.lock = threading.Lock()
        self.last = 0
        self.stream = self.draw()

    def draw(self):
        while True:
            with self.lock:
                self.last += 1
                found = self.last
            yield found


def test():
    numbers = Numbers()
    threads = [threading.Thread(target=next, args=(numbers.stream,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
