"""The main thread installs them, or asks first."""

import signal
import threading


def on_main_thread():
    return threading.current_thread() is threading.main_thread()


def install(handler):
    if not on_main_thread():
        return
    signal.signal(signal.SIGTERM, handler)


def optional(handler):
    try:
        signal.signal(signal.SIGTERM, handler)
    except ValueError:
        print("not on the main thread")


class Server:
    def __init__(self, handle_signals):
        self.stopped = threading.Event()
        if handle_signals:
            signal.signal(signal.SIGINT, self.on_signal)

    def on_signal(self, number, frame):
        self.stopped.set()

    def run(self):
        install(self.on_signal)
        optional(self.on_signal)
        print(signal.getsignal(signal.SIGINT))

    def start(self):
        threading.Thread(target=self.run).start()


def main():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Server(True).start()


if __name__ == "__main__":
    main()
