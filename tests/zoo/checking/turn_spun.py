"""Two threads pass a turn to and fro, and each waits in a loop while it is not its own."""

import threading


class Turns:
    def __init__(self):
        self.turn = 0
        self.taken = []

    def play(self, me):
        for _ in range(2):
            while self.turn != me:
                pass
            self.taken.append(me)
            self.turn = 1 - me


def main():
    turns = Turns()
    threads = [threading.Thread(target=turns.play, args=(me,)) for me in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert turns.taken == [0, 1, 0, 1]


if __name__ == "__main__":
    main()
