"""The sender changes what it has put into a priority queue."""

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def send(channel):
    box = Box()
    channel.put((1, box))
    box.stamps += 1  # expect: RC101 Box.stamps


def receive(channel):
    _, box = channel.get()
    box.stamps += 1  # expect: RC101 Box.stamps


def main():
    channel = queue.PriorityQueue()
    threads = [
        threading.Thread(target=lambda: receive(channel)),
        threading.Thread(target=lambda: send(channel)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
