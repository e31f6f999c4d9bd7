"""Handlers are looked through before a thread is started that drives the object."""

import threading


class Feed:
    def __init__(self, connection):
        self._lock = threading.Lock()
        self._connection = connection
        self.channels = {}

    def subscribe(self, name, handler):
        with self._lock:
            self._connection.send(name)
        self.channels[name] = handler

    def get_message(self):
        message = self._connection.read()
        if message.kind == "unsubscribe":
            self.channels.pop(message.channel, None)
        return message

    def run_in_thread(self):
        for channel, handler in self.channels.items():
            if handler is None:
                raise ValueError(f"{channel} has no handler")
        worker = FeedWorker(self)
        worker.start()
        return worker


class FeedWorker(threading.Thread):
    def __init__(self, feed):
        super().__init__()
        self._feed = feed

    def run(self):
        while True:
            self._feed.get_message()


class Notices:
    def __init__(self, connection):
        self._feed = Feed(connection)

    def get_message(self):
        return self._feed.get_message()

    def run_in_thread(self):
        self._check()
        worker = NoticesWorker(self)
        worker.start()
        return worker

    def _check(self):
        for channel, handler in self._feed.channels.items():
            if handler is None:
                raise ValueError(f"{channel} has no handler")


class NoticesWorker(threading.Thread):
    def __init__(self, notices):
        super().__init__()
        self._notices = notices

    def run(self):
        while True:
            self._notices.get_message()


class Client:
    def __init__(self, connection):
        self._lock = threading.Lock()
        self._connection = connection
        self._active = None

    def open(self):
        with self._lock:
            self._active = Feed(self._connection)

    def run_in_thread(self):
        return self._active.run_in_thread()
