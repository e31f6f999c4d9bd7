"""A listener that a thread calls, and somebody else as well."""

import threading


class Controller:
    def __init__(self, client: "Client"):
        self._client = client

    def receive(self, message):
        if message.closes:
            self._client.disconnect(message.channel)


class Client(threading.Thread):
    def __init__(self, line):
        super().__init__(daemon=True)
        self._line = line
        self._open = []
        self._handlers = {}

    def run(self):
        for message in self._line:
            self._handlers[message.kind].receive(message)
        for channel in list(self._open):
            self.disconnect(channel)

    def inject(self, message):
        self._handlers[message.kind].receive(message)

    def connect(self, channel):
        self._open.append(channel)

    def disconnect(self, channel):
        if channel in self._open:  # RC202
            channel.bye()
            self._open.remove(channel)


def main(line):
    client = Client(line)
    client.start()
    client.connect(line.first)
