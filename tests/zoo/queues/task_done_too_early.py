"""The task is called done before it is."""

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def work(channel):
    while (box := channel.get()) is not None:
        channel.task_done()
        box.stamps += 1  # expect: RC101 Box.stamps


def main():
    channel = queue.Queue()
    box = Box()
    thread = threading.Thread(target=work, args=(channel,))
    thread.start()
    channel.put(box)
    channel.join()
    box.stamps += 1  # expect: RC101 Box.stamps
    channel.put(None)
    thread.join()


if __name__ == "__main__":
    main()
