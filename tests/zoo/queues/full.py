"""A put that finds no room in time gives up; the object stays with its sender."""

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def send(channel, box):
    try:
        channel.put(box, timeout=0.01)
    except queue.Full:
        box.stamps += 1


def main():
    channel, boxes = queue.Queue(1), [Box(), Box()]
    channel.put(boxes[0])
    thread = threading.Thread(target=send, args=(channel, boxes[1]))
    thread.start()
    thread.join()
    boxes[1].stamps += 1
    assert [box.stamps for box in boxes] == [0, 2]


if __name__ == "__main__":
    main()
