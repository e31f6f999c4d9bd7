"""A method of a thread's class that the thread calls, and somebody else as well."""

import threading


class Client(threading.Thread):
    def __init__(self, line):
        super().__init__(daemon=True)
        self._line = line
        self._open = []

    def run(self):
        for message in self._line:
            if message.closes:
                self.disconnect(message.channel)
            self._tell_all(message)

    def _tell_all(self, message):
        for channel in self._open:  # RC115
            channel.tell(message)

    def connect(self, channel):
        self._open.append(channel)

    def disconnect(self, channel):
        self._open.remove(channel)


def main(line):
    client = Client(line)
    client.start()
    client.connect(line.first)
    client.disconnect(line.first)
