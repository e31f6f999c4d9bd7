"""A timer moves a number on that the function around it sets to stop it."""

import threading


class Downloader:
    def download(self, socket, source):
        lock = threading.Lock()
        state = [None, 1]

        def heartbeat():
            if state[1] < 0:  # RC214
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
            state[1] = -1
            with lock:
                state[0].cancel()
