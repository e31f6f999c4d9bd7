"""Threads that reach their own join()."""

import threading
import time


class Session:
    """Two calls below the target, in a handler."""

    def __init__(self, socket):
        self.socket = socket
        self._receiver = None

    def open(self):
        self._receiver = threading.Thread(target=self._receive, daemon=True)
        self._receiver.start()

    def _receive(self):
        try:
            while data := self.socket.recv(10):
                print(data)
        finally:
            self._finish()

    def _finish(self):
        print("connection lost")
        self.shutdown()

    def shutdown(self):
        self.socket.close()
        self._receiver.join(1.0)  # RC430


class Countdown(threading.Thread):
    def __init__(self, number):
        super().__init__()
        self.number = number

    def run(self):
        while self.number:
            time.sleep(1)
            self.step()

    def step(self):
        self.number -= 1
        if not self.number:
            self.stop()

    def stop(self):
        self.join()  # RC430
