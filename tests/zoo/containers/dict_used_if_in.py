"""A key is looked for and then read, while the other thread takes it away."""

import os
import threading


class Users:
    def __init__(self):
        self.names = {1: "ann"}
        self.greeted = ""

    def greet(self, gate):
        if 1 in self.names:  # expect: RC214 Users.names[1]
            self.greeted = self.names[1]
        gate.write(b"x")

    def forget(self, gate):
        gate.read(1)
        self.names.pop(1, None)  # expect: RC214 Users.names[1]


def main():
    users = Users()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: users.greet(writer)),
            threading.Thread(target=lambda: users.forget(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
