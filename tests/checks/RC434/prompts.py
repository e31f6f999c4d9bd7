"""The terminal read on threads, in children, in handlers."""

import getpass
import multiprocessing
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Login:
    def __init__(self):
        self.token = ""

    def start(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        while not self.token:
            self._try()

    def _try(self):
        self.token = self._ask("token: ")

    def _ask(self, prompt):
        return getpass.getpass(prompt)  # RC434


def command_loop(handlers):
    while True:
        line = sys.stdin.readline()  # RC434
        if not line:
            return
        handlers[line.strip()]()


def start_console(handlers):
    threading.Thread(target=command_loop, args=(handlers,), daemon=True).start()


def question(text):
    return input(text)  # RC434


def ask_all(texts):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(question, texts))


def child():
    name = input("name: ")  # RC434
    print(name)


def fork():
    process = multiprocessing.Process(target=child)
    process.start()
    process.join()


class Approve(BaseHTTPRequestHandler):
    def do_GET(self):
        if input("allow? ") == "y":  # RC434
            self.send_response(200)


def serve():
    ThreadingHTTPServer(("", 8000), Approve).serve_forever()


def later():
    timer = threading.Timer(3.0, lambda: print(input("still there? ")))  # RC434
    timer.start()


def names(pool):
    """The builtin itself runs on the thread."""
    threading.Thread(target=input, args=("name: ",)).start()  # RC434


def lines(jobs):
    for line in iter(sys.stdin.readline, ""):  # RC434
        jobs.put(line)


def numbers(jobs):
    for number, line in enumerate(sys.stdin):  # RC434
        jobs.put((number, line))


def start_readers(jobs):
    threading.Thread(target=lines, args=(jobs,), daemon=True).start()
    threading.Thread(target=numbers, args=(jobs,), daemon=True).start()
