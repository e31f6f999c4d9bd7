"""Two attributes change places, each taking the value of the other."""

import threading


class Pair:
    def __init__(self):
        self.a = "a"
        self.b = "b"

    def flip(self):
        self.a, self.b = self.b, self.a  # expect: RC101 Pair.a, RC101 Pair.b


def main():
    pair = Pair()
    threads = [threading.Thread(target=pair.flip) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
