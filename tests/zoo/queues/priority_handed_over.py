"""A priority queue hands objects over, the smallest first."""

import queue
import threading


class Box:
    def __init__(self):
        self.stamps = 0


def send(channel):
    for number in (3, 1, 2):
        box = Box()
        box.stamps += 1
        channel.put((number, box))


def receive(channel):
    for _ in range(3):
        _, box = channel.get()
        box.stamps += 1


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
