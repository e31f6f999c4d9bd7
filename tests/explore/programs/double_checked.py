"""Double-checked locking as it ought to be: filled first, shown afterwards."""
# expect: passes
# switches: 0

import threading


class Config:
    def __init__(self):
        self.values = {"debug": False}


class Registry:
    def __init__(self):
        self.lock = threading.Lock()
        self.config = None
        self.made = 0

    def debug(self):
        if self.config is None:
            with self.lock:
                if self.config is None:
                    self.made += 1
                    self.config = Config()
        return self.config.values["debug"]


def test():
    registry = Registry()
    threads = [threading.Thread(target=registry.debug) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert registry.made == 1
