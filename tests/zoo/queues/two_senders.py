"""Two senders use one queue; that does not order one before the other."""

import queue
import threading


class Desk:
    def __init__(self):
        self.letters = queue.Queue()
        self.sent = 0

    def count_and_send(self):
        self.sent += 1  # expect: RC101 Desk.sent
        self.letters.put("a")

    def send_and_count(self):
        self.letters.put("b")
        self.sent += 1  # expect: RC101 Desk.sent


def main():
    desk = Desk()
    threads = [
        threading.Thread(target=desk.count_and_send),
        threading.Thread(target=desk.send_and_count),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.letters.qsize() == 2


if __name__ == "__main__":
    main()
