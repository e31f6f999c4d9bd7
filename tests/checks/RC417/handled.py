"""The call in between catches something, and an exception gets past task_done() all the same."""

import logging
import queue
import threading


class Worker:
    def __init__(self, client):
        self._client = client
        threading.Thread(target=self._consume, daemon=True).start()


class Some(Worker):
    def __init__(self, client):
        self._some = queue.Queue()
        super().__init__(client)

    def _consume(self):
        while True:
            record = self._some.get()  # RC417
            self._send(record)
            self._some.task_done()

    def _send(self, record):
        try:
            self._client.post(record)
        except OSError:
            logging.exception("not sent")

    def wait(self):
        self._some.join()


class Again(Worker):
    def __init__(self, client):
        self._again = queue.Queue()
        super().__init__(client)

    def _consume(self):
        while True:
            record = self._again.get()  # RC417
            self._send(record)
            self._again.task_done()

    def _send(self, record):
        try:
            self._client.post(record)
        except Exception:
            logging.exception("not sent")
            raise

    def wait(self):
        self._again.join()


class Before(Worker):
    def __init__(self, client):
        self._before = queue.Queue()
        super().__init__(client)

    def _consume(self):
        while True:
            record = self._before.get()  # RC417
            self._send(record)
            self._before.task_done()

    def _send(self, record):
        text = self._client.encode(record)
        try:
            self._client.post(text)
        except Exception:
            logging.exception("not sent")

    def wait(self):
        self._before.join()


class Handler(Worker):
    def __init__(self, client):
        self._handler = queue.Queue()
        super().__init__(client)

    def _consume(self):
        while True:
            record = self._handler.get()  # RC417
            self._send(record)
            self._handler.task_done()

    def _send(self, record):
        try:
            self._client.post(record)
        except Exception:
            self._client.post("again")

    def wait(self):
        self._handler.join()
