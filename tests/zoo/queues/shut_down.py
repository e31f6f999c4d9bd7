"""A queue that is shut down wakes who waits; what was put before is still handed over."""
# needs: 3.13

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def receive(channel):
    try:
        while True:
            box = channel.get()
            box.stamps += 1
    except queue.ShutDown:
        return


def main():
    channel = queue.Queue()
    boxes = [Box(), Box()]
    thread = threading.Thread(target=receive, args=(channel,))
    thread.start()
    for box in boxes:
        box.stamps += 1
        channel.put(box)
    channel.shutdown()
    thread.join()
    assert [box.stamps for box in boxes] == [2, 2]


if __name__ == "__main__":
    main()
