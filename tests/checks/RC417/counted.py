"""Every item is counted, whatever happens."""

import logging
import queue
import threading


class Finally:
    def __init__(self):
        self.jobs = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            try:
                job = self.jobs.get(timeout=1)
            except queue.Empty:
                continue
            try:
                if job is None:
                    return
                job()
            except ValueError:
                logging.exception("bad job")
            finally:
                self.jobs.task_done()

    def flush(self):
        self.jobs.join()


class Handler:
    """In the body and in the handler."""

    def __init__(self):
        self.jobs = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            job = self.jobs.get()
            try:
                job()
                self.jobs.task_done()
            except Exception:
                self.jobs.task_done()

    def flush(self):
        self.jobs.join()


class AtOnce:
    """Counted before the work."""

    def __init__(self):
        self.jobs = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            job = self.jobs.get()
            self.jobs.task_done()
            job()

    def flush(self):
        self.jobs.join()


class JoinFirst:
    """The sentinel comes when join() is over."""

    def __init__(self):
        self.jobs = queue.Queue()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        while True:
            job = self.jobs.get()
            if job is None:
                break
            print(job)
            self.jobs.task_done()

    def close(self):
        self.jobs.join()
        self.jobs.put(None)
        self.thread.join()


class HandedOn:
    """The item is counted by the one who finishes it."""

    def __init__(self):
        self.jobs = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            self.dispatch(self.jobs.get())

    def dispatch(self, job):
        threading.Thread(target=self.finish, args=(job,)).start()

    def finish(self, job):
        try:
            job()
        finally:
            self.jobs.task_done()

    def flush(self):
        self.jobs.join()
