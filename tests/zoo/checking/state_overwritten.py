"""A state is taken at once; another thread stores something that was not asked for."""

import os
import threading


class Machine:
    def __init__(self):
        self.state = "idle"

    def work(self, gate):
        if self.state == "idle":
            self.state = "busy"  # expect: RC214 Machine.state
            self.run()
        gate.write(b"x")

    def close(self, gate):
        gate.read(1)
        self.state = "closed"  # expect: RC214 Machine.state

    def run(self):
        pass


def main():
    machine = Machine()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: machine.work(writer)),
            threading.Thread(target=lambda: machine.close(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
