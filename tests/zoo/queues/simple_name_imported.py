"""The type was imported by name."""

import threading
from queue import SimpleQueue


class Box:
    def __init__(self):
        self.stamps = 0


def send(channel):
    for _ in range(3):
        box = Box()
        box.stamps += 1
        channel.put(box)
    channel.put(None)


def receive(channel):
    while (box := channel.get()) is not None:
        box.stamps += 1


def main():
    channel = SimpleQueue()
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
