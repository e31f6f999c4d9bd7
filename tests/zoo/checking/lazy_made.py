"""Made when first needed: both threads can find it missing and make it twice."""

import threading


class Service:
    def __init__(self):
        self.connection = None

    def get(self):
        if self.connection is None:  # expect: RC214 Service.connection
            self.connection = object()  # expect: RC214 Service.connection
        return self.connection


def main():
    service = Service()
    threads = [threading.Thread(target=service.get) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
