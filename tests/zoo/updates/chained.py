"""An update that is stored under two names at once."""

import threading


class Ticket:
    def __init__(self):
        self.last = 0

    def draw(self):
        mine = self.last = self.last + 1  # expect: RC101 Ticket.last
        return mine


def main():
    ticket = Ticket()
    threads = [threading.Thread(target=ticket.draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
