"""Set where it is missing and used behind that, while another thread takes it away."""

import os
import threading


class Client:
    def __init__(self):
        self.mode = None
        self.used = ""

    def get(self, gate):
        if self.mode is None:
            self.mode = "fast"  # expect: RC214 Client.mode
            self.used = self.mode
        gate.write(b"x")

    def reset(self, gate):
        gate.read(1)
        self.mode = None  # expect: RC214 Client.mode


def main():
    client = Client()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: client.get(writer)),
            threading.Thread(target=lambda: client.reset(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
