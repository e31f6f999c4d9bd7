"""A counter of the class, updated by instances on two threads."""
# expect: fails race RC101 Widget.made
# switches: 0

import threading


class Widget:
    made = 0

    def __init__(self):
        Widget.made += 1


def test():
    threads = [threading.Thread(target=Widget) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
