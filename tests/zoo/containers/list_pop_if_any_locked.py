"""The list is looked at and popped under one lock."""

import threading


class Stack:
    def __init__(self):
        self.lock = threading.Lock()
        self.items = [1, 2, 3]

    def take(self):
        with self.lock:
            if self.items:
                return self.items.pop()
        return None


def main():
    stack = Stack()
    threads = [threading.Thread(target=stack.take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stack.items == [1]


if __name__ == "__main__":
    main()
