"""Tested for None and then used, while the other thread sets it to None."""

import os
import threading


class Client:
    def __init__(self):
        self.session = "session"
        self.used = ""

    def send(self, gate):
        if self.session is not None:  # expect: RC214 Client.session
            self.used = self.session
        gate.write(b"x")

    def close(self, gate):
        gate.read(1)
        self.session = None  # expect: RC214 Client.session


def main():
    client = Client()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: client.send(writer)),
            threading.Thread(target=lambda: client.close(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
