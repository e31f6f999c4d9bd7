"""The list is popped without looking; who finds nothing is told by an exception."""

import threading


class Stack:
    def __init__(self):
        self.items = [1, 2, 3]

    def take(self):
        try:
            return self.items.pop()
        except IndexError:
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
