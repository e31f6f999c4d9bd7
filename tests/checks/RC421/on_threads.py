"""Signal handlers installed where it is not allowed."""

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor


def ignore():
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # RC421


class Server:
    def __init__(self, port):
        self.port = port
        self.loop = None

    def start(self):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        self.loop = asyncio.new_event_loop()
        self.loop.add_signal_handler(signal.SIGTERM, self.loop.stop)  # RC421
        self.loop.run_forever()


class Client:
    """A library class: it may be made on any thread."""

    def __init__(self):
        self.closed = False
        self.previous = signal.signal(signal.SIGINT, self.on_signal)  # RC421

    def on_signal(self, number, frame):
        self.closed = True
        if callable(self.previous):
            self.previous(number, frame)


def jobs():
    with ThreadPoolExecutor(2) as pool:
        print(pool.submit(ignore).result())
