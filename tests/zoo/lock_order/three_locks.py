"""Three threads, three locks, one circle."""

import os
import threading


class Table:
    def __init__(self):
        self.first = threading.Lock()
        self.second = threading.Lock()
        self.third = threading.Lock()

    def one(self, gates):
        with self.first:  # expect: RC309
            with self.second:  # expect: RC309
                pass
        gates[0].write(b"x")

    def two(self, gates):
        gates[1].read(1)
        with self.second:  # expect: RC309
            with self.third:  # expect: RC309
                pass
        gates[0].write(b"y")

    def three(self, gates):
        gates[2].read(1)
        with self.third:  # expect: RC309
            with self.first:  # expect: RC309
                pass


def chain(pipes):
    return [
        open(fd, mode, 0) for pair in pipes for fd, mode in zip(pair, ("rb", "wb"), strict=True)
    ]


def main():
    table = Table()
    files = chain([os.pipe(), os.pipe()])
    threads = [
        threading.Thread(target=table.one, args=([files[1]],)),
        threading.Thread(target=table.two, args=([files[3], files[0]],)),
        threading.Thread(target=table.three, args=([None, None, files[2]],)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for file in files:
        file.close()


if __name__ == "__main__":
    main()
