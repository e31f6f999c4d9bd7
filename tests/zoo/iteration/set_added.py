"""A set is iterated while the other thread adds."""

import os
import threading


class Tags:
    def __init__(self):
        self.names = {"a"}
        self.seen = None

    def show(self, pipe):
        for name in self.names:  # expect: RC115 Tags.names
            self.seen = name
        pipe.write(b"x")

    def add(self, pipe):
        pipe.read(1)
        self.names.add("b")  # expect: RC115 Tags.names


def main():
    tags = Tags()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: tags.show(writer)),
            threading.Thread(target=lambda: tags.add(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
