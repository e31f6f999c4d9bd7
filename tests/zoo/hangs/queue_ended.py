"""A consumer is told by a last item that there are no more."""

import queue
import threading


def consume(items, seen):
    while (item := items.get()) is not None:
        seen.append(item)


def main():
    items, seen = queue.Queue(), []
    thread = threading.Thread(target=consume, args=(items, seen))
    thread.start()
    items.put(1)
    items.put(2)
    items.put(None)
    thread.join()
    assert seen == [1, 2]


if __name__ == "__main__":
    main()
