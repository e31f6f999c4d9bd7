"""Made when first needed, by `or`: read, make, store."""

import threading


class Service:
    def __init__(self):
        self.connection = None

    def get(self):
        self.connection = self.connection or object()  # expect: RC101 Service.connection
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
