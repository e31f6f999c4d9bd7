"""What is done for a debug message only, and what is done beside it."""

import logging
import socket
import threading

log = logging.getLogger(__name__)


class Pool:
    def __init__(self):
        self._lock = threading.Lock()
        self._free = []

    def give(self, connection):
        with self._lock:
            self._free.append(connection)


class Guarded(Pool):
    def drop(self, host):
        with self._lock:
            if log.isEnabledFor(logging.DEBUG):
                log.debug("dropped %s", socket.getaddrinfo(host, 80))
            self._free.clear()


class Unguarded(Pool):
    """The argument is computed whether or not the message is written."""

    def drop(self, host):
        with self._lock:
            log.debug("dropped %s", socket.getaddrinfo(host, 80))  # RC311
            self._free.clear()


class Errors(Pool):
    def drop(self, host):
        with self._lock:
            if log.isEnabledFor(logging.ERROR):
                log.error("dropped %s", socket.getaddrinfo(host, 80))  # RC311
            self._free.clear()


class Behind(Pool):
    def drop(self, host):
        with self._lock:
            if log.isEnabledFor(logging.DEBUG):
                log.debug("dropped %s", host)
            socket.getaddrinfo(host, 80)  # RC311
            self._free.clear()
