"""Workers that can end without the wake-up."""

import concurrent.futures
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


class Counter:
    """The condition is notified at the end only."""

    def __init__(self, rows):
        self._rows = rows
        self._cond = threading.Condition()
        self._total = None

    def start(self):
        threading.Thread(target=self._count).start()

    def _count(self):
        total = sum_of(self._rows)
        with self._cond:
            self._total = total
            self._cond.notify_all()  # RC338

    def total(self):
        with self._cond:
            while self._total is None:
                self._cond.wait()
            return self._total


def sum_of(rows):
    if not rows:
        raise ValueError("no rows")
    return sum(rows)


class Importer:
    """The error is logged where it happens, and the waiter forgotten."""

    def __init__(self, source):
        self._source = source
        self._finished = threading.Event()

    def start(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        print("importing")
        self._import()

    def _import(self):
        try:
            self._source.load()
            self._finished.set()  # RC338
        except OSError as error:
            print("not imported:", error)

    def wait(self):
        self._finished.wait()


def in_background(job):
    answer = concurrent.futures.Future()

    def run():
        answer.set_result(job())  # RC338

    threading.Thread(target=run).start()
    return answer
