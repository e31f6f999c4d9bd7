"""Tested and then used; what was there is replaced at most, never taken away."""

import threading


class Client:
    def __init__(self):
        self.session = "first"
        self.used = ""

    def send(self):
        if self.session is not None:
            self.used = self.session

    def renew(self):
        self.session = "second"


def main():
    client = Client()
    threads = [threading.Thread(target=client.send), threading.Thread(target=client.renew)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.used in ("first", "second")


if __name__ == "__main__":
    main()
