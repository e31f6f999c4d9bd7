"""A key is looked for and then deleted: the other thread may have deleted it."""

import os
import threading


class Sessions:
    def __init__(self):
        self.open = {"s": 1}

    def close(self):
        if "s" in self.open:  # expect: RC214 Sessions.open['s']
            del self.open["s"]  # expect: RC214 Sessions.open['s']


def main():
    sessions = Sessions()
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:

        def first():
            sessions.close()
            writer.write(b"x")

        def second():
            reader.read(1)
            sessions.close()

        threads = [threading.Thread(target=first), threading.Thread(target=second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
