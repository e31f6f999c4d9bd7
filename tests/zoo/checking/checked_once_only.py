"""Tested without the lock; under the lock nobody looks again."""

import threading


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.connection = None

    def get(self):
        if self.connection is None:  # expect: RC214 Service.connection
            with self.lock:
                self.connection = object()  # expect: RC214 Service.connection
        return self.connection


def main():
    service = Service()
    threads = [threading.Thread(target=service.get) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
