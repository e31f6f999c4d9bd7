"""An object is put where others find it before it is complete."""

import os
import threading


class Plugin:
    def __init__(self, plugins):
        plugins.append(self)
        self.uses = 0  # expect: RC101 Plugin.uses


def use(plugins, gate):
    gate.read(1)
    for plugin in list(plugins):
        plugin.uses += 1  # expect: RC101 Plugin.uses


def make(plugins, gate):
    Plugin(plugins)
    gate.write(b"x")


def main():
    plugins = []
    reading, writing = os.pipe()
    with open(reading, "rb", 0) as reader, open(writing, "wb", 0) as writer:
        threads = [
            threading.Thread(target=lambda: use(plugins, reader)),
            threading.Thread(target=lambda: make(plugins, writer)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
