"""Set before start(), or a message for a running thread."""

import threading
import time


class Sender(threading.Thread):
    retries = 1

    def __init__(self):
        super().__init__()
        self.ready = threading.Event()
        self.cancelled = False

    def run(self):
        self.ready.wait()
        print(self.address, self.retries)
        while not self.cancelled:
            time.sleep(0.1)


def send(address):
    sender = Sender()
    sender.daemon = True
    sender.start()
    sender.address = address
    sender.retries = 5
    sender.label = "for people only"
    sender.ready.set()
    time.sleep(1)
    sender.cancelled = True


def again(job):
    thread = threading.Thread(target=job)
    thread.start()
    thread.join()
    thread = threading.Thread(target=job)
    thread.daemon = True
    thread.start()


def either(job, wait):
    thread = threading.Thread(target=job)
    if wait:
        thread.start()
        thread.join()
    else:
        thread.daemon = True
        thread.start()


def careful(job):
    thread = threading.Thread(target=job)
    thread.start()
    try:
        thread.daemon = True
    except RuntimeError:
        print("it runs already")
