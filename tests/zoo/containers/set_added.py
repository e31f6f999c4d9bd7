"""Two threads add to one set."""

import threading


class Seen:
    def __init__(self):
        self.names = set()

    def see(self, name):
        self.names.add(name)


def main():
    seen = Seen()
    threads = [
        threading.Thread(target=lambda: seen.see("a")),
        threading.Thread(target=lambda: seen.see("b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.names == {"a", "b"}


if __name__ == "__main__":
    main()
