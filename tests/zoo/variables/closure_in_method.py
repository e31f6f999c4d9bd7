"""A closure over `self` is no copy of it."""

import threading


class Tally:
    def __init__(self):
        self.votes = 0

    def voter(self):
        def vote():
            self.votes += 1  # expect: RC101 Tally.votes

        return vote


def main():
    tally = Tally()
    threads = [threading.Thread(target=tally.voter()), threading.Thread(target=tally.voter())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
