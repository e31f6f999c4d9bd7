"""One token goes round through a queue: who has it may work."""

import queue
import threading


class Counter:
    def __init__(self):
        self.tokens = queue.Queue()
        self.tokens.put("token")
        self.value = 0

    def add(self):
        token = self.tokens.get()
        self.value += 1
        self.tokens.put(token)


def main():
    counter = Counter()
    threads = [threading.Thread(target=counter.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == 2


if __name__ == "__main__":
    main()
