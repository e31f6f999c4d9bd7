"""Leaves early if it was started already; test and store are one critical section."""

import threading


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.started = False

    def start(self):
        with self.lock:
            if self.started:
                return
            self.started = True


def main():
    service = Service()
    threads = [threading.Thread(target=service.start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.started


if __name__ == "__main__":
    main()
