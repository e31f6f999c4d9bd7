"""Two threads log: the locks of logging are its own business."""
# expect: passes
# switches: 0

import io
import logging
import threading


class Service:
    def __init__(self, log):
        self.log = log

    def run(self, name):
        self.log.warning("%s runs", name)
        self.log.warning("%s is done", name)


def test():
    stream = io.StringIO()
    log = logging.Logger("service")
    log.addHandler(logging.StreamHandler(stream))
    service = Service(log)
    threads = [threading.Thread(target=service.run, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stream.getvalue().splitlines()) == 4
