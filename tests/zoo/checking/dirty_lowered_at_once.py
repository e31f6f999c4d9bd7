"""The flag is lowered before saving: whoever raises it again meanwhile is heard the next time."""

import threading


class Document:
    def __init__(self):
        self.dirty = True

    def change(self):
        self.dirty = True

    def save(self):
        if self.dirty:
            self.dirty = False
            self.write()

    def write(self):
        pass


def main():
    document = Document()
    threads = [threading.Thread(target=document.change), threading.Thread(target=document.save)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
