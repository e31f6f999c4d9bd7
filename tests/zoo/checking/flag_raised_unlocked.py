"""As `flag_lowered_by_owner`, but two threads can both find the flag lowered."""

import threading


class Service:
    def __init__(self):
        self.stopping = False

    def stop(self):
        if self.stopping:  # expect: RC214 Service.stopping
            return
        self.stopping = True  # expect: RC214 Service.stopping
        try:
            self.release()
        finally:
            self.stopping = False

    def release(self):
        pass


def main():
    service = Service()
    threads = [threading.Thread(target=service.stop), threading.Thread(target=service.stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
