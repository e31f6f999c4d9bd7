"""run() in place of start()."""

import multiprocessing
import threading


class Backup(threading.Thread):
    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = folder

    def run(self):
        print("saving", self.folder)


class Keeper:
    def __init__(self, job):
        self._timer = threading.Timer(5.0, job)
        self._process = multiprocessing.Process(target=job)

    def arm(self):
        self._timer.run()  # RC401

    def fork(self):
        self._process.run()  # RC401


def save(folder):
    Backup(folder).run()  # RC401


def save_all(folders, job):
    for folder in folders:
        backup = Backup(folder)
        backup.run()  # RC401
    threading.Thread(target=job).run()  # RC401
