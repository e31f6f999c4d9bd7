"""Two threads take two locks in opposite order, and this time they meet."""
# hangs: unwatched

import threading


class Bank:
    def __init__(self):
        self.left = threading.Lock()
        self.right = threading.Lock()
        self.meet = threading.Barrier(2)

    def forth(self):
        with self.left:  # expect: RC309
            self.meet.wait()
            with self.right:  # expect: RC309
                pass

    def back(self):
        with self.right:  # expect: RC309
            self.meet.wait()
            with self.left:  # expect: RC309
                pass


def main():
    bank = Bank()
    threads = [threading.Thread(target=bank.forth), threading.Thread(target=bank.back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
