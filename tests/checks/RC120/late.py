"""Given to the thread when it is already running."""

import multiprocessing
import threading


class Sender(threading.Thread):
    def run(self):
        self.connect()
        print(self.retries)

    def connect(self):
        print(self.address)


def send(address):
    sender = Sender()
    sender.start()
    sender.address = address  # RC120
    sender.retries = 3  # RC120
    sender.join()


def background(job):
    thread = threading.Thread(target=job)
    thread.start()
    thread.daemon = True  # RC120
    return thread


def old_style(job):
    thread = threading.Thread(target=job)
    thread.start()
    thread.setDaemon(True)  # RC120
    return thread


def child(job):
    process = multiprocessing.Process(target=job)
    process.start()
    process.daemon = True  # RC120
    process.join()
# also: RC419
