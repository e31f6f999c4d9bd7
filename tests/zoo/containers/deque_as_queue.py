"""One end is filled, the other one emptied: that is what a deque is made for."""

import threading
from collections import deque


class Pipe:
    def __init__(self):
        self.items = deque([0])

    def put(self):
        self.items.append(1)

    def take(self):
        return self.items.popleft()


def main():
    pipe = Pipe()
    threads = [threading.Thread(target=pipe.put), threading.Thread(target=pipe.take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(pipe.items) == [1]


if __name__ == "__main__":
    main()
