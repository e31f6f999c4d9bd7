"""Methods whose callers are known by the method's name only, and one of them holds no lock."""

import threading


class Session:
    def __init__(self):
        self.lock = threading.RLock()
        self.client = None


class Server:
    def __init__(self, session: Session):
        self.session = session

    def event(self, message):
        with self.session.lock:
            self.session.client.pass_on(message)

    def probe(self):
        self.session.client.pass_on("alive?")


class Client:
    def __init__(self, session: Session, send):
        self.session = session
        self._waiting = []
        self._send = send

    def pass_on(self, message):
        self._waiting.append(message)  # RC102

    def listen(self, stream):
        threading.Thread(target=self._listen, args=(stream,)).start()

    def _listen(self, stream):
        for message in stream:
            self.event(message)

    def event(self, message):
        with self.session.lock:
            for waiting in self._waiting:
                self._send(waiting)

    def finish(self, message):
        with self.session.lock:
            self._waiting = []
