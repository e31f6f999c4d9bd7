"""The program has its own way to hear of exceptions in threads."""

import threading


def work(text):
    return int(text)


def main():
    heard = []
    before = threading.excepthook
    threading.excepthook = heard.append
    thread = threading.Thread(target=work, args=("no number",))
    thread.start()
    thread.join()
    threading.excepthook = before
    assert len(heard) == 1


if __name__ == "__main__":
    main()
