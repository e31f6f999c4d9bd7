"""What is changed while saving is not saved: the flag is lowered after it was raised again."""

import os
import threading


class Document:
    def __init__(self):
        self.dirty = True

    def save(self, gate):
        if self.dirty:
            self.write()
            self.dirty = False  # expect: RC214 Document.dirty
        gate.write(b"x")

    def change(self, gate):
        gate.read(1)
        self.dirty = True  # expect: RC214 Document.dirty

    def write(self):
        pass


def main():
    document = Document()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: document.save(writer)),
            threading.Thread(target=lambda: document.change(reader)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
