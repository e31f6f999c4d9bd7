"""The list is made before there is a timer, and nobody else changes the count."""

import threading


class Downloader:
    def download(self, socket, source):
        lock = threading.Lock()
        state = [None, 1]

        def heartbeat():
            if state[1] > 100:
                return
            state[1] += 1
            socket.send(state[1])
            with lock:
                state[0] = threading.Timer(30, heartbeat)
                state[0].start()

        heartbeat()
        try:
            return source.download()
        finally:
            with lock:
                state[0].cancel()
