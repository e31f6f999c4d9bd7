"""The pool is shut down while a thread still wants to give it work."""
# expect: fails exception RuntimeError
# switches: 0

import threading
from concurrent.futures import ThreadPoolExecutor


class Sender:
    def __init__(self):
        self.pool = ThreadPoolExecutor(1)

    def send(self):
        self.pool.submit(len, "text")

    def close(self):
        self.pool.shutdown()


def test():
    sender = Sender()
    thread = threading.Thread(target=sender.send)
    thread.start()
    sender.close()
    thread.join()
