"""Each side sends only after it has got something; who starts is decided by a flag."""
# expect: fails deadlock
# switches: 1

import queue
import threading


class Talk:
    def __init__(self):
        self.to_left = queue.Queue()
        self.to_right = queue.Queue()
        self.begun = False

    def left(self):
        self.begun = True
        self.to_right.put("hello")
        self.to_left.get()

    def right(self):
        if self.begun:
            self.to_right.get()
            self.to_left.put("hello")


def test():
    talk = Talk()
    threads = [threading.Thread(target=talk.left), threading.Thread(target=talk.right)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
