"""Two threads set one event; setting does not wait for another setter."""

import threading


class Page:
    def __init__(self):
        self.ready = threading.Event()
        self.visits = 0

    def before(self):
        self.visits += 1  # expect: RC101 Page.visits
        self.ready.set()

    def after(self):
        self.ready.set()
        self.visits += 1  # expect: RC101 Page.visits


def main():
    page = Page()
    threads = [threading.Thread(target=page.before), threading.Thread(target=page.after)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert page.ready.is_set()


if __name__ == "__main__":
    main()
