"""Parts of objects that different classes have each for themselves, and a part that two share."""

import threading


class Cursor:
    def __init__(self):
        self.x = 0

    def right(self):
        self.x += self.step()

    def left(self):
        self.x -= self.step()

    def step(self):
        return len(str(self.x))


class Terminal:
    def __init__(self):
        self.cursor = Cursor()

    def write(self, text):
        if text:
            self.cursor.right()
        else:
            self.cursor.left()


class Wrapped:
    def __init__(self, source):
        self._source = source
        self._terminal = Terminal()
        threading.Thread(target=self._copy, daemon=True).start()

    def _copy(self):
        for text in self._source:
            self._terminal.write(text)


class Piped:
    def __init__(self, source):
        self._source = source
        self._terminal = Terminal()
        threading.Thread(target=self._relay, daemon=True).start()

    def _relay(self):
        for text in self._source:
            self._terminal.write(text)


class Pen:
    def __init__(self):
        self.x = 0

    def right(self):
        self.x += self.step()  # RC106

    def left(self):
        self.x -= self.step()  # RC106

    def step(self):
        return len(str(self.x))


class Board:
    def __init__(self, source):
        self._source = source
        self._pen = Pen()
        threading.Thread(target=self._write, daemon=True).start()
        threading.Thread(target=self._wipe, daemon=True).start()

    def _write(self):
        for _ in self._source:
            self._pen.right()

    def _wipe(self):
        for _ in self._source:
            self._pen.left()
