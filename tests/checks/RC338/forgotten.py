"""Workers that can end without the wake-up."""

import queue
import threading


class Server(threading.Thread):
    def __init__(self, bind):
        super().__init__(daemon=True)
        self._bind = bind
        self._listening = threading.Event()
        self.address = None

    def run(self):
        self.address = self._bind()
        self._listening.set()  # RC338
        self.loop()

    def loop(self):
        while True:
            print(self.address)

    def wait_ready(self):
        self._listening.wait()
        return self.address


class Loader:
    def __init__(self, source):
        self._source = source
        self._loaded = threading.Event()
        self.rows = None

    def begin(self):
        threading.Thread(target=self._load).start()

    def _load(self):
        try:
            self.rows = self._source.read()
        except OSError:
            print("no rows")
            return
        self._loaded.set()  # RC338

    def get(self):
        self._loaded.wait()
        return self.rows


def first_answer(ask, question):
    answers = queue.Queue()

    def work():
        answers.put(ask(question))  # RC338

    threading.Thread(target=work).start()
    return answers.get()
