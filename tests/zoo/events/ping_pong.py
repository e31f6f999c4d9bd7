"""Two events hand one ball to and fro."""

import threading


class Ball:
    def __init__(self):
        self.ping = threading.Event()
        self.pong = threading.Event()
        self.hits = 0

    def left(self):
        for _ in range(3):
            self.hits += 1
            self.ping.set()
            self.pong.wait()
            self.pong.clear()

    def right(self):
        for _ in range(3):
            self.ping.wait()
            self.ping.clear()
            self.hits += 1
            self.pong.set()


def main():
    ball = Ball()
    threads = [threading.Thread(target=ball.left), threading.Thread(target=ball.right)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ball.hits == 6


if __name__ == "__main__":
    main()
