"""A thread that makes an object shares it with the thread that the object starts."""

import threading


class Session:
    def __init__(self, number):
        self.number = number
        self.sent = 0

    def begin(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        while True:
            self.sent = grown(self.sent)  # RC106

    def send(self):
        self.sent = grown(self.sent)  # RC106


def grown(number):
    return number + 1


def serve(number):
    session = Session(number)
    session.begin()
    session.send()


def main():
    for number in range(4):
        threading.Thread(target=serve, args=(number,)).start()
