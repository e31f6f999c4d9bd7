"""The sender stamps the box once more after it was sent."""

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def send(channel):
    box = Box()
    channel.put(box)
    box.stamps += 1  # expect: RC101 Box.stamps


def receive(channel):
    box = channel.get()
    box.stamps += 1  # expect: RC101 Box.stamps


def main():
    channel = queue.Queue()
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
