"""A list made in the class body belongs to all instances."""

import threading


class Plugin:
    loaded = []

    def load(self):
        if len(self.loaded) == 0:  # expect: RC214 Plugin.loaded
            self.loaded.append(self)  # expect: RC214 Plugin.loaded


def main():
    threads = [threading.Thread(target=Plugin().load), threading.Thread(target=Plugin().load)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
