"""The same path, but each server has a service of its own."""

import threading


class Stats:
    def __init__(self):
        self.hits = 0


class Server:
    def __init__(self):
        self.stats = Stats()

    def handle(self):
        self.stats.hits += 1


def main():
    servers = [Server(), Server()]
    threads = [
        threading.Thread(target=servers[0].handle),
        threading.Thread(target=servers[1].handle),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [server.stats.hits for server in servers] == [1, 1]


if __name__ == "__main__":
    main()
