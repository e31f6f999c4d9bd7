"""Threads without work."""

import multiprocessing
import threading
from threading import Thread


def job():
    print("working")


class Poller(Thread):
    """The method is not called run."""

    def __init__(self, interval):
        Thread.__init__(self, daemon=True)
        self.interval = interval

    def poll(self):
        print(self.interval)


def main():
    first = Thread(job)  # RC403
    first.start()
    second = multiprocessing.Process(job)  # RC403
    second.start()
    third = threading.Thread(name="third")  # RC403
    third.start()
    Poller(3.0).start()  # RC403
