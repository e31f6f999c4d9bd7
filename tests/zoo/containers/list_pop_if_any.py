"""The list is looked at and then popped: the last item can be gone in between."""

import threading


class Stack:
    def __init__(self):
        self.items = [1, 2, 3]

    def take(self):
        if self.items:  # expect: RC214 Stack.items
            return self.items.pop()  # expect: RC214 Stack.items
        return None


def main():
    stack = Stack()
    threads = [threading.Thread(target=stack.take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
