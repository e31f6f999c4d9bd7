"""`is_set` that says True orders as a wait does."""

import threading
import time


class Page:
    def __init__(self):
        self.ready = threading.Event()
        self.visits = 0

    def write(self):
        self.visits += 1
        self.ready.set()

    def read(self):
        while not self.ready.is_set():
            time.sleep(0.001)
        self.visits += 1


def main():
    page = Page()
    threads = [threading.Thread(target=page.read), threading.Thread(target=page.write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert page.visits == 2


if __name__ == "__main__":
    main()
