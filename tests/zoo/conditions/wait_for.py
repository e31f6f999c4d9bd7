"""`wait_for` looks at the predicate again and again."""

import threading


class Box:
    def __init__(self):
        self.changed = threading.Condition()
        self.item = None

    def put(self):
        with self.changed:
            self.item = "item"
            self.changed.notify_all()

    def take(self):
        with self.changed:
            self.changed.wait_for(lambda: self.item is not None)
            self.item += " taken"


def main():
    box = Box()
    threads = [threading.Thread(target=box.take), threading.Thread(target=box.put)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.item == "item taken"


if __name__ == "__main__":
    main()
