"""The main thread updates a variable while the thread that it started may still run."""

import threading


class Progress:
    def __init__(self):
        self.steps = 0

    def advance(self):
        self.steps += 1  # expect: RC101 Progress.steps


def main():
    progress = Progress()
    thread = threading.Thread(target=progress.advance)
    thread.start()
    progress.advance()
    thread.join()


if __name__ == "__main__":
    main()
