"""Leaves early if it was started already; two threads can both start it."""

import threading


class Service:
    def __init__(self):
        self.started = False

    def start(self):
        if self.started:  # expect: RC214 Service.started
            return
        self.started = True  # expect: RC214 Service.started


def main():
    service = Service()
    threads = [threading.Thread(target=service.start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
