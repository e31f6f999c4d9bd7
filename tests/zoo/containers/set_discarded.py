"""`discard` needs no look before."""

import threading


class Seen:
    def __init__(self):
        self.names = {"a", "b"}

    def forget(self, name):
        self.names.discard(name)


def main():
    seen = Seen()
    threads = [
        threading.Thread(target=lambda: seen.forget("a")),
        threading.Thread(target=lambda: seen.forget("a")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.names == {"b"}


if __name__ == "__main__":
    main()
