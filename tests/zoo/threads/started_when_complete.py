"""A thread is started at the end of the constructor: all is there that it needs."""

import threading


class Service:
    def __init__(self):
        self.steps = 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        self.steps += 1


def main():
    service = Service()
    service.thread.join()
    service.steps += 1
    assert service.steps == 2


if __name__ == "__main__":
    main()
