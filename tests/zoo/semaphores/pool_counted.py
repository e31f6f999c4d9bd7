"""The pool hands out its connections as it should; how many are out is counted by all at once."""

import threading


class Pool:
    def __init__(self):
        self.permits = threading.Semaphore(2)
        self.free = ["a", "b"]
        self.out = 0

    def query(self, together):
        self.permits.acquire()
        name = self.free.pop()
        together.wait()
        self.out += 1  # expect: RC101 Pool.out
        together.wait()
        self.free.append(name)
        self.permits.release()


def main():
    pool = Pool()
    together = threading.Barrier(2)
    threads = [threading.Thread(target=pool.query, args=(together,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(pool.free) == ["a", "b"]


if __name__ == "__main__":
    main()
