"""Something changes before the notification."""
# option: min_confidence = possible

import threading


class Display:
    def __init__(self, model):
        self._redraw = threading.Condition()
        self._texts = []
        self._rows = {}
        self._model = model
        self._version = 0

    def show(self, text):
        with self._redraw:
            self._texts.append(text)
            self._redraw.notify()

    def put(self, key, row):
        with self._redraw:
            self._rows[key] = row
            self._redraw.notify()

    def step(self):
        with self._redraw:
            self._version += 1
            self._redraw.notify_all()

    def refresh(self):
        with self._redraw:
            self._model.reload()
            self._redraw.notify_all()

    def forget(self, key):
        with self._redraw:
            del self._rows[key]
            self._redraw.notify_all()

    def change(self, key):
        with self._redraw:
            self._rows[key] = None
            self._tell()

    def _tell(self):
        self._redraw.notify_all()

    def hand_over(self):
        with self._redraw:
            self._redraw.notify_all()
            self._redraw.wait()
