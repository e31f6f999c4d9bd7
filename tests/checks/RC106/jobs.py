"""Jobs that are objects of their own, and one object that several jobs share."""

from concurrent.futures import ThreadPoolExecutor


class Request:
    def __init__(self, text):
        self.text = text

    def call(self):
        self.text = shortened(self.text)


def shortened(text):
    return text[:-1]


def each(texts):
    with ThreadPoolExecutor() as pool:
        for text in texts:
            request = Request(text)
            pool.submit(request.call)


class Total:
    def __init__(self):
        self.text = ""

    def call(self):
        self.text = shortened(self.text)  # RC106


def together(texts):
    total = Total()
    with ThreadPoolExecutor() as pool:
        for _ in texts:
            pool.submit(total.call)


class Kept:
    def __init__(self):
        self.text = ""

    def call(self):
        self.text = shortened(self.text)  # RC106


def twice(texts):
    with ThreadPoolExecutor() as pool:
        for text in texts:
            kept = Kept()
            pool.submit(kept.call)
            pool.submit(kept.call)
