"""Blocking calls in coroutines."""

import asyncio
import queue
import socket
import subprocess
import threading
import time
import urllib.request

lines = queue.Queue()


async def fetch(url):
    with urllib.request.urlopen(url) as answer:  # RC501
        return answer.status


async def rows():
    while True:
        yield lines.get()  # RC501


class Tool:
    def __init__(self):
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        self.ready.set()

    async def wait(self):
        self.ready.wait(5.0)  # RC501
        self.thread.join()  # RC501

    async def call(self, command):
        if not command:
            time.sleep(0.5)  # RC501
        return subprocess.check_output(command)  # RC501

    async def connect(self, host):
        return socket.create_connection((host, 80))  # RC501


async def ask():
    name = input("name? ")  # RC501
    await asyncio.sleep(0)
    return name
