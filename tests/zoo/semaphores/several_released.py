"""One release lets two threads go on; what was done before it is seen by both."""

import threading


class Table:
    def __init__(self):
        self.ready = threading.Semaphore(0)
        self.rows = 0

    def fill(self):
        self.rows += 3
        self.ready.release(2)

    def look(self, seen):
        self.ready.acquire()
        seen.append(self.rows)


def main():
    table, seen = Table(), ([], [])
    threads = [
        threading.Thread(target=lambda: table.look(seen[0])),
        threading.Thread(target=lambda: table.look(seen[1])),
        threading.Thread(target=table.fill),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ([3], [3])


if __name__ == "__main__":
    main()
