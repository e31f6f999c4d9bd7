"""The main thread touches the data before it waits for the flag."""

import threading
import time


class Server:
    def __init__(self):
        self.ready = False
        self.port = 0

    def serve(self):
        self.port += 1  # expect: RC101 Server.port
        self.ready = True


def main():
    server = Server()
    thread = threading.Thread(target=server.serve)
    thread.start()
    server.port += 1  # expect: RC101 Server.port
    while not server.ready:
        time.sleep(0.001)
    thread.join()


if __name__ == "__main__":
    main()
