"""The main thread waits in a loop for a flag, and only then touches what the worker filled."""

import threading
import time


class Server:
    def __init__(self):
        self.ready = False
        self.port = 0

    def serve(self):
        self.port += 1
        self.ready = True


def main():
    server = Server()
    thread = threading.Thread(target=server.serve)
    thread.start()
    while not server.ready:
        time.sleep(0.001)
    server.port += 1
    thread.join()


if __name__ == "__main__":
    main()
