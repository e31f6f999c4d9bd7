"""A copied context still leads to the same object."""

import contextvars
import threading

current = contextvars.ContextVar("current")


class Box:
    def __init__(self):
        self.count = 0


def work():
    box = current.get()
    box.count += 1  # expect: RC101 Box.count


def main():
    current.set(Box())
    contexts = [contextvars.copy_context() for _ in range(2)]
    threads = [threading.Thread(target=context.run, args=(work,)) for context in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
