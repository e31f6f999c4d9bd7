"""Double-checked locking that shows the object before it is filled."""
# expect: fails exception TypeError
# switches: 1

import threading


class Config:
    def __init__(self):
        self.values = None

    def load(self):
        self.values = {"debug": False}


class Registry:
    def __init__(self):
        self.lock = threading.Lock()
        self.config = None

    def debug(self):
        if self.config is None:
            with self.lock:
                if self.config is None:
                    self.config = Config()
                    self.config.load()
        return self.config.values["debug"]


def test():
    registry = Registry()
    threads = [threading.Thread(target=registry.debug) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
