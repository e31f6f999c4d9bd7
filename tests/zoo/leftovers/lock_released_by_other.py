"""One thread takes the lock, another one gives it back: allowed, and worth a note."""

import threading


class Baton:
    def __init__(self):
        self.lock = threading.Lock()
        self.taken = threading.Event()

    def take(self, given):
        self.lock.acquire()
        self.taken.set()
        given.wait()

    def give(self, given):
        self.taken.wait()
        self.lock.release()  # note: RC306
        given.set()


def main():
    baton, given = Baton(), threading.Event()
    threads = [
        threading.Thread(target=lambda: baton.take(given)),
        threading.Thread(target=lambda: baton.give(given)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not baton.lock.locked()


if __name__ == "__main__":
    main()
