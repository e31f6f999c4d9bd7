"""The state lies two steps away: service.stats.hits."""

import threading


class Stats:
    def __init__(self):
        self.hits = 0


class Service:
    def __init__(self):
        self.stats = Stats()


class Server:
    def __init__(self):
        self.service = Service()

    def handle(self):
        self.service.stats.hits += 1  # expect: RC101 Stats.hits


def main():
    server = Server()
    threads = [threading.Thread(target=server.handle) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
