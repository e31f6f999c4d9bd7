"""The mutex of a queue is public; it guards what goes along with the queue."""

import queue
import threading


class Box:
    def __init__(self):
        self.items = queue.Queue()
        self.peeks = 0

    def peek(self):
        with self.items.mutex:
            self.peeks += 1
            return len(self.items.queue)


def main():
    box = Box()
    threads = [threading.Thread(target=box.peek) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.peeks == 2


if __name__ == "__main__":
    main()
