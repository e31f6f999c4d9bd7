"""The main thread sleeps and looks, until the worker has set the flag."""
# expect: passes
# switches: 0

import threading
import time


class Server:
    def __init__(self):
        self.ready = False
        self.port = 0

    def serve(self):
        self.port += 80
        self.ready = True


def test():
    server = Server()
    thread = threading.Thread(target=server.serve)
    thread.start()
    while not server.ready:
        time.sleep(0.01)
    server.port += 1
    thread.join()
    assert server.port == 81
