"""Tested without the lock, and once more with it: correct in Python."""

import threading


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.connection = None

    def get(self):
        if self.connection is None:
            with self.lock:
                if self.connection is None:
                    self.connection = object()
        return self.connection


def main():
    service = Service()
    threads = [threading.Thread(target=service.get) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.connection is not None


if __name__ == "__main__":
    main()
