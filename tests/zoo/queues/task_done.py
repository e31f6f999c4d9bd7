"""`join` of a queue waits for what was done before each `task_done`."""

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def work(channel):
    while (box := channel.get()) is not None:
        box.stamps += 1
        channel.task_done()


def main():
    channel = queue.Queue()
    box = Box()
    thread = threading.Thread(target=work, args=(channel,))
    thread.start()
    channel.put(box)
    channel.join()
    box.stamps += 1
    channel.put(None)
    thread.join()
    assert box.stamps == 2


if __name__ == "__main__":
    main()
