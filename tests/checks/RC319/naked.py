"""Notifications about nothing."""
# option: min_confidence = possible

import threading


class Display:
    def __init__(self):
        self._redraw = threading.Condition()
        self._text = ""

    def show(self, text):
        self._text = text
        with self._redraw:
            self._redraw.notify()  # RC319

    def loop(self, screen):
        while True:
            with self._redraw:
                self._redraw.wait()
                text = self._text
            screen.draw(text)
