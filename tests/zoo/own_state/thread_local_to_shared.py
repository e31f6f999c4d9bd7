"""Each thread has its own attribute, but all of them lead to one object."""

import threading

mine = threading.local()


class Box:
    def __init__(self):
        self.count = 0


def work(box):
    mine.box = box
    mine.box.count += 1  # expect: RC101 Box.count


def main():
    box = Box()
    threads = [threading.Thread(target=work, args=(box,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
