"""A consumer waits for one item more than there are."""
# hangs: unwatched

import queue
import threading


def consume(items):
    for _ in range(3):
        items.get()  # expect: RC440


def main():
    items = queue.Queue()
    thread = threading.Thread(target=consume, args=(items,))
    thread.start()
    items.put(1)
    items.put(2)
    thread.join()  # expect: RC440


if __name__ == "__main__":
    main()
