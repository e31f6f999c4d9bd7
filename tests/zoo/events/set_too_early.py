"""What is done after `set` is not ordered before what follows `wait`."""

import threading


class Page:
    def __init__(self):
        self.ready = threading.Event()
        self.visits = 0

    def write(self):
        self.ready.set()
        self.visits += 1  # expect: RC101 Page.visits

    def read(self):
        self.ready.wait()
        self.visits += 1  # expect: RC101 Page.visits


def main():
    page = Page()
    threads = [threading.Thread(target=page.read), threading.Thread(target=page.write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
