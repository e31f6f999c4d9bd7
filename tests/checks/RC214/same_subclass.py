"""The base runs the thread, one subclass both tests and stores."""

import threading


class Feed:
    def __init__(self):
        self.source = None

    def start(self):
        threading.Thread(target=self.loop).start()

    def loop(self):
        self.step()

    def step(self):
        raise NotImplementedError


class Live(Feed):
    def step(self):
        if self.source is not None:  # RC214
            print("reading")
            self.source.read()

    def rewind(self):
        self.source = None
