"""One read into a local variable, tested and used there."""

import threading


class Client:
    def __init__(self):
        self.session = "session"
        self.used = ""

    def send(self):
        session = self.session
        if session is not None:
            self.used = session.upper()

    def close(self):
        self.session = None


def main():
    client = Client()
    threads = [threading.Thread(target=client.send), threading.Thread(target=client.close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.used in ("", "SESSION")


if __name__ == "__main__":
    main()
